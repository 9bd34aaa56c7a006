package org.ringslice.node.ring;

import java.util.TreeSet;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/**
 * Notices deaths. Each node asks a few others for a sign of life: those next on the ring, so that
 * everybody is watched by somebody, and some at random, so that views meet. Who misses two in a row
 * is suspected.
 *
 * <p>A death is noticed within PERIOD + 2 x TIMEOUT + {@link Membership#SUSPICION_NANOS} = 2.7 s,
 * and sooner where the machine lives and refuses connections.
 */
public final class Heartbeats {
  static final long PERIOD_NANOS = 500_000_000L;
  static final long TIMEOUT_NANOS = 600_000_000L;

  /**
   * After a refused connection, before the second attempt: a restart takes longer, a flap does not.
   */
  static final long SECOND_NANOS = 100_000_000L;

  /** Nodes next on the ring that are asked; each node is thus watched by as many. A guess. */
  static final int WATCHED = 2;

  /** Nodes drawn at random that are asked. A guess. */
  static final int DRAWN = 2;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Membership membership;

  // those asked who have not answered yet
  private final TreeSet<Id> asked = new TreeSet<>();

  public Heartbeats(Self self, View view, Timers timers, Membership membership) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = membership.links();
    this.membership = membership;
  }

  public void started(Turn turn) {
    timers.after(PERIOD_NANOS, turn, this::beat);
  }

  private void beat(Turn turn) {
    TreeSet<Id> targets =
        new TreeSet<>(view.grown().neighbours(Direction.NEXT, self.id(), WATCHED));
    targets.addAll(membership.gossip().someOf(DRAWN));
    targets.remove(self.id());
    targets.removeAll(asked);
    for (Id target : targets) {
      asked.add(target);
      ask(target, false, turn);
    }
    timers.after(PERIOD_NANOS, turn, this::beat);
  }

  private void ask(Id target, boolean second, Turn turn) {
    Message.Heartbeat beat = new Message.Heartbeat(self.incarnation(), view.digest());
    links.ask(target, Lane.CONTROL, beat, target, 0, TIMEOUT_NANOS, new Listener(second), turn);
  }

  private final class Listener implements Asker {
    private final boolean second;

    Listener(boolean second) {
      this.second = second;
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      asked.remove(peer);
      membership.gossip().heard(peer, ((Message.Alive) answer).viewDigest(), turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (second || !view.isTrusted(peer)) {
        asked.remove(peer);
        membership.suspect(peer, turn);
        return;
      }
      switch (failure.code()) {
        case UNREACHABLE -> timers.after(SECOND_NANOS, turn, later -> ask(peer, true, later));
        default -> {
          // it may live behind a network that has gone silent, and have another
          links.renew(peer, turn);
          ask(peer, true, turn);
        }
      }
    }
  }

  /** A peer says that it lives. */
  public void onHeartbeat(Inquiry inquiry, Message.Heartbeat request, Turn turn) {
    inquiry.answer(new Message.Alive(self.incarnation(), view.digest()), turn);
    if (view.grown().contains(inquiry.requestor())) {
      membership.gossip().heard(inquiry.requestor(), request.viewDigest(), turn);
    }
  }
}
