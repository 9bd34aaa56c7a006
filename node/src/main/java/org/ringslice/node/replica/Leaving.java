package org.ringslice.node.replica;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.HandedOver;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.items.Storing;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Membership;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Summary;

/**
 * Takes this node off the ring without a copy less than there should be.
 *
 * <p>First the node is LEAVING: it is read from and stored to as before, but is none of those who
 * are to hold, so that the {@link Updater}s bring what lies here to those who take its place. When
 * all of it was proved to be with all of them, and they have read it, the node is closed: it takes
 * no more stores, and waits for those that it is at. What came meanwhile is proved too, and then it
 * stops.
 *
 * <p>So nothing is lost. A receipt counts a copy here only if it was durable here, and whatever was
 * durable here before the last proof is with all holders by the view of that proof; after it
 * nothing is taken. A store that finds this node closed goes on without it, and counts it nowhere.
 */
public final class Leaving {
  /** After which a question is answered with how far it has come. */
  static final long POLL_NANOS = 1_000_000_000L;

  /**
   * Who was told that it is not over yet asks again within this, and must still find somebody. A
   * guess: a client does so at once.
   */
  static final long ASKS_AGAIN_NANOS = 3_000_000_000L;

  /** Before the first attempt: others bring most of it meanwhile. As {@link Updater}s wait. */
  private static final long FIRST_NANOS = 2 * Updater.SETTLE_NANOS;

  /** Between two attempts; it doubles up to {@link #AGAIN_NANOS_MAX}. A guess. */
  private static final long AGAIN_NANOS_MIN = 100_000_000L;

  private static final long AGAIN_NANOS_MAX = 2_000_000_000L;

  /** Attempts in which nothing came nearer, after which what others were to give is given here. */
  private static final int STALLED_MAX = 3;

  /** Questions that wait for the end; one more is answered at once. A guess. */
  private static final int ASKERS_MAX = 64;

  private enum Phase {
    STAYS,
    /** Takes stores still. */
    OPEN,
    CLOSED,
    /** All is confirmed; whoever asks is told, and then it stops. */
    DONE
  }

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Membership membership;
  private final Shelf shelf;
  private final Storing storing;
  private final Updater updater;

  private Phase phase = Phase.STAYS;
  private final List<Inquiry> askers = new ArrayList<>();
  private long toldAtNanos;
  private boolean told;
  private final Confirmations confirmations;
  private final ReadingRound reading;
  private Attempt attempt;
  private Timers.Handle next;
  private long pauseNanos = AGAIN_NANOS_MIN;
  private long toGo;
  private String why = "";
  private long lastDeferred;
  private int stalled;
  private List<HandedOver> handedOver = List.of();

