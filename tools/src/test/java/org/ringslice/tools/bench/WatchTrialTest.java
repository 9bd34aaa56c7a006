package org.ringslice.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Real processes, killed with SIGKILL. {@code -Dwatch.seconds=60 -Dwatch.rate=2000} for the whole
 * of it.
 */
class WatchTrialTest {
  private static final int PER_SECOND = Integer.getInteger("watch.rate", 200);
  private static final int SECONDS = Integer.getInteger("watch.seconds", 7);

  @Test
  void everyItemIsToldExactlyOnceThoughWatcherAndHolderAreKilled() throws Exception {
    WatchTrial.Outcome outcome = new WatchTrial(PER_SECOND, SECONDS).run();

    assertTrue(outcome.isExact(), outcome::toString);
    assertEquals(Map.of(), outcome.refusals());
    assertEquals(PER_SECOND * SECONDS, outcome.stored());
  }
}
