package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench load} shows what the choice of a place is good for. */
class LoadBenchTest {
  @TempDir Path folder;

  @Test
  void chosenPlacesAreEvener() throws Exception {
    try (RealProcess bench =
        RealProcess.start(folder, "bench", "load", "--seeds", "20", "--json")) {
      for (int nodes : new int[] {3, 8, 16, 64}) {
        String random = bench.line();
        String evened = bench.line();
        assertTrue(Cli.memberOf(random, "params").startsWith(nodes + " nodes, 4 copies"), random);
        // three nodes hold everything, wherever they are
        assertTrue(median(evened) <= median(random) - (nodes == 3 ? 0 : 0.3), random + evened);
        assertTrue(median(evened) >= 1, evened);
      }
      assertEquals(Main.DONE, bench.exitCode());
    }
  }

  private static double median(String line) {
    return Double.parseDouble(Cli.memberOf(line, "median"));
  }
}
