package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;

/** {@code watch} as a process, at a node that is one too. */
class WatchCommandTest {
  @TempDir Path folder;
  private RealProcess node;
  private String at;
  private int stored;

  @BeforeEach
  void startANode() throws Exception {
    node = RealProcess.node(folder, "a", "watch-" + folder.getFileName(), "--json");
    at = node.readyEndpoint();
  }

  @AfterEach
  void stopIt() {
    node.close();
  }

  private Id store() {
    try (Client client = Client.of(at)) {
      byte[] bytes = ("watched " + stored++).getBytes(StandardCharsets.UTF_8);
      return client.store(bytes).join().id();
    }
  }

  /** Starts it, and returns when it watches. */
  private RealProcess watch(String... more) throws Exception {
    String[] args = new String[more.length + 4];
    System.arraycopy(more, 0, args, 4, more.length);
    args[0] = "watch";
    args[1] = "all";
    args[2] = "--node";
    args[3] = at;
    RealProcess watch = RealProcess.start(folder, args);
    awaitErr(watch, "Watching from cursor ");
    return watch;
  }

  private static void awaitErr(RealProcess process, String text) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!process.err().contains(text)) {
      assertTrue(System.nanoTime() < deadline, () -> "no '" + text + "'");
    }
  }

  @Test
  void printsALineForEachChangeUntilItHasPrintedSoMany() throws Exception {
    try (RealProcess watch = watch("--json", "--count", "2")) {
      Id first = store();
      String line = watch.line();
      assertEquals("added", Cli.memberOf(line, "event"));
      assertEquals(first.toHex(), Cli.memberOf(line, "id"));
      Id second = store();
      assertEquals(second.toHex(), Cli.memberOf(watch.line(), "id"));
      assertEquals(Main.DONE, watch.exitCode());

      String cursor = Cli.memberOf(line, "cursor");
      Cli.Outcome resumed =
          Cli.run("watch", "all", "--node", at, "--since", cursor, "--count", "1");
      assertEquals(Main.DONE, resumed.code());
      assertEquals(List.of("added", second.toHex()), words(resumed).subList(0, 2));
      assertEquals("Watching from cursor " + cursor + "; Ctrl-C stops.\n", resumed.err());
    }
  }

  private static List<String> words(Cli.Outcome outcome) {
    return List.of(outcome.out().strip().split(" +"));
  }

  @Test
  void tellsAFileByItsManifest() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1_500_000]);
    try (RealProcess watch = watch("--json", "--count", "3")) {
      Cli.Outcome stored = Cli.run("store", "--node", at, "--json", file.toString()).expectDone();
      String last = "";
      for (int i = 0; i < 3; i++) {
        last = watch.line();
      }
      assertEquals(stored.member("id"), Cli.memberOf(last, "id"));
      assertEquals("file", Cli.memberOf(last, "kind"));
      assertEquals("1500000", Cli.memberOf(last, "size"));
      assertEquals(Main.DONE, watch.exitCode());
    }
  }

  @Test
  void watchesASliceAlone() throws Exception {
    try (RealProcess all = watch("--json")) {
      Id first = store();
      assertEquals(first.toHex(), Cli.memberOf(all.line(), "id"));
    }
    // from there on everything is of the slice, or nothing
    String others = "00000000..00000001";
    try (RealProcess none = RealProcess.start(folder, "watch", others, "--node", at, "--json")) {
      awaitErr(none, "Watching from cursor ");
      store();
      none.terminate();
      assertEquals(Main.DONE, none.exitCode());
      assertFalse(none.err().contains("ringslice:"), none.err());
    }
  }

  @Test
  void isEndedByASignalAsWhatItIsFor() throws Exception {
    try (RealProcess watch = watch()) {
      watch.terminate();
      assertEquals(Main.DONE, watch.exitCode());
    }
  }

  @Test
  void saysThatTheNodeIsLostAndGoesOnWhenItIsBack() throws Exception {
    try (RealProcess watch = watch("--json")) {
      Id before = store();
      assertEquals(before.toHex(), Cli.memberOf(watch.line(), "id"));
      node.signal("KILL");
      awaitErr(watch, "watching goes on when the node is back");
      node.close();
      startANode();
      Id after = store();
      assertEquals(after.toHex(), Cli.memberOf(watch.line(), "id"));
      awaitErr(watch, "The node is back.");
    }
  }

  @Test
  void waitsForANodeThatIsKilledBeforeItToldOfAnything() throws Exception {
    try (RealProcess watch = watch("--json")) {
      node.signal("KILL");
      awaitErr(watch, "watching goes on when the node is back");
      node.close();
      startANode();
      Id after = store();
      assertEquals(after.toHex(), Cli.memberOf(watch.line(), "id"));
      awaitErr(watch, "The node is back.");
      watch.terminate();
      assertEquals(Main.DONE, watch.exitCode());
      assertEquals(watch.err().indexOf("goes on"), watch.err().lastIndexOf("goes on"));
    }
  }

  @Test
  void refusesACursorOfAFutureThatWasUndoneWithTheDataFolder() throws Exception {
    String before = cursorOfAChange();
    node.terminate();
    node.exitCode();
    Path data = folder.resolve("a");
    Path backup = folder.resolve("backup");
    copy(data, backup);
    node.close();
    startANode();
    String undone = cursorOfAChange();
    node.signal("KILL");
    node.close();
    Files.move(data, folder.resolve("undone"));
    Files.move(backup, data);
    startANode();
    Id after = store();

    Cli.Outcome refused = Cli.run("watch", "all", "--node", at, "--since", undone);
    assertEquals(Main.COULD_NOT, refused.code());
    assertTrue(refused.err().contains("its data folder is put back from a copy"), refused.err());
    Cli.Outcome resumed = Cli.run("watch", "all", "--node", at, "--since", before, "--count", "1");
    assertEquals(List.of("added", after.toHex()), words(resumed).subList(0, 2));
  }

  private String cursorOfAChange() throws Exception {
    try (RealProcess watch = watch("--json", "--count", "1")) {
      store();
      return Cli.memberOf(watch.line(), "cursor");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  @Test
  void saysHowToBeginAnewWhenTheCursorIsNone() {
    Cli.Outcome outcome = Cli.run("watch", "all", "--node", at, "--since", "12-34");

    assertEquals(Main.COULD_NOT, outcome.code());
    assertTrue(
        outcome.err().endsWith("watch from now on, without one, and list the slice\n"),
        outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void isNotThereWithoutANode() {
    node.close();

    assertEquals(Main.COULD_NOT, Cli.run("watch", "all", "--node", "127.0.0.1:1").code());
  }
}
