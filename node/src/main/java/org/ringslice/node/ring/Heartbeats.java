package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Direction;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/**
 * Notices deaths. Each node asks a few others for a sign of life: those next on the ring, so that
 * everybody is watched by somebody, some at random, so that views meet, and whoever did not answer
 * what was asked of it ({@link Links#onSilence}). Who does not answer, though asked several times,
 * is suspected.
 *
 * <p>A death is noticed within PERIOD + {@link #ASKS_MAX} x AGAIN + {@link
 * Membership#SUSPICION_NANOS} = 2.7 s, and sooner where the machine lives and refuses connections.
 */
public final class Heartbeats {
  static final long PERIOD_NANOS = 500_000_000L;

  /** Between two questions of one beat. A guess: longer than a pause of a busy machine. */
  static final long AGAIN_NANOS = 300_000_000L;

  /** Questions of one beat. */
  static final int ASKS_MAX = 4;

  /**
   * After a refused connection, before the second attempt: a restart takes longer, a flap does not.
   */
  static final long SECOND_NANOS = 100_000_000L;

  /**
   * Nodes next on the ring that are asked; each node is thus watched by as many. A guess. In a ring
   * of which not everybody is known it is one, and nobody is drawn: what a node sends must not
   * grow.
   */
  static final int WATCHED = 2;

  /** Nodes drawn at random that are asked. A guess. */
  static final int DRAWN = 2;

  /**
   * How long the same random ones are asked: each costs a connection, which is closed when it has
   * been idle for a minute, so that a node of a large ring holds about twenty and not all. Who is
   * asked at random still differs enough from node to node for news to reach all in a few beats. A
   * guess; {@code ConnectionsTest} counts.
   */
  static final long DRAW_NANOS = 20_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Membership membership;

  private List<Id> drawn = List.of();
  private long drawnAt;

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
    TreeSet<Id> targets = new TreeSet<>(watched());
    if (view.isWhole()) {
      targets.addAll(drawn(turn));
    }
    targets.forEach(target -> probe(target, turn));
    timers.after(PERIOD_NANOS, turn, this::beat);
  }

  private List<Id> watched() {
    Ring present = view.present();
    return view.isWhole()
        ? present.neighbours(Direction.NEXT, self.id(), WATCHED)
        : present.neighbours(Direction.NEXT, self.id(), Vicinity.NEIGHBOURS).stream()
            .filter(view::isTrusted)
            .limit(1)
            .toList();
  }

  /** Asks a peer for a sign of life. */
  public void probe(Id target, Turn turn) {
    if (!target.equals(self.id()) && view.isTrusted(target) && asked.add(target)) {
      new Beat(target).ask(turn);
    }
  }

  private List<Id> drawn(Turn turn) {
    boolean areThere = drawn.size() == DRAWN && drawn.stream().allMatch(view.present()::contains);
    if (!areThere || turn.now() - drawnAt >= DRAW_NANOS) {
      drawn = membership.gossip().someOf(DRAWN);
      drawnAt = turn.now();
    }
    return drawn;
  }

  /**
   * One beat: asked again while no answer comes, for a message may be lost; any answer will do
   * until the end. Where 5 % of all messages are lost, a peer that lives misses one beat in 10,000,
   * not one in 100 as with two questions.
   */
  private final class Beat implements Asker {
    private final Id target;
    private int asks;
    private int refusals;
    private boolean over;
    private Timers.Handle next;

    Beat(Id target) {
      this.target = target;
    }

    void ask(Turn turn) {
      if (over) {
        return;
      }
      if (asks == ASKS_MAX / 2) {
        // it may live behind a network that has gone silent, and have another
        links.renew(target, turn);
      }
      long timeoutNanos = (ASKS_MAX - asks) * AGAIN_NANOS;
      asks++;
      Message.Heartbeat beat = new Message.Heartbeat(self.incarnation(), view.digest());
      links.ask(target, beat, target, 0, timeoutNanos, this, turn);
      if (asks < ASKS_MAX && !over) {
        next = timers.after(AGAIN_NANOS, turn, this::ask);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      end();
      membership.gossip().heard(peer, ((Message.Alive) answer).viewDigest(), turn);
    }

    private void end() {
      over = true;
      timers.cancel(next);
      asked.remove(target);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (over) {
        return;
      }
      boolean silent = failure.code() == ErrorCode.TIMED_OUT;
      if (!silent && ++refusals == 1 && view.isTrusted(peer)) {
        timers.cancel(next);
        next = timers.after(SECOND_NANOS, turn, this::ask);
      } else {
        end();
        membership.suspect(peer, turn);
      }
    }
  }

  /** A peer says that it lives. */
  public void onHeartbeat(Inquiry inquiry, Message.Heartbeat request, Turn turn) {
    inquiry.answer(new Message.Alive(self.incarnation(), view.digest()), turn);
    if (view.present().contains(inquiry.requestor())) {
      membership.gossip().heard(inquiry.requestor(), request.viewDigest(), turn);
    }
  }
}
