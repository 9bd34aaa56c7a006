package org.ringslice.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that tell of the whole ring, and the cluster that they are tried on. */
class RingCommandsTest {
  private static final int NODES = 3;
  private static final String NO_ITEM = "12345678" + "9".repeat(56);

  @TempDir static Path folder;
  private static RealProcess cluster;
  private static final List<String> ids = new ArrayList<>();
  private static String item;

  @BeforeAll
  static void startACluster() throws Exception {
    cluster = start();
    for (int i = 0; i < NODES; i++) {
      ids.add(Cli.memberOf(cluster.line(), "id"));
    }
    await("all to be active", RingCommandsTest::knowEachOther);
    item = store("an item of all tests");
  }

  private static RealProcess start() throws Exception {
    return RealProcess.start(
        folder,
        "cluster",
        Integer.toString(NODES),
        "--json",
        "--no-mdns",
        "--bind",
        "127.0.0.1",
        "--network",
        "ring-commands",
        "--dir",
        folder.resolve("cluster").toString());
  }

  @AfterAll
  static void stopIt() {
    cluster.close();
  }

  private static String dir(int number) {
    return folder.resolve("cluster").resolve("node-" + number).toString();
  }

  private static Cli.Outcome on(int number, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--dir", dir(number)));
    return Cli.run(all.toArray(String[]::new));
  }

