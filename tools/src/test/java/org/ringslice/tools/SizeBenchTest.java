package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bench size} shows how good the estimate of the number of nodes is. {@code
 * -Dsize.seeds=1000} for the whole of it.
 */
class SizeBenchTest {
  private static final int SEEDS = Integer.getInteger("size.seeds", 40);

  /** Five standard deviations of the binomial share of 40, and a little of that of 1,000. */
  private static final double HELD_MIN = SEEDS >= 1000 ? 0.93 : 0.78;

  @TempDir Path folder;

  @Test
  void theErrorIsSmallAndTheIntervalHoldsTheTruth() throws Exception {
    try (RealProcess bench =
        RealProcess.start(folder, "bench", "size", "--seeds", Integer.toString(SEEDS), "--json")) {
      for (String size : new String[] {"300", "1,000", "5,000"}) {
        for (String ids : new String[] {" random ids, ", " evened ids, "}) {
          check(bench.line(), size + ids + "12 calls", 0.05);
          check(bench.line(), size + ids + "50 calls", 0.025);
          double variation = Double.parseDouble(Cli.memberOf(bench.line(), "value"));
          assertEquals(ids.startsWith(" random") ? 1 : 0.3, variation, 0.05);
          // runs of arcs must be worth as much as arcs from anywhere
          assertEquals(1, Double.parseDouble(Cli.memberOf(bench.line(), "value")), 0.25);
        }
      }
      assertEquals(Main.DONE, bench.exitCode());
    }
  }

  private static void check(String line, String params, double errorMax) {
    assertEquals(params, Cli.memberOf(line, "params"));
    // the root of the mean square of 40 errors wanders by 11 %
    double slack = SEEDS >= 1000 ? 1 : 1.3;
    double error = Double.parseDouble(Cli.memberOf(line, "rms_error"));
    assertTrue(error <= errorMax * slack, line);
    assertTrue(Double.parseDouble(Cli.memberOf(line, "held")) >= HELD_MIN, line);
    boolean exact = Integer.parseInt(Cli.memberOf(line, "exact")) == SEEDS;
    assertEquals(exact, error == 0, line);
  }
}
