package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;

/**
 * Whether this node has all that it is to hold. A newcomer has not: while it joins, stores go to it
 * too, and those who have what it is to hold push that; nor has the next of a node that died. It
 * asks each node of the ring, again and again, what it still lacks, until none knows of anything.
 * Invariant: a node that is settled had all that the nodes of the ring had when it became so.
 */
final class Settling {
  /**
   * For a ring to be found before this node begins one: multicast DNS shows those already there
   * within 0.6 s of its start, which takes up to 0.2 s (measured).
   */
  static final long LONELY_NANOS = 1_000_000_000L;

  /**
   * The same while somebody may still answer who was remembered, named or sighted: a dial to a
   * machine that is busy, or switched off, takes up to 2 s.
   */
  static final long LONELY_NANOS_MAX = 3_000_000_000L;

  /** Between two looks at whether they have. */
  private static final long LOOK_NANOS = 100_000_000L;

  /** Between two rounds of questions; it doubles up to {@link #PAUSE_NANOS_MAX}. A guess. */
  static final long PAUSE_NANOS_MIN = 250_000_000L;

  static final long PAUSE_NANOS_MAX = 4_000_000_000L;

  /**
   * For a node to hold all that it has against what this one has; it doubles each time that this
   * was too short, up to {@link #TIMEOUT_NANOS_MAX}. A guess: 2 s are 100,000 items.
   */
  private static final long TIMEOUT_NANOS_MIN = 2_000_000_000L;

  private static final long TIMEOUT_NANOS_MAX = 16_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final BooleanSupplier areAwaited;
  private final Timers.Alarm joined;

  private long startedAt;
  private boolean waitsForOthers = true;
  private boolean settled;

  /** It has all that lies between here and itself, and what belongs there; null for nothing. */
  private Id sureFrom;

  private Ring ring = new Ring(List.of());
  private Ring grown = ring;
  private Ring present = ring;
  private Round round;
  private Timers.Handle nextRound;

  // while only these may know of something missing, only these are asked; else everybody
  private final TreeSet<Id> returned = new TreeSet<>();
  private boolean doubtsAll = true;

  // who knows of nothing missing, by this view
  private final TreeSet<Id> sure = new TreeSet<>();
  private Object sureView;
  private long pauseNanos = PAUSE_NANOS_MIN;
  private long timeoutNanos = TIMEOUT_NANOS_MIN;

  /**
   * @param areAwaited whether somebody may still answer of whom this node heard
   * @param joined what happens when this node is to become ACTIVE
   */
  Settling(
      Self self,
      View view,
      Timers timers,
      Links links,
      BooleanSupplier areAwaited,
      Timers.Alarm joined) {
    this.areAwaited = areAwaited;
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.joined = joined;
  }

  void started(Turn turn) {
    startedAt = turn.now();
    timers.after(LONELY_NANOS, turn, this::stopWaiting);
  }

  private void stopWaiting(Turn turn) {
    if (areAwaited.getAsBoolean() && turn.now() - startedAt < LONELY_NANOS_MAX) {
      timers.after(LOOK_NANOS, turn, this::stopWaiting);
    } else {
      waitsForOthers = false;
      viewChanged(turn);
    }
  }

  void viewChanged(Turn turn) {
    if (self.state() == PeerState.ACTIVE || self.state() == PeerState.LEAVING) {
      seePrevious();
      seeReturned();
    }
    if (ring != view.ring() || grown != view.grown()) {
      // what it asks for is another thing now
      pauseNanos = PAUSE_NANOS_MIN;
    }
    ring = view.ring();
    grown = view.grown();
    present = view.present();
    // who leaves is given nothing any more
    boolean isOver = settled || self.state() == PeerState.LEAVING;
    if (isOver || round != null || (!view.isPlaced() && view.hasActive())) {
      return;
    }
    if (others().isEmpty()) {
      if (!waitsForOthers) {
        settle(turn);
      }
    } else if (self.state() != PeerState.LEFT) {
      round = new Round();
      // of several reasons to ask again one is enough
      timers.cancel(nextRound);
      // links that were just dialled are ready only after this turn
      timers.after(0, turn, round::ask);
    }
  }

  /**
   * What this node is to hold grows when the one before it goes; when one comes to be read from
   * before it, what is stored up to there goes to that one. What lies before one that leaves is
   * stored at both.
   */
  private void seePrevious() {
    boolean leaves = self.state() == PeerState.LEAVING;
    Arc read = new Arc(view.ring().previous(self.id()), self.id());
    Arc held = leaves ? read : new Arc(view.grown().previous(self.id()), self.id());
    Arc stored = held.covers(read) ? held : read;
    if (sureFrom != null && new Arc(sureFrom, self.id()).contains(stored.from())) {
      sureFrom = stored.from();
    }
    if (settled && !leaves && !new Arc(sureFrom, self.id()).covers(held)) {
      settled = false;
      doubtsAll = true;
      pauseNanos = PAUSE_NANOS_MIN;
    }
  }