  private static boolean knowEachOther() {
    for (int i = 1; i <= NODES; i++) {
      List<String> peers = on(i, "peers", "--json").lines();
      boolean all =
          peers.size() == NODES - 1
              && peers.stream().allMatch(peer -> peer.contains("\"state\":\"active\""));
      if (!all) {
        return false;
      }
    }
    return true;
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  private static String store(String text) {
    return Cli.run(text.getBytes(UTF_8), Map.of(), "store", "-", "--json", "--dir", dir(1))
        .expectDone()
        .member("id");
  }

  private static Cli.Outcome fullStatus() {
    await("all copies", () -> on(1, "status").out().contains("\nfully replicated: "));
    return on(2, "status", "--json").expectDone();
  }

  @Test
  void statusAddsUpTheWholeRing() {
    Cli.Outcome outcome = fullStatus();

    assertEquals("3", outcome.member("nodes"));
    assertTrue(Integer.parseInt(outcome.member("items")) >= 1, outcome.out());
    assertEquals("true", outcome.member("fully_replicated"));
    assertEquals("0", outcome.member("under_replicated"));
    assertEquals("0", outcome.member("syncing"));
    assertEquals("[]", outcome.member("missing"));
  }

  @Test
  void tellsHowManyNodesAndItemsThereAre() {
    String items = fullStatus().member("items");
    Cli.Outcome outcome = on(3, "size", "--json").expectDone();

    for (String key : List.of("nodes", "nodes_low", "nodes_high")) {
      assertEquals("3", outcome.member(key), key);
    }
    for (String key : List.of("items", "items_low", "items_high")) {
      assertEquals(items, outcome.member(key), key);
    }
    assertEquals("true", outcome.member("exact"));
    assertEquals("true", outcome.member("items_exact"));
    assertEquals(
        "nodes   3, exactly\nitems   " + items + ", exactly\n",
        on(1, "size", "--calls", "64").expectDone().out());
  }

  @Test
  void countsEachItemOfTheRingOnceAndThoseThatANodeHolds() {
    String items = fullStatus().member("items");
    Cli.Outcome outcome = on(3, "count", "all", "--json").expectDone();

    assertEquals(items, outcome.member("items"));
    assertTrue(Long.parseLong(outcome.member("bytes")) > 0, outcome.out());
    // three nodes hold a copy each
    assertEquals(outcome.out(), on(2, "count", "all", "--local", "--json").expectDone().out());
    assertTrue(on(1, "count", "all").expectDone().out().startsWith("items   " + items + "\n"));
    on(1, "count").expectWrongUsage("Missing required parameter: 'SLICE'");
  }

  @Test
  void aWatchedStatusTellsOfAChange() throws Exception {
    fullStatus();
    try (RealProcess watch =
        RealProcess.start(folder, "status", "--watch", "--json", "--dir", dir(3))) {
      long before = Long.parseLong(Cli.memberOf(watch.line(), "items"));
      store("an item that comes while somebody watches");
      String line = watch.line();
      // the copies of other tests' items may still be on their way
      while (Long.parseLong(Cli.memberOf(line, "items")) <= before) {
        line = watch.line();
      }
      assertEquals("3", Cli.memberOf(line, "nodes"));
    }
  }

  @Test
  void showsTheWayOfALookUpToTheOwner() {
    for (int number = 1; number <= NODES; number++) {
      String last = ids.get(2);
      List<String> lines = on(number, "route", last, "--json").expectDone().lines();
      assertEquals(number == 3 ? 1 : 2, lines.size());
      assertEquals(ids.get(number - 1), Cli.memberOf(lines.get(0), "id"));
      String owner = lines.get(lines.size() - 1);
      assertEquals(last, Cli.memberOf(owner, "id"));
      assertTrue(owner.contains("\"hop\":" + (lines.size() - 1)), owner);
      assertTrue(owner.contains("\"endpoint\":\"127.0.0.1:"), owner);
      assertTrue(owner.contains("\"micros\":"), owner);
    }
    assertTrue(on(1, "route", ids.get(2)).expectDone().out().startsWith("hop  id"));
  }

  @Test
  void explainsWhereAnItemIs() {
    fullStatus();
    List<String> lines = on(2, "explain", item.substring(0, 8), "--json").expectDone().lines();

    assertEquals(item, Cli.memberOf(lines.get(0), "home"));
    List<String> homes = lines.stream().filter(line -> line.contains("\"role\":\"home\"")).toList();
    assertEquals(4, homes.size());
    assertTrue(lines.stream().allMatch(line -> line.contains("\"has\":true,\"why\":\"\"")));
    assertTrue(ids.stream().allMatch(id -> lines.toString().contains("\"holder\":\"" + id)));
    String text = on(2, "explain", item).expectDone().out();
    String home = "home +0  " + item.substring(0, 8) + "  node [0-9a-f]{8}  has it";
    assertEquals(item + "  3 of 3 copies", text.lines().findFirst().get());
    assertTrue(text.lines().skip(1).findFirst().get().matches(home), text);
  }

  @Test
  void saysThatNobodyHasAnItem() {
    Cli.Outcome outcome = on(1, "explain", NO_ITEM);

    assertEquals(Main.COULD_NOT, outcome.code());
    String beginning = "ringslice: no node that answers has " + NO_ITEM + "; it would be kept by ";
    assertTrue(outcome.err().startsWith(beginning), outcome.err());
    assertEquals("", outcome.out());
    on(1, "explain", NO_ITEM.substring(0, 8))
        .expectCouldNot("there is no item whose id begins with 12345678");
  }

  @Test
  void showsTheRing() {
    List<String> lines = on(2, "ring", "--json").expectDone().lines();
    double shares =
        lines.stream().mapToDouble(line -> Double.parseDouble(Cli.memberOf(line, "share"))).sum();

    assertEquals(ids.stream().sorted().toList(), lines.stream().map(this::id).toList());
    assertEquals(1, shares, 1e-5);
    String asked = lines.stream().filter(line -> line.contains("\"asked\":true")).findFirst().get();
    assertEquals(ids.get(1), id(asked));
    List<String> picture = on(2, "ring").expectDone().lines();
    assertEquals(17 + 1 + 1 + NODES + 1, picture.size(), String.join("\n", picture));
    assertTrue(picture.stream().allMatch(line -> line.length() <= Screen.COLUMNS_DEFAULT));
  }

  private String id(String line) {
    return Cli.memberOf(line, "id");
  }

  @Test
  void showsWhatANodeRoutesBy() {
    Cli.Outcome outcome = on(1, "table", "--json").expectDone();
    List<String> routes = outcome.lines().subList(0, NODES - 1);

    assertEquals("previous", Cli.memberOf(routes.get(0), "kind"));
    assertEquals("next", Cli.memberOf(routes.get(1), "kind"));
    for (String route : routes) {
      assertTrue(ids.subList(1, NODES).contains(id(route)), route);
      assertEquals("ready", Cli.memberOf(route, "state"));
      assertTrue(Cli.memberOf(route, "endpoint").startsWith("127.0.0.1:"), route);
      assertTrue(Integer.parseInt(Cli.memberOf(route, "pending")) >= 0, route);
    }
    String last = outcome.lines().get(NODES - 1);
    assertTrue(Integer.parseInt(Cli.memberOf(last, "guests")) >= 1, last);
    assertTrue(Integer.parseInt(Cli.memberOf(last, "serving")) >= 1, last);
    String text = on(1, "table").expectDone().out();
    assertTrue(text.startsWith("kind      id        endpoint"), text);
    assertTrue(text.contains(" being served\n"), text);
  }

  @Test
  void aClusterStopsWithinTwoSecondsAndHasItsItemsTheNextTime(@TempDir Path other)
      throws Exception {
    String[] args = {
      "cluster", "2", "--no-mdns", "--bind", "127.0.0.1", "--network", "again", "--dir", "" + other
    };
    String at = other.resolve("node-2").toString();
    String id;
    try (RealProcess first = RealProcess.start(folder, args)) {
      assertTrue(first.line().endsWith("/node-1; Ctrl-C stops all."));
      first.line();
      id = Cli.run("store", "-", "--json", "--dir", at).expectDone().member("id");
      long begin = System.nanoTime();
      first.terminate();
      assertEquals(Main.DONE, first.exitCode());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      assertTrue(millis < 2_000, "it took " + millis + " ms");
      assertTrue(first.line().matches("Node [0-9a-f]{8} goes; .*"));
      assertTrue(first.line().matches("Node [0-9a-f]{8} goes; .*"));
    }
    try (RealProcess again = RealProcess.start(folder, args)) {
      again.line();
      again.line();
      assertEquals("", Cli.run("get", id, "--dir", at).expectDone().out());
    }
  }

  @Test
  void aClusterThatCanNotStartSaysWhy() throws Exception {
    try (RealProcess twice = start()) {
      assertEquals(Main.COULD_NOT, twice.exitCode());
      assertTrue(twice.err().contains("is in use by another node"), twice.err());
    }
  }
}
