package org.ringslice.node.talk;

import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * General messages to all, by delegation of arcs: who is in charge of an arc takes the message in,
 * and puts a few nodes of that arc in charge of a part each. Nobody is told by two, so N nodes take
 * N - 1 requests; and as each part is at most half of what is left, also where only neighbours and
 * fingers are known, the last is told after O(log N) steps. El-Ansary, Alima, Brand, Haridi,
 * "Efficient Broadcast in Structured P2P Networks", IPTPS 2003, section 4.
 *
 * <p>For nothing that must be certain: who dies while it is in charge takes those of its arc with
 * it whom it has not told, unless it had not acknowledged yet.
 */
public final class Broadcasting {
  static final String TOO_FAST = "too many messages come at a time; send them more slowly";

  /** For a node to acknowledge. A guess: some times what a dial takes. */
  static final long TIMEOUT_NANOS = 500_000_000L;

  /** Requests to a node that does not answer: for longer than a dial may hang (2 s). */
  static final int ASKS_MAX = 6;

  /** Nodes in a row that do not answer; past that those behind them are given up. A guess. */
  static final int PASSED_OVER_MAX = 8;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final SeenGuids seen;
  private final Inbox inbox;

  public Broadcasting(
      Self self, View view, Timers timers, Links links, SeenGuids seen, Inbox inbox) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.seen = seen;
    this.inbox = inbox;
  }

  public void onBroadcast(Inquiry inquiry, Message.Broadcast request, Turn turn) {
    if (!seen.has(request.guid())) {
      if (!seen.note(request.guid(), turn.now())) {
        inquiry.refuse(ErrorCode.BUSY, TOO_FAST, turn);
        return;
      }
      take(request, Messaging.origin(inquiry, self.id()), turn);
    }
    inquiry.answer(new Message.Heard(), turn);
  }

  private void take(Message.Broadcast request, Header origin, Turn turn) {
    if (request.arc().contains(self.id())) {
      inbox.add(request.guid(), origin.requestor(), true, request.text(), turn);
    }
    for (Delegation part : Delegation.by(self.id(), request.arc(), view.present())) {
      new Charge(request, origin, part, 0).give(turn);
    }
  }

  /**
   * Puts the first node of a part in charge of it. When that does not answer, the next one is put
   * in charge of the others, and the first is asked again for itself alone.
   */
  private final class Charge implements Asker {
    private final Message.Broadcast broadcast;
    private final Header origin;
    private final int passedOver;
    private Delegation part;
    private int asks;

    Charge(Message.Broadcast broadcast, Header origin, Delegation part, int passedOver) {
      this.broadcast = broadcast;
      this.origin = origin;
      this.part = part;
      this.passedOver = passedOver;
    }

    void give(Turn turn) {
      asks++;
      Message.Broadcast onward =
          new Message.Broadcast(broadcast.guid(), part.arc(), broadcast.text());
      links.pass(part.first(), onward, origin, TIMEOUT_NANOS, this, turn);
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {}

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (passedOver < PASSED_OVER_MAX) {
        part.withoutFirst(self.id(), view.present())
            .ifPresent(rest -> new Charge(broadcast, origin, rest, passedOver + 1).give(turn));
      }
      part = part.firstAlone();
      if (asks < ASKS_MAX && view.present().contains(peer)) {
        boolean waited = failure.code() == ErrorCode.TIMED_OUT;
        timers.after(waited ? 0 : TIMEOUT_NANOS, turn, this::give);
      }
    }
  }
}
