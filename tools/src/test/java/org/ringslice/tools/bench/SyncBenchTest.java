package org.ringslice.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncBenchTest {
  @Test
  void printsALineForEachPairOfSets() {
    for (boolean clustered : new boolean[] {false, true}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

      new SyncBench(out, true, 1, clustered).run(10_000);

      List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
      assertEquals(10, lines.size());
      assertTrue(lines.get(5).contains("\"differing\":1000,"), lines.get(5));
      assertTrue(lines.get(5).contains("\"riblt_bytes\":27195,"), lines.get(5));
      assertTrue(lines.get(5).contains("\"bound_bytes\":729,"), lines.get(5));
    }
  }
}
