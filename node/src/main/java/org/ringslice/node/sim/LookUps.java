package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;

/**
 * Programs of nodes that ask who owns a point. Each answer is judged by {@link Presence}, at the
 * moment at which it comes.
 */
final class LookUps {
  private final World world;
  private final SplittableRandom random;
  private final Tally total = new Tally();
  private Tally latest = new Tally();
  private int waiting;
  private final List<String> mistakes = new ArrayList<>();

  LookUps(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /**
   * Orders so many look-ups of random points at random nodes, at moments drawn from the time that
   * comes.
   *
   * @param graceNanos for so long after it came or went a node may be missed or named
   */
  void order(int count, long overNanos, long graceNanos) {
    for (int i = 0; i < count; i++) {
      waiting++;
      Id point = World.randomId(random);
      long chance = random.nextLong();
      world
          .agenda()
          .after(random.nextLong(overNanos + 1), () -> new LookUp(point, graceNanos).begin(chance));
    }
  }

  /** Look-ups that have not been answered yet. */
  int waiting() {
    return waiting;
  }

  /** Of all that were made. */
  Tally total() {
    return total;
  }

  /** Of those answered since the last call. */
  Tally takeLatest() {
    Tally taken = latest;
    latest = new Tally();
    return taken;
  }

  /** What was wrong or failed since the last call, a sentence each. */
  List<String> takeMistakes() {
    List<String> taken = List.copyOf(mistakes);
    mistakes.clear();
    return taken;
  }

  private final class LookUp {
    private final Id point;
    private final long graceNanos;
    private Host asker;
    private int life;
    private long askedAt;

    LookUp(Id point, long graceNanos) {
      this.point = point;
      this.graceNanos = graceNanos;
    }

    void begin(long chance) {
      List<Host> living = world.living();
      if (living.isEmpty()) {
        waiting--;
        return;
      }
      asker = living.get((int) Long.remainderUnsigned(chance, living.size()));
      life = asker.life();
      askedAt = world.agenda().nowNanos();
      asker.ask(new Message.GetPlace(point, 0, true), this::answered);
    }

    private void answered(Message answer) {
      waiting--;
      if (!asker.isRunning(life)) {
        // nobody is left to be answered
        return;
      }
      if (answer instanceof Message.PlaceIs place && owner(place).isPresent()) {
        judge(owner(place).get(), place.route().size() - 1);
      } else {
        total.failed();
        latest.failed();
        note("was answered: " + sentence(answer));
      }
    }

    /** Of those told the one on the ring that is at the point, or the next after it. */
    private Optional<Id> owner(Message.PlaceIs place) {
      return place.peers().stream()
          .filter(peer -> peer.state().isOnRing())
          .map(Peer::id)
          .min(Comparator.comparing(id -> id.minus(point)));
    }

    private void judge(Id owner, int hops) {
      boolean isRight = world.presence().mayOwn(owner, point, asker, askedAt, graceNanos);
      total.answered(isRight, hops);
      latest.answered(isRight, hops);
      if (!isRight) {
        note("was told of " + owner);
      }
    }

    private void note(String what) {
      if (mistakes.size() < Check.Findings.SENTENCES_MAX) {
        mistakes.add(asker + " asked who owns " + point + " and " + what);
      }
    }
  }

  private static String sentence(Message answer) {
    return answer instanceof Message.Failure failure ? failure.sentence() : "nobody is on the ring";
  }
}
