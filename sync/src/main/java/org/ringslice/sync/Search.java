package org.ringslice.sync;

import java.util.List;
import org.ringslice.messages.Bytes;

/**
 * How one side of a round looks for the differences: few are found by the first sketch; else their
 * number is estimated and a {@link Plan} made of it, by which one side becomes the {@link Giver}
 * and the other the {@link Finder}. Groups of an erasure sketch that the smaller side has entries
 * of its own in are sketched once more by power sums. Confined to the session's thread.
 */
final class Search {
  private final RoundContext round;
  private final Plan.Thrift thrift;
  private final Runnable tooMuch;
  private final Runnable failed;

  private int others;
  private Giver giver;
  private Finder finder;

  /**
   * @param tooMuch to be called when the differences are more than a message can tell
   * @param failed to be called when the proof fails
   */
  Search(RoundContext round, Plan.Thrift thrift, Runnable tooMuch, Runnable failed) {
    this.round = round;
    this.thrift = thrift;
    this.tooMuch = tooMuch;
    this.failed = failed;
  }

  /** How many entries the other side has, in the arc or in the groups at hand. */
  int others() {
    return others;
  }

  /** Whether this side sent sketches, so that it is the one to prove. */
  boolean isGiver() {
    return giver != null;
  }

  /** How many differences the sketches have left, as is to be expected. */
  double expectedRest() {
    return giver == null ? 0 : giver.expectedRest();
  }

  // ---- the first words of a round

  /** The counts are near each other: a sketch of few differences, or else an estimate. */
  void begin(int count) {
    others = count;
    round
        .reader()
        .withHashes(
            hashes -> {
              if (Math.abs(hashes.length - others) > Plan.QUICK_ROWS) {
                sendEstimate(hashes);
              } else {
                sendSketches(Plan.quick(Math.max(hashes.length, others)), hashes);
              }
            });
  }

  /**
   * A round after another, with its first sketch at once.
   *
   * @param rest how many differences are left, as is to be expected
   */
  void again(double rest, boolean careful) {
    round
        .reader()
        .withHashes(
            hashes -> {
              Plan plan = Plan.again(hashes.length, rest);
              giver = new Giver(round, plan, hashes, failed);
              long salt = round.salt().sent();
              round.dialogue().send(new SyncMessage.Again(salt, careful, plan, giver.sketch()));
            });
  }

  void onAgain(SyncMessage.Again m) {
    onSketches(m.plan(), m.sketch());
  }

  // ---- estimates

  private void sendEstimate(long[] hashes) {
    List<Integer> sums = TugOfWar.sums(hashes, round.salt().signs());
    round.dialogue().send(new SyncMessage.Estimate(hashes.length, sums));
  }

  void onEstimate(SyncMessage.Estimate m) {
    others = m.count();
    round
        .reader()
        .withHashes(
            hashes -> {
              List<Integer> sums = TugOfWar.sums(hashes, round.salt().signs());
              double estimate = TugOfWar.estimate(sums, m.sums());
              Plan plan = Plan.of(hashes.length, others, estimate, thrift);
              if (plan == null) {
                tooMuch.run();
              } else if (plan.kind() == Plan.Kind.ERASURE && hashes.length > others) {
                round.dialogue().send(new SyncMessage.Turn(plan, Bytes.EMPTY));
              } else {
                sendSketches(plan, hashes);
              }
            });
  }

  // ---- giving

  private void sendSketches(Plan plan, long[] hashes) {
    giver = new Giver(round, plan, hashes, failed);
    finder = null;
    round.dialogue().send(new SyncMessage.Sketches(plan, hashes.length, giver.sketch()));
  }

  void onTurn(SyncMessage.Turn m) {
    if (giver == null) {
      round.reader().withHashes(hashes -> sendSketches(m.plan(), hashes));
    } else {
      sendSketches(m.plan(), giver.undecoded(m.groups()));
    }
  }

  void onWants(SyncMessage.Wants m) {
    require(giver != null);
    giver.onWants(m);
  }

  // ---- finding

  void onSketches(SyncMessage.Sketches m) {
    others = m.plan().isQuick() ? others : m.count();
    onSketches(m.plan(), m.sketch());
  }

  private void onSketches(Plan plan, Bytes sketch) {
    giver = null;
    if (finder == null) {
      round.reader().withHashes(hashes -> find(plan, hashes, sketch));
    } else {
      find(plan, finder.undecoded(), sketch);
    }
  }

  private void find(Plan plan, long[] hashes, Bytes sketch) {
    finder = new Finder(round, plan, hashes, others);
    Bytes wants = finder.find(sketch);
    if (plan.isQuick() && finder.failed()) {
      finder = null;
      sendEstimate(hashes);
    } else {
      onFound(wants);
    }
  }

  void onMore(SyncMessage.More m) {
    require(finder != null);
    onFound(finder.find(m.sketch()));
  }

  private void onFound(Bytes wants) {
    Plan rest = finder.isStuck() ? finder.planOfTheRest(thrift) : null;
    if (rest != null) {
      finder.sendTurn(rest, wants);
    } else if (finder.isStuck()) {
      tooMuch.run();
    } else {
      finder.sendWants(wants);
    }
  }

  private static void require(boolean asked) {
    if (!asked) {
      throw new IllegalArgumentException("an answer to what was not asked");
    }
  }
}