  /**
   * Who is on the ring all at once, without having joined, comes from the other side of a split,
   * and may hold what was stored there.
   */
  private void seeReturned() {
    for (Id node : view.ring() == ring ? List.<Id>of() : view.ring().nodes()) {
      if (!present.contains(node) && !node.equals(self.id())) {
        returned.add(node);
        settled = false;
        sureFrom = null;
        pauseNanos = PAUSE_NANOS_MIN;
      }
    }
  }

  /** This node may lack anything: it was taken for dead, or answers for more than before. */
  void doubt() {
    settled = false;
    sureFrom = null;
    doubtsAll = true;
    pauseNanos = PAUSE_NANOS_MIN;
  }

  private List<Id> others() {
    if (!view.hasActive()) {
      return List.of();
    }
    List<Id> nodes = view.isWhole() ? view.ring().without(self.id()).nodes() : view.coHolders();
    return nodes.stream().filter(node -> doubtsAll || returned.contains(node)).toList();
  }

  private void settle(Turn turn) {
    settled = true;
    doubtsAll = false;
    returned.clear();
    // where others join it is not given all that it is asked for until they are
    boolean alone = view.ring().without(self.id()).size() == 0;
    view.placed();
    sureFrom = alone ? self.id() : view.grown().previous(self.id());
    pauseNanos = PAUSE_NANOS_MIN;
    timeoutNanos = TIMEOUT_NANOS_MIN;
    if (self.state() == PeerState.JOINING) {
      joined.ring(turn);
    }
  }

  /** Whether this node is sure to have all of one of the masked places of an arc. */
  boolean isSureOf(Arc arc) {
    if (sureFrom == null) {
      return false;
    }
    Arc sureOf = new Arc(sureFrom, self.id());
    return view.homes().homes(Id.ZERO).stream().anyMatch(by -> sureOf.covers(arc.plus(by)));
  }

  /** One question to everybody on the ring who is not sure yet. */
  private final class Round implements Asker {
    private int unanswered;
    private boolean tooSlow;

    void ask(Turn turn) {
      forgetOtherViews();
      List<Id> nodes = others().stream().filter(node -> !sure.contains(node)).toList();
      if (nodes.isEmpty()) {
        finish(turn);
        return;
      }
      unanswered = nodes.size();
      Message.GetStatus question = Message.GetStatus.held(List.of(self.id()));
      for (Id node : nodes) {
        links.ask(node, question, self.id(), 0, timeoutNanos, this, turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      forgetOtherViews();
      Message.StatusIs status = (Message.StatusIs) answer;
      // a word of nobody, or of somebody else, is none
      if (status.nodes().size() == 1 && status.nodes().get(0).id().equals(peer)) {
        hear(status.nodes().get(0));
      }
      oneLess(turn);
    }

    private void forgetOtherViews() {
      if (!viewNow().equals(sureView)) {
        sureView = viewNow();
        sure.clear();
      }
    }

    /**
     * Where everybody is known, nobody may know of others; else those who hold the same must be the
     * same, and a store looks at its end whom they know of ({@link Locating}).
     */
    private Object viewNow() {
      return view.isWhole() ? (Object) view.digest() : others();
    }

    private void hear(NodeStatus node) {
      if (view.isWhole() && node.viewDigest() != view.digest()) {
        // it may have acknowledged, without this node, what the others did not know of yet
        sure.clear();
      } else if (node.missing() == 0 && node.why().isEmpty()) {
        sure.add(node.id());
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      tooSlow |= failure.code() == ErrorCode.TIMED_OUT;
      oneLess(turn);
    }

    private void oneLess(Turn turn) {
      unanswered--;
      if (unanswered == 0) {
        finish(turn);
      }
    }

    private void finish(Turn turn) {
      round = null;
      if (self.state() == PeerState.LEAVING) {
        return;
      }
      forgetOtherViews();
      if (sure.containsAll(others())) {
        settle(turn);
        return;
      }
      if (tooSlow) {
        timeoutNanos = Math.min(2 * timeoutNanos, TIMEOUT_NANOS_MAX);
      }
      nextRound = timers.after(pauseNanos, turn, Settling.this::viewChanged);
      pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    }
  }
}
