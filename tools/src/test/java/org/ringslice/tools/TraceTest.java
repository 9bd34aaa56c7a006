package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Type;

/** What a node prints of its messages. */
class TraceTest {
  @TempDir Path folder;

  @Test
  void printsTheMessagesOfAnItemAndTheTableOfTheRing() throws Exception {
    try (RealProcess node = RealProcess.node(folder, "a", "traced", "--trace", "--json")) {
      String endpoint = node.readyEndpoint();
      String dir = folder.resolve("a").toString();
      String item = Cli.run("store", "-", "--json", "--dir", dir).expectDone().member("id");
      String store = await(node, line -> line.contains("\"type\":\"Store\""));
      assertEquals("in", Cli.memberOf(store, "direction"));
      assertEquals("request", Cli.memberOf(store, "form"));
      assertEquals("0", Cli.memberOf(store, "hop"));
      assertEquals(64, Cli.memberOf(store, "peer").length());
      String stored = await(node, line -> line.contains("\"type\":\"Store\""));
      assertEquals("out", Cli.memberOf(stored, "direction"));
      assertEquals("answer", Cli.memberOf(stored, "form"));
      Cli.run("get", item, "--dir", dir).expectDone();
      String get = await(node, line -> line.contains("\"type\":\"GetItem\""));
      assertEquals(item, Cli.memberOf(get, "target"));

      try (RealProcess other =
          RealProcess.node(folder, "b", "traced", "--json", "--peer", endpoint)) {
        String id = Cli.memberOf(other.line(), "id");
        await(node, line -> line.contains("\"event\":\"table\"") && line.contains(id));
      }
    }
  }

  private static String await(RealProcess node, Predicate<String> wanted) throws Exception {
    String line = node.line();
    while (!wanted.test(line)) {
      line = node.line();
    }
    return line;
  }

  @Test
  void isReadByPeopleToo() throws Exception {
    try (RealProcess node = RealProcess.node(folder, "a", "traced-text", "--trace")) {
      node.line();
      Cli.run("id", "--dir", folder.resolve("a").toString()).expectDone();
      String time = "[0-9:]{8}\\.[0-9]{6}Z";
      String line = node.line();
      assertTrue(
          line.matches(time + "  in   GetID         request  target 0{8}  hop 0  from [0-9a-f]{8}"),
          line);
      assertTrue(node.line().matches(time + "  out  GetID         answer .* to [0-9a-f]{8}"));
    }
  }

  @Test
  void typesAreNamedAsTheProtocolNamesThem() {
    assertEquals("GetID", MessageTrace.name(Type.GET_ID.code()));
    assertEquals("GetPrevPeer", MessageTrace.name(Type.GET_PREV_PEER.code()));
    assertEquals("type 99", MessageTrace.name(99));
  }
}
