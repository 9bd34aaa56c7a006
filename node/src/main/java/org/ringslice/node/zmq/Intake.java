package org.ringslice.node.zmq;

import org.ringslice.messages.Decoder;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Message;
import org.ringslice.messages.ProtocolException;

/**
 * Makes messages of frames, verifies their payload and counts them. Belongs to its worker's thread.
 */
final class Intake {
  private final Decoder decoder = new Decoder();
  private final Counters counters;

  Intake(Counters counters) {
    this.counters = counters;
  }

  /** The message in these frames; null when there is none of ours. */
  Envelope read(Frames frames) {
    Envelope envelope = decode(frames);
    if (envelope == null) {
      counters.dropped.increment();
      return null;
    }
    counters.messagesIn.increment();
    counters.bytesIn.add(frames.sizeBytes());
    if (envelope.message() instanceof Message.Unreadable) {
      counters.unreadable.increment();
    }
    for (Entry entry : envelope.message().payload()) {
      // hashed here and remembered, so that the loop thread need not; it decides what to do about
      // it
      boolean unused = entry.isGenuine();
    }
    return envelope;
  }

  private Envelope decode(Frames frames) {
    if (frames == null) {
      return null;
    }
    try {
      return decoder.decode(frames);
    } catch (ProtocolException e) {
      return null;
    }
  }
}
