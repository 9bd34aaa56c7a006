package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration, as people run it. */
class DemoTest {
  private static final List<String> STEPS =
      List.of(
          "start", "find", "watch", "store", "told", "peers", "items", "kill", "get", "repair",
          "clean");

  @TempDir Path folder;

  @Test
  void allOfItWorks() throws Exception {
    try (RealProcess demo = RealProcess.start(folder, "demo", "--json")) {
      for (String step : STEPS) {
        String line = demo.line();
        assertEquals(step, Cli.memberOf(line, "step"));
        assertEquals("true", Cli.memberOf(line, "ok"), demo.err());
      }
      assertEquals(Main.DONE, demo.exitCode());
      assertEquals("", demo.err());
    }
  }

  @Test
  void leavesNothingBehindWhenItIsInterrupted() throws Exception {
    try (RealProcess demo = RealProcess.start(folder, "demo")) {
      assertTrue(demo.line().startsWith("1. Six nodes start"));
      Path place = Path.of(demo.line().strip().substring("in ".length()));
      assertTrue(demo.line().contains("node "));
      List<ProcessHandle> nodes = demo.descendants();
      assertEquals(Demo.NODES, nodes.size());

      demo.terminate();
      demo.exitCode();

      CompletableFuture.allOf(
              nodes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(20, TimeUnit.SECONDS);
      assertFalse(Files.exists(place), place + " is still there");
    }
  }
}
