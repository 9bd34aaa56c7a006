package org.ringslice.node.talk;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;

/**
 * The general messages that came to this node, the latest ones, in memory alone. Whoever asks for
 * more than there are is answered when one comes, or with none when patience is over. Invariant:
 * the sequences of what is kept have no gap, and the last is {@link #last}.
 */
public final class Inbox {
  /** Messages kept; past that the oldest is forgotten. With the longest texts, 4 MB. */
  static final int KEPT_MAX = 1_000;

  /** For a message to come. A guess: longer than most connections may be silent. */
  static final long PATIENCE_NANOS = 10_000_000_000L;

  /** Questions that wait for a message; past that the oldest is answered with none. */
  static final int PARKED_MAX = 1_024;

  private record Parked(Inquiry inquiry, long after, Timers.Handle deadline) {}

  private final Self self;
  private final Timers timers;
  private final ArrayDeque<Message.Received> kept = new ArrayDeque<>();
  private final TreeMap<Long, Parked> parked = new TreeMap<>();
  private long last;
  private long nextTicket;

  public Inbox(Self self, Timers timers) {
    this.self = self;
    this.timers = timers;
  }

  /** A message has come that did not come before. */
  void add(Guid guid, Id from, boolean toAll, String text, Turn turn) {
    last++;
    kept.add(new Message.Received(last, guid, from, toAll, text));
    if (kept.size() > KEPT_MAX) {
      kept.remove();
    }
    for (long ticket : List.copyOf(parked.keySet())) {
      release(ticket, turn);
    }
  }

  public void onGetInbox(Inquiry inquiry, Message.GetInbox request, Turn turn) {
    // what was told in another life of this node says nothing of this one
    boolean goesOn = request.session() == self.session();
    long after = goesOn && Long.compareUnsigned(request.after(), last) <= 0 ? request.after() : 0;
    if (request.waits() && after == last) {
      park(inquiry, after, turn);
    } else {
      answer(inquiry, after, turn);
    }
  }

  private void park(Inquiry inquiry, long after, Turn turn) {
    long ticket = nextTicket++;
    Timers.Handle deadline = timers.after(PATIENCE_NANOS, turn, later -> release(ticket, later));
    parked.put(ticket, new Parked(inquiry, after, deadline));
    if (parked.size() > PARKED_MAX) {
      release(parked.firstKey(), turn);
    }
  }

  private void release(long ticket, Turn turn) {
    Parked waiter = parked.remove(ticket);
    timers.cancel(waiter.deadline());
    answer(waiter.inquiry(), waiter.after(), turn);
  }

  private void answer(Inquiry inquiry, long after, Turn turn) {
    List<Message.Received> page =
        kept.stream()
            .filter(message -> message.sequence() > after)
            .limit(Limits.INBOX_MAX)
            .toList();
    long next = page.isEmpty() ? after : page.get(page.size() - 1).sequence();
    inquiry.answer(new Message.InboxIs(self.session(), next, page), turn);
  }
}
