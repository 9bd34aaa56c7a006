package org.ringslice.node.zmq;

import java.util.ArrayDeque;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Envelope;

/**
 * What waits to go out on the links of a worker. Each link keeps its order; one whose pipe is full
 * is set aside and tried again, and holds up no other. Belongs to its worker's thread.
 */
final class Outbox {
  /** A full pipe is tried again after this time, should ZeroMQ's word of its room be missed. */
  static final long RETRY_NANOS = 1_000_000;

  private final Encoder encoder = new Encoder();
  private final ArrayDeque<Link> blocked = new ArrayDeque<>();
  private final SocketWorker worker;
  private long triedNanos;

  Outbox(SocketWorker worker) {
    this.worker = worker;
    this.triedNanos = worker.nowNanos();
  }

  boolean anyBlocked() {
    return !blocked.isEmpty();
  }

  void send(Link link, Envelope envelope) {
    if (link.state == Link.State.GONE) {
      return;
    }
    Parcel parcel = Parcel.of(encoder.encode(envelope));
    link.encoded(envelope, parcel);
    link.waiting.add(parcel);
    if (!link.blocked) {
      sendWaiting(link);
    }
  }

  /** Hands over what waits on a link, in order, as far as ZeroMQ takes it. */
  void sendWaiting(Link link) {
    if (link.port == null) {
      return;
    }
    worker.touched(link.port);
    Parcel parcel;
    while ((parcel = link.waiting.peek()) != null) {
      Port.Outcome outcome = link.port.send(link, parcel);
      if (outcome == Port.Outcome.FULL) {
        link.blocked = true;
        blocked.add(link);
        return;
      }
      link.waiting.poll();
      link.taken(parcel);
      if (outcome == Port.Outcome.GONE) {
        worker.lose(link, "the connection has ended");
        return;
      }
      worker.counters().messagesOut.increment();
      worker.counters().bytesOut.add(parcel.sizeBytes());
    }
    if (link.state == Link.State.CLOSING) {
      worker.finishClosing(link);
    }
  }

  /**
   * Tries the full pipes again.
   *
   * @param news whether a port has news, which may be that there is room
   * @return whether something went
   */
  boolean sendBlocked(boolean news) {
    if (blocked.isEmpty() || (!news && worker.nowNanos() - triedNanos < RETRY_NANOS)) {
      return false;
    }
    triedNanos = worker.nowNanos();
    boolean went = false;
    for (int left = blocked.size(); left > 0; left--) {
      Link link = blocked.poll();
      link.blocked = false;
      int before = link.waiting.size();
      if (link.state != Link.State.GONE) {
        sendWaiting(link);
      }
      went |= link.waiting.size() < before;
    }
    return went;
  }
}
