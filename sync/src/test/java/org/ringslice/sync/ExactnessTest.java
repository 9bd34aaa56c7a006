package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Many seeds: {@code -Dsync.seeds=10000 -Dsync.large.seeds=100}, and {@code -Dsync.first.seed=N} to
 * begin at the one that failed.
 */
class ExactnessTest {
  private static final int SMALL_SEEDS = Integer.getInteger("sync.seeds", 400);
  private static final int LARGE_SEEDS = Integer.getInteger("sync.large.seeds", 2);
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
    System.out.println(
        seeds + " seeds of " + what + ": " + pushed + " pushed, " + pushedAgain + " of them there");
    for (int i = 0; i < messages.length; i++) {
      if (messages[i] > 0) {
        System.out.println("  " + i + " messages at most: " + messages[i] + " seeds");
      }
    }
    assertTrue(pushedAgain * 100 <= pushed, pushedAgain + " of " + pushed + " were there");
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
}
