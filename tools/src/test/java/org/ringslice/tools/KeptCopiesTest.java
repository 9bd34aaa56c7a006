package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;
import org.ringslice.sync.Homes;

/**
 * Nodes as processes of their own: newcomers take an item from the two that held it, and die
 * together.
 */
class KeptCopiesTest {
  private static final long SECONDS_MAX = 90;

  /** From a death until everything has all its copies again. */
  private static final long WHOLE_SECONDS_MAX = 30;

  @TempDir Path folder;

  private final String network = "kept-" + Long.toHexString(System.nanoTime());
  private final List<RealProcess> processes = new ArrayList<>();
  private String first;

  @AfterEach
  void stopAll() {
    processes.forEach(RealProcess::close);
  }

  private String start(String name, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("--json"));
    args.addAll(List.of(more));
    if (first != null) {
      args.addAll(List.of("--peer", first));
    }
    RealProcess process = RealProcess.smallNode(folder, name, network, args.toArray(String[]::new));
    processes.add(process);
    return process.readyEndpoint();
  }

  private static void await(String what, long secondsMax, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  private static boolean isWhole(String node, int nodes) {
    Cli.Outcome outcome = Cli.run("status", "--json", "--node", node);
    return outcome.code() == Main.DONE
        && outcome.member("fully_replicated").equals("true")
        && outcome.member("nodes").equals(Integer.toString(nodes));
  }

  private static boolean holds(String node, Id item) {
    return Cli.run("list", "--local", "--json", "--node", node).out().contains(item.toHex());
  }

  @Test
  void aCopyStaysWithWhoHeldItUntilThoseWhoTookItHaveStayed() throws Exception {
    first = start("keeps");
    String second = start("gives-up", "--keep-copies-for", "0s");
    byte[] bytes = "taken by newcomers".getBytes(StandardCharsets.UTF_8);
    try (Client client = Client.of(first)) {
      await("two nodes", SECONDS_MAX, () -> isWhole(first, 2));
      Id item = client.store(bytes).join().id();
      await("both to hold it", SECONDS_MAX, () -> holds(first, item) && holds(second, item));
      for (Id home : new Homes(2).homes(item)) {
        start("newcomer-" + home, "--id", home.toHex());
      }
      await("six nodes", SECONDS_MAX, () -> isWhole(first, 6));
      await("one to give it up", SECONDS_MAX, () -> !holds(second, item));
      assertTrue(holds(first, item), "the other keeps it for a day");

      for (RealProcess newcomer : processes.subList(2, 6)) {
        newcomer.signal("KILL");
      }
      await("all copies", WHOLE_SECONDS_MAX, () -> holds(second, item));
      await("all to be well", WHOLE_SECONDS_MAX, () -> isWhole(second, 2));
      assertArrayEquals(bytes, client.get(item).join());
      assertFalse(Cli.run("get", item.toHex(), "--node", second).expectDone().out().isEmpty());
    }
  }
}
