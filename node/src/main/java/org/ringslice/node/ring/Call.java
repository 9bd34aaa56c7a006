package org.ringslice.node.ring;

import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/** One request to one peer, from the asking to its answer, over as many links as that takes. */
final class Call {
  /** First pause after BUSY; it doubles up to {@link #PAUSE_NANOS_MAX}. A guess. */
  private static final long PAUSE_NANOS_MIN = 10_000_000;

  private static final long PAUSE_NANOS_MAX = 500_000_000;

  final Id peer;
  final Lane lane;
  final Message.Request request;

  /** Requestor, target and hops; the processing id is that of the link. */
  private final Header origin;

  /**
   * What the call takes of the credit: the payload that it carries and that which it is to bring.
   */
  final long costBytes;

  private final Asker asker;

  /** Number on the link that it was sent on last. */
  long processingId;

  /** On which link it was lost before; every request may be repeated, but not for ever. */
  int losses;

  /** When it was begun; what came from the peer since shows that it lives. */
  long beganAtNanos;

  Timers.Handle deadline;
  private long pauseNanos = PAUSE_NANOS_MIN;

  /**
   * @param origin whose requestor, target and hops the request bears
   */
  Call(Id peer, Message.Request request, Header origin, long replyBytes, Asker asker) {
    this.peer = peer;
    this.lane = request.type().lane();
    this.request = request;
    this.origin = origin;
    this.asker = asker;
    long cost = replyBytes;
    for (Entry entry : request.payload()) {
      cost += entry.bytes().size();
    }
    costBytes = cost;
  }

  Envelope envelope() {
    Header header =
        new Header(processingId, origin.form(), origin.requestor(), origin.target(), origin.hops());
    return new Envelope(header, request);
  }

  long nextPauseNanos() {
    long pause = pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    return pause;
  }

  void answered(Message.Answer answer, Turn turn) {
    asker.answered(peer, answer, turn);
  }

  void failed(Message.Failure failure, Turn turn) {
    asker.failed(peer, failure, turn);
  }

  void failed(ErrorCode code, String sentence, Turn turn) {
    failed(Message.Failure.of(request, code, sentence), turn);
  }
}
