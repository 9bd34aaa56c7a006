package org.ringslice.node.sim;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Frames;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;

/**
 * What happened, as one number: SHA-256 over every event that a node handled, with its moment, its
 * node and, for a message, all of its bytes. Two runs with the same hash did the same.
 */
final class Trace {
  private static final int RECORD_BYTES = 2 * Long.BYTES + Integer.BYTES + 1;

  private final MessageDigest digest = newDigest();
  private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
  private long events;
  private long messages;
  private long bytes;

  /**
   * Notes an event that a node is about to handle.
   *
   * @param frames of the message that arrived over the network, else null
   */
  void note(long atNanos, int host, Event event, Frames frames) {
    events++;
    record.clear();
    record.putLong(atNanos).putInt(host).put((byte) kind(event)).putLong(detail(event));
    digest.update(record.array());
    if (frames != null) {
      digest.update(frames.header().unsafeArray());
      digest.update(frames.body().unsafeArray());
      for (Bytes payload : frames.payload()) {
        digest.update(payload.unsafeArray());
      }
    }
  }

  /** Counts a message that is on its way over the network. */
  void sent(Frames frames) {
    messages++;
    bytes += frames.sizeBytes();
  }

  long events() {
    return events;
  }

  long messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** The hash in hex; the last call of all. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What an event is, as a number that is the same in each run. */
  private static int kind(Event event) {
    if (event instanceof Event.Arrived) {
      return 1;
    } else if (event instanceof Event.TimerFired) {
      return 2;
    } else if (event instanceof Event.Kept) {
      return 3;
    } else if (event instanceof Event.Loaded) {
      return 4;
    } else if (event instanceof Event.LoadedAll) {
      return 11;
    } else if (event instanceof Event.Looked) {
      return 5;
    } else if (event instanceof Event.Scanned) {
      return 6;
    } else if (event instanceof Event.LinkLost) {
      return 7;
    } else if (event instanceof Event.Sighted) {
      return 8;
    } else if (event instanceof Event.Amended) {
      return 12;
    }
    return event instanceof Event.Started ? 9 : 10;
  }

  private static long detail(Event event) {
    if (event instanceof Event.Arrived arrived) {
      return arrived.link();
    } else if (event instanceof Event.LinkLost lost) {
      return lost.link();
    } else if (event instanceof Event.Kept kept) {
      return kept.ticket();
    } else if (event instanceof Event.Loaded loaded) {
      return loaded.ticket();
    } else if (event instanceof Event.LoadedAll loaded) {
      return loaded.ticket();
    } else if (event instanceof Event.Looked looked) {
      return looked.ticket();
    } else if (event instanceof Event.Scanned scanned) {
      return scanned.ticket();
    } else if (event instanceof Event.Amended amended) {
      return amended.changes().stream().mapToLong(Change::sequence).sum();
    }
    return 0;
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform must have SHA-256", e);
    }
  }
}
