package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;
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
  private final Timers.Alarm joined;

  private boolean waitsForOthers = true;
  private boolean settled;
  private Id previous;
  private Round round;

  // who knows of nothing missing, by the view of this digest
  private final TreeSet<Id> sure = new TreeSet<>();
  private long sureDigest;
  private long pauseNanos = PAUSE_NANOS_MIN;
  private long timeoutNanos = TIMEOUT_NANOS_MIN;

  /**
   * @param joined what happens when this node is to become ACTIVE
   */
  Settling(Self self, View view, Timers timers, Links links, Timers.Alarm joined) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.joined = joined;
  }

  void started(Turn turn) {
    timers.after(LONELY_NANOS, turn, this::stopWaiting);
  }

  private void stopWaiting(Turn turn) {
    waitsForOthers = false;
    viewChanged(turn);
  }

  void viewChanged(Turn turn) {
    if (self.state() == PeerState.ACTIVE) {
      seePrevious();
    }
    if (settled || round != null) {
      return;
    }
    if (others().isEmpty()) {
      if (!waitsForOthers) {
        settle(turn);
      }
    } else if (self.state() != PeerState.LEFT) {
      round = new Round();
      // links that were just dialled are ready only after this turn
      timers.after(0, turn, round::ask);
    }
  }

  /** What this node answers for grows when the one before it goes. */
  private void seePrevious() {
    Id now = view.ring().previous(self.id());
    if (previous != null && !now.equals(previous) && new Arc(now, self.id()).contains(previous)) {
      settled = false;
      pauseNanos = PAUSE_NANOS_MIN;
    }
    previous = now;
  }

  private List<Id> others() {
    return view.hasActive() ? view.ring().without(self.id()).nodes() : List.of();
  }

  private void settle(Turn turn) {
    settled = true;
    pauseNanos = PAUSE_NANOS_MIN;
    timeoutNanos = TIMEOUT_NANOS_MIN;
    if (self.state() == PeerState.JOINING) {
      joined.ring(turn);
    }
  }

  /** Whether this node is sure to have what it is to hold; alone, it has all there is. */
  boolean isSettled() {
    return settled || view.ring().size() == 1;
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
      Message.GetStatus question = new Message.GetStatus(Scope.HELD, List.of(self.id()));
      for (Id node : nodes) {
        links.ask(node, Lane.CONTROL, question, self.id(), 0, timeoutNanos, this, turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      forgetOtherViews();
      Message.StatusIs status = (Message.StatusIs) answer;
      if (status.nodes().stream().allMatch(this::knowsOfNothingMissing)) {
        sure.add(peer);
      }
      oneLess(turn);
    }

    private void forgetOtherViews() {
      if (view.digest() != sureDigest) {
        sureDigest = view.digest();
        sure.clear();
      }
    }

    private boolean knowsOfNothingMissing(NodeStatus node) {
      return node.missing() == 0 && node.viewDigest() == sureDigest && node.why().isEmpty();
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
      forgetOtherViews();
      if (sure.containsAll(others())) {
        settle(turn);
        return;
      }
      if (tooSlow) {
        timeoutNanos = Math.min(2 * timeoutNanos, TIMEOUT_NANOS_MAX);
      }
      timers.after(pauseNanos, turn, Settling.this::viewChanged);
      pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    }
  }
}
