package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;

/**
 * A newcomer's way from JOINING to ACTIVE. While it joins, stores go to it too, and those who have
 * what it is to hold push that; it asks each node of the ring, again and again, what it still
 * lacks, and answers for its slices from when nobody knows of anything. Invariant: a node that is
 * ACTIVE has what the nodes of the ring had when it became so.
 */
final class Joining {
  /**
   * For a ring to be found before this node begins one: multicast DNS shows those already there
   * within 0.6 s of its start, which takes up to 0.2 s (measured).
   */
  static final long LONELY_NANOS = 1_000_000_000L;

  /** Between two rounds of questions; it doubles up to {@link #PAUSE_NANOS_MAX}. A guess. */
  static final long PAUSE_NANOS_MIN = 250_000_000L;

  static final long PAUSE_NANOS_MAX = 4_000_000_000L;

  /** For a node to hold all that it has against what this one has. */
  private static final long TIMEOUT_NANOS = 60_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Timers.Alarm joined;

  private boolean waitsForOthers = true;
  private Round round;
  private long pauseNanos = PAUSE_NANOS_MIN;

  /**
   * @param joined what happens when this node is to become ACTIVE
   */
  Joining(Self self, View view, Timers timers, Links links, Timers.Alarm joined) {
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
    if (self.state() != PeerState.JOINING || round != null) {
      return;
    }
    if (view.hasActive()) {
      round = new Round();
      // links that were just dialled are ready only after this turn
      timers.after(0, turn, round::ask);
    } else if (!waitsForOthers) {
      joined.ring(turn);
    }
  }

  /** One question to everybody on the ring. */
  private final class Round implements Asker {
    private final TreeSet<Id> sure = new TreeSet<>();
    private int unanswered;

    void ask(Turn turn) {
      List<Id> nodes = view.ring().nodes();
      unanswered = nodes.size();
      Message.GetStatus question = new Message.GetStatus(Scope.HELD, List.of(self.id()));
      for (Id node : nodes) {
        links.ask(node, Lane.CONTROL, question, self.id(), 0, TIMEOUT_NANOS, this, turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Message.StatusIs status = (Message.StatusIs) answer;
      boolean lacksNothing =
          status.nodes().stream().allMatch(node -> node.missing() == 0 && node.why().isEmpty());
      if (lacksNothing) {
        sure.add(peer);
      }
      oneLess(turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      oneLess(turn);
    }

    private void oneLess(Turn turn) {
      unanswered--;
      if (unanswered > 0) {
        return;
      }
      round = null;
      if (!view.hasActive()) {
        viewChanged(turn);
      } else if (sure.containsAll(view.ring().nodes())) {
        joined.ring(turn);
      } else {
        timers.after(pauseNanos, turn, Joining.this::viewChanged);
        pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
      }
    }
  }
}
