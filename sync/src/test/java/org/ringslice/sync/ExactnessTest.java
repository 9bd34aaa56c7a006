package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Many seeds: {@code -Dsync.seeds=10000 -Dsync.large.seeds=100}, and {@code -Dsync.first.seed=N} to
 * begin at the one that failed; then it prints what they took.
 */
class ExactnessTest {
  private static final int SMALL_SEEDS = Integer.getInteger("sync.seeds", 400);
  private static final int LARGE_SEEDS = Integer.getInteger("sync.large.seeds", 2);
  private static final boolean REPORTS = System.getProperty("sync.seeds") != null;
  private static final int FIRST_SEED = Integer.getInteger("sync.first.seed", 0);

  private static void run(String what, int seeds, LongFunction<Trial> trial) {
    long pushed = 0;
    long pushedAgain = 0;
    int[] messages = new int[100];
    for (int seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      Trial each = trial.apply(seed);
      pushed += each.pushed();
      pushedAgain += each.pushedAgain();
      messages[each.messagesMax]++;
    }
    if (REPORTS) {
      report(what, seeds, pushed, pushedAgain, messages);
    }
    assertTrue(pushedAgain * 100 <= pushed, pushedAgain + " of " + pushed + " were there");
  }

  private static void report(String what, int seeds, long pushed, long again, int[] messages) {
    System.out.printf("%d seeds of %s: %d pushed, %d of them there%n", seeds, what, pushed, again);
    for (int i = 0; i < messages.length; i++) {
      if (messages[i] > 0) {
        System.out.printf("%6d seeds took %d messages%n", messages[i], i);
      }
    }
  }

  @Test
  void anyTwoSmallSetsBecomeEqual() {
    run("small sets", SMALL_SEEDS, Trial::small);
  }

  @Test
  void anyTwoLargeSetsBecomeEqual() {
    run("large sets", LARGE_SEEDS, Trial::large);
  }

  @Test
  void setsBecomeEqualWhateverDigestsSomebodyCrafts() {
    run("crafted sets", SMALL_SEEDS, Trial::crafted);
  }

  /** Of a session before this one; they once proved a state that was no more. */
  @Test
  void wordsThatAreReplayedProveNothing() {
    Trial.crafted(8486);
  }
}
