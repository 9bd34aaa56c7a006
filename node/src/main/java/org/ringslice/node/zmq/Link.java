package org.ringslice.node.zmq;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;

/**
 * One connection under a number, from its dialling or its first message to its end; never a second
 * one.
 *
 * <p>The loop thread asks {@link #hasRoom} and counts in with {@link #queued}; the worker counts
 * out. The waiting parcels and the state are the worker's alone.
 */
final class Link {
  /**
   * Messages sent on a link and not yet taken by ZeroMQ. Past it the link is lost: its far side
   * reads too slowly. A guess: more than any window of credit that a node gives.
   */
  static final int QUEUED_MESSAGES_MAX = 8192;

  /** Bytes of them: 16 of the largest messages. */
  static final long QUEUED_BYTES_MAX = 16L * Limits.BATCH_BYTES_MAX;

  /** What has become of a link, as the worker sees it. */
  enum State {
    /** Not connected yet; what is sent waits. */
    DIALLING,
    UP,
    /** Closed here: what was sent before still goes out, what comes in is dropped. */
    CLOSING,
    /** Ended, and its end told where it was not wanted here. */
    GONE
  }

  final long number;
  final Lane lane;

  private final AtomicInteger queuedMessages = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** Set by the loop thread: from then on nothing that comes is passed on. */
  volatile boolean closedHere;

  // the worker's
  final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
  State state;
  Port port;
  Bytes routingId;
  Connection connection;
  InprocPort.Call call;
  boolean blocked;
  int failedGreetings;
  int retries;

  Link(long number, Lane lane, State state) {
    this.number = number;
    this.lane = lane;
    this.state = state;
  }

  boolean hasRoom() {
    return queuedMessages.get() < QUEUED_MESSAGES_MAX && queuedBytes.get() < QUEUED_BYTES_MAX;
  }

  /**
   * Counts a message in, by its payload, which is all that is known of its size before it is
   * encoded.
   */
  void queued(Envelope envelope) {
    queuedMessages.incrementAndGet();
    queuedBytes.addAndGet(payloadBytes(envelope));
  }

  /** Corrects the size of a message once it is encoded. */
  void encoded(Envelope envelope, Parcel parcel) {
    queuedBytes.addAndGet(parcel.sizeBytes() - payloadBytes(envelope));
  }

  /** Counts a message out. */
  void taken(Parcel parcel) {
    queuedMessages.decrementAndGet();
    queuedBytes.addAndGet(-parcel.sizeBytes());
  }

  private static long payloadBytes(Envelope envelope) {
    long bytes = 0;
    for (Entry entry : envelope.message().payload()) {
      bytes += entry.bytes().size();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "link " + number + " " + lane + " " + state;
  }
}