  public Leaving(
      Self self,
      View view,
      Timers timers,
      Membership membership,
      Links links,
      Shelf shelf,
      Storing storing,
      Updater updater) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.membership = membership;
    this.shelf = shelf;
    this.storing = storing;
    this.updater = updater;
    confirmations = new Confirmations(view);
    reading = new ReadingRound(self.id(), shelf, updater, links);
  }

  public void onLeave(Inquiry inquiry, Message.Leave request, Turn turn) {
    if (request.now()) {
      askers.add(inquiry);
      stop("it handed nothing over; its items stay in its folder", turn);
    } else if (phase == Phase.STAYS && wouldBeLost()) {
      inquiry.refuse(ErrorCode.NOBODY_STAYS, nobodyStays(), turn);
    } else {
      askers.add(inquiry);
      if (phase == Phase.STAYS) {
        begin(turn);
      } else if (phase == Phase.DONE) {
        finish(turn);
      }
      timers.after(askers.size() > ASKERS_MAX ? 0 : POLL_NANOS, turn, this::tell);
    }
  }

  /** Whether this node holds something that nobody could take over. */
  private boolean wouldBeLost() {
    return !somebodyStays() && shelf.held().index().size() > 0;
  }

  private boolean somebodyStays() {
    return view.present().nodes().stream()
        .anyMatch(node -> !node.equals(self.id()) && view.state(node).isToHold());
  }

  private String nobodyStays() {
    boolean alone = view.present().size() == 1;
    return (alone ? "this node is alone on the ring" : "all other nodes are leaving")
        + ", so nobody could take over its "
        + items(shelf.held().index().size())
        + "; start another node, or let this one stop with --now";
  }

  private void begin(Turn turn) {
    phase = Phase.OPEN;
    toGo = shelf.held().index().size();
    why = "the others are being told";
    turn.report(Level.NEWS, "this node is leaving, and hands over what it holds");
    membership.leave(turn);
    again(FIRST_NANOS, turn);
  }

  /** Tells those who have waited long enough. */
  private void tell(Turn turn) {
    if (phase == Phase.DONE || askers.isEmpty()) {
      return;
    }
    Message.LeaveIs progress = new Message.LeaveIs(false, toGo, why, List.of());
    askers.forEach(asker -> asker.answer(progress, turn));
    askers.clear();
    told = true;
    toldAtNanos = turn.now();
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    boolean leaves = phase == Phase.OPEN || phase == Phase.CLOSED;
    if (leaves && wouldBeLost() && isFirstOfThoseThere()) {
      stay(turn);
    } else if (leaves && attempt == null) {
      pauseNanos = AGAIN_NANOS_MIN;
      again(Updater.SETTLE_NANOS, turn);
    }
  }

  /** Of several that leave at once and would leave nobody, one stays. */
  private boolean isFirstOfThoseThere() {
    return view.present().nodes().get(0).equals(self.id());
  }

  private void stay(Turn turn) {
    phase = Phase.STAYS;
    timers.cancel(next);
    attempt = null;
    storing.close(false);
    String sentence = nobodyStays();
    turn.report(Level.TROUBLE, "this node does not leave: " + sentence);
    askers.forEach(asker -> asker.refuse(ErrorCode.NOBODY_STAYS, sentence, turn));
    askers.clear();
    membership.stay(turn);
  }

  private void again(long nanos, Turn turn) {
    timers.cancel(next);
    next = timers.after(nanos, turn, this::attempt);
  }

  private void attempt(Turn turn) {
    if (phase == Phase.CLOSED && (!storing.isIdle() || shelf.isWriting())) {
      why = "stores that are under way are waited for";
      again(AGAIN_NANOS_MIN, turn);
    } else if (wouldBeLost()) {
      why = "all other nodes are leaving; one of them is to stay";
      again(AGAIN_NANOS_MAX, turn);
    } else {
      attempt = new Attempt();
      attempt.start(turn);
    }
  }

  /** Whether nothing can have come here that is not known. */
  private boolean isAtRest() {
    return phase == Phase.CLOSED && storing.isIdle() && !shelf.isWriting();
  }

  /** One pass over all that lies here. */
  private final class Attempt {
    private final Ring ring = view.grown();
    private final long sequence = shelf.held().sequence();

    void start(Turn turn) {
      List<Share> all = updater.shares().within(Arc.wholeRing(self.id()));
      List<Arc> arcs = all.stream().map(Share::arc).toList();
      shelf.held().summarise(arcs, turn, (summaries, later) -> confirm(all, summaries, later));
    }

    private void confirm(List<Share> all, List<Summary> summaries, Turn turn) {
      if (attempt != this) {
        return;
      }
      if (summaries.size() < all.size()) {
        fail("its disk can't be read", turn);
        return;
      }
      confirmations.take(all, summaries);
      boolean modest = stalled < STALLED_MAX;
      new Confirming(updater, view, confirmations.open(), modest, this::confirmed).start(turn);
    }

    private void confirmed(Confirming done, Turn turn) {
      if (attempt != this) {
        return;
      }
      confirmations.note(done);
      toGo = confirmations.toGo();
      boolean isCurrent = view.grown() == ring && !wouldBeLost();
      if (toGo > 0 || !isCurrent) {
        boolean nearer = done.deferred() != lastDeferred;
        lastDeferred = done.deferred();
        stalled = nearer ? 0 : stalled + 1;
        fail(done.isDone() ? "the ring has changed" : done.why(), turn);
      } else if (phase == Phase.OPEN) {
        reading.goOn(ring, turn, this::read);
      } else {
        close(turn);
      }
    }

    /** What the others have was proved by its fingerprints; now they have read it, too. */
    private void read(String trouble, Turn turn) {
      if (attempt != this) {
        return;
      }
      if (trouble.isEmpty()) {
        close(turn);
      } else {
        fail(trouble, turn);
      }
    }

    private boolean isUnchanged() {
      return shelf.held().sequence() == sequence;
    }

    /** What came since it began is for the next attempt. */
    private void close(Turn turn) {
      if (phase == Phase.OPEN) {
        phase = Phase.CLOSED;
        storing.close(true);
        membership.closed();
      }
      if (isUnchanged() && isAtRest()) {
        new Succession(shelf, view.homes(), ring, self.id(), this::counted).start(turn);
      } else {
        fail("what came last is confirmed", turn);
      }
    }

    private void counted(List<HandedOver> counts, String failure, Turn turn) {
      if (attempt != this) {
        return;
      }
      if (failure.isEmpty() && isUnchanged() && isAtRest() && !wouldBeLost()) {
        attempt = null;
        phase = Phase.DONE;
        handedOver = counts;
        awaitAsker(turn);
      } else {
        fail(failure.isEmpty() ? "something has changed" : failure, turn);
      }
    }

    private void fail(String sentence, Turn turn) {
      attempt = null;
      why = sentence;
      again(pauseNanos, turn);
      pauseNanos = Math.min(2 * pauseNanos, AGAIN_NANOS_MAX);
    }
  }

  /** Whoever was told of progress is about to ask again, and is to hear of the end. */
  private void awaitAsker(Turn turn) {
    long leftNanos = told ? toldAtNanos + ASKS_AGAIN_NANOS - turn.now() : 0;
    if (askers.isEmpty() && leftNanos > 0) {
      timers.after(leftNanos, turn, this::finish);
    } else {
      finish(turn);
    }
  }

  private void finish(Turn turn) {
    if (phase == Phase.DONE) {
      stop(sentence(), turn);
    }
  }

  private String sentence() {
    if (handedOver.isEmpty()) {
      return "all that it held is with those who stay";
    }
    return handedOver.stream()
        .map(each -> items(each.entries()) + " to node " + each.node())
        .collect(joining(", ", "it handed over ", ""));
  }

  private static String items(long count) {
    return count + (count == 1 ? " item" : " items");
  }

  private void stop(String sentence, Turn turn) {
    phase = Phase.STAYS;
    timers.cancel(next);
    attempt = null;
    Message.LeaveIs left = new Message.LeaveIs(true, 0, "", handedOver);
    askers.forEach(asker -> asker.answer(left, turn));
    askers.clear();
    turn.emit(new Effect.Stop(sentence));
  }
}
