package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Type;
import org.ringslice.node.Protocol;

/** Holds what {@code PROTOCOL.md} tells of nodes, beside their messages, against the code. */
class SpecifiedNodeTest {
  @TempDir private Path folder;

  @Test
  void whatLiesInADataFolderIsWhatTheTableTells() throws Exception {
    NodeConfig config = NodeConfig.in(folder.resolve("data")).bind("127.0.0.1").mdns(false);
    TreeSet<String> files = new TreeSet<>();
    try (Node node = Node.start(config.network("test-" + folder.getFileName()))) {
      node.store(new byte[100_000]).join();
      files.addAll(filesIn(folder.resolve("data")));
    }
    files.addAll(filesIn(folder.resolve("data")));
    List<String> told = Protocol.table("path").stream().map(row -> row.get(0)).toList();

    assertEquals(
        List.of(),
        files.stream().filter(file -> told.stream().noneMatch(path -> isAt(file, path))).toList());
    for (String path :
        List.of("lock", "node.properties", "endpoint", "items/index/", "items/blocks/")) {
      assertTrue(told.contains(path), path);
      assertTrue(files.stream().anyMatch(file -> isAt(file, path)), path);
    }
    List<String> identity = Files.readAllLines(folder.resolve("data/node.properties"));
    String keys = Protocol.table("path").get(told.indexOf("node.properties")).get(1);
    for (String line : identity.subList(0, identity.size() - 1)) {
      assertTrue(keys.contains(line.substring(0, line.indexOf('='))), line);
    }
    assertTrue(identity.get(identity.size() - 1).matches("check=[0-9a-f]{8}"));
  }

  private static boolean isAt(String file, String path) {
    return path.endsWith("/") ? file.startsWith(path) : file.equals(path);
  }

  private static List<String> filesIn(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(each -> root.relativize(each).toString())
          .toList();
    }
  }

  @Test
  void eachTypeHasItsDeadlines() {
    List<String> types = Arrays.stream(Type.values()).map(Enum::name).sorted().toList();
    List<String> told =
        Protocol.table("message").stream().map(row -> constantName(row.get(0))).sorted().toList();
    assertEquals(types, told);
  }

  private static String constantName(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  /** The constants by which one node gives another up. */
  private static final Map<String, String> WAITS =
      Map.ofEntries(
          Map.entry("GetID", "ring.Dialler.DIAL_NANOS_MAX"),
          Map.entry("GetPrevItem", "items.OwnerWalk.TIMEOUT_NANOS"),
          Map.entry("GetNextItem", "items.OwnerWalk.TIMEOUT_NANOS"),
          Map.entry("GetThings", "items.OwnerWalk.TIMEOUT_NANOS"),
          Map.entry("GetCount", "items.OwnerWalk.TIMEOUT_NANOS"),
          Map.entry("GetItem", "items.Getting.ATTEMPT_NANOS"),
          Map.entry("Store", "items.Storing.DEADLINE_NANOS"),
          Map.entry("ExchangeView", "ring.Gossip.TIMEOUT_NANOS"),
          Map.entry("HaveItems", "items.Having.TIMEOUT_NANOS"),
          Map.entry("GetStatus", "replica.Status.TIMEOUT_NANOS"),
          Map.entry("Explain", "replica.Explaining.TIMEOUT_NANOS"),
          Map.entry("GetSummaries", "replica.Comparison.TIMEOUT_NANOS"),
          Map.entry("Slice", "replica.Asking.TIMEOUT_NANOS"),
          Map.entry("Watch", "replica.SourceThere.WATCH_NANOS"),
          Map.entry("KeepArcs", "ring.Keeping.TIMEOUT_NANOS"),
          Map.entry("GetMessage", "talk.Messaging.TIMEOUT_NANOS"),
          Map.entry("Broadcast", "talk.Broadcasting.TIMEOUT_NANOS"),
          Map.entry("GetPlace", "ring.Routing.DEADLINE_NANOS"),
          Map.entry("GetHealth", "replica.Health.TIMEOUT_NANOS"),
          Map.entry("GetFeatures", "ring.Features.TIMEOUT_NANOS"));

  @Test
  void nodesWaitForEachOtherAsLongAsTheTableTells() throws Exception {
    Map<String, Double> told = new TreeMap<>();
    for (List<String> row : Protocol.table("message")) {
      if (!row.get(3).equals("-")) {
        told.put(row.get(0), Double.valueOf(row.get(3)));
      }
    }
    Map<String, Double> inCode = new TreeMap<>();
    for (Map.Entry<String, String> each : WAITS.entrySet()) {
      inCode.put(each.getKey(), seconds(each.getValue()));
    }
    inCode.put(
        "Heartbeat", constant("ring.Heartbeats.ASKS_MAX") * seconds("ring.Heartbeats.AGAIN_NANOS"));
    assertEquals(inCode, told);
  }

  private static double seconds(String constant) throws ReflectiveOperationException {
    return constant(constant) / 1e9;
  }

  private static long constant(String name) throws ReflectiveOperationException {
    int dot = name.lastIndexOf('.');
    Class<?> part = Class.forName("org.ringslice.node." + name.substring(0, dot));
    Field field = part.getDeclaredField(name.substring(dot + 1));
    field.setAccessible(true);
    return ((Number) field.get(null)).longValue();
  }
}
