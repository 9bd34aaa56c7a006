package org.ringslice.node.sim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ringslice.messages.Frames;
import org.ringslice.node.event.Event;

/**
 * What happened, as one number: SHA-256 over every event that a node handled, with its moment, its
 * node and its {@link Imprint}. Two runs with the same hash did the same.
 */
final class Trace {
  private final MessageDigest digest = newDigest();
  private final Imprint imprint = new Imprint(digest);
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
    imprint.put(atNanos, host, event, frames);
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
    imprint.flush();
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform must have SHA-256", e);
    }
  }
}
