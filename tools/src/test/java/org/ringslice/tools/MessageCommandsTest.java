package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code message}, {@code broadcast} and {@code messages}, between two nodes as processes. */
class MessageCommandsTest {
  private static final String FIRST_ID = "20" + "0".repeat(62);
  private static final String SECOND_ID = "a0" + "0".repeat(62);

  @TempDir Path folder;
  private RealProcess first;
  private RealProcess second;
  private String firstAt;
  private String secondAt;

  @BeforeEach
  void startTwoNodes() throws Exception {
    String network = "talk-" + folder.getFileName();
    first = RealProcess.node(folder, "a", network, "--json", "--id", FIRST_ID);
    firstAt = first.readyEndpoint();
    second = RealProcess.node(folder, "b", network, "--json", "--id", SECOND_ID, "--peer", firstAt);
    secondAt = second.readyEndpoint();
    await("both to be active", () -> isActive(firstAt) && isActive(secondAt));
  }

  private static boolean isActive(String node) {
    List<String> peers = Cli.run("peers", "--node", node, "--json").lines();
    return peers.size() == 1 && peers.get(0).contains("\"state\":\"active\"");
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  @AfterEach
  void stopThem() {
    first.close();
    second.close();
  }

  private static Cli.Outcome at(String node, String... words) {
    return Cli.run(
        Stream.concat(Stream.of(words), Stream.of("--node", node)).toArray(String[]::new));
  }

  @Test
  void aMessageGoesToOneNodeAndABroadcastToBoth() {
    Cli.Outcome told = at(firstAt, "message", "a0000000", "tea \"now\"", "--json").expectDone();
    assertEquals(FIRST_ID, told.member("from"));
    assertEquals(SECOND_ID, told.member("to"));
    Cli.Outcome toAll = at(secondAt, "broadcast", "f\u00fcr alle\u001b[31m", "--json").expectDone();
    assertEquals(SECOND_ID, toAll.member("from"));
    await("it", () -> at(firstAt, "messages").lines().size() == 1);

    assertEquals(
        List.of("20000000  message    tea \"now\"", "a0000000  broadcast  f\u00fcr alle?[31m"),
        at(secondAt, "messages").expectDone().lines());
    Cli.Outcome json = at(firstAt, "messages", "--json").expectDone();
    assertEquals(toAll.member("guid"), json.member("guid"));
    assertEquals(32, json.member("guid").length());
    assertEquals(SECOND_ID, json.member("from"));
    assertEquals("broadcast", json.member("kind"));
    assertEquals("f\u00fcr alle\\u001b[31m", json.member("text"));
  }

  @Test
  void waitsForAsManyAsAreWanted() throws Exception {
    String sent = at(firstAt, "broadcast", "one").expectDone().out().substring(0, 8);
    RealProcess follower =
        RealProcess.start(folder, "messages", "--count", "2", "--json", "--node", secondAt);
    try (follower) {
      assertTrue(Cli.memberOf(follower.line(), "guid").startsWith(sent));
      assertEquals(
          "a0000000",
          at(firstAt, "message", SECOND_ID, "two").expectDone().lines().get(0).substring(21));
      String two = follower.line();
      assertEquals("two", Cli.memberOf(two, "text"));
      assertEquals("message", Cli.memberOf(two, "kind"));
      assertEquals("2", Cli.memberOf(two, "sequence"));
      assertEquals(Main.DONE, follower.exitCode());
    }
  }

  @Test
  void followsUntilItIsStopped() throws Exception {
    try (RealProcess follower =
        RealProcess.start(folder, "messages", "--follow", "--node", secondAt)) {
      at(secondAt, "broadcast", "hello").expectDone();
      assertEquals("a0000000  broadcast  hello", follower.line());
      follower.terminate();
      assertEquals(Main.DONE, follower.exitCode());
    }
  }

  @Test
  void waitsForANodeThatIsKilledBeforeAMessageCame() throws Exception {
    int before = questionsThatWait(secondAt);
    try (RealProcess follower =
        RealProcess.start(folder, "messages", "--follow", "--node", secondAt)) {
      await("its question", () -> questionsThatWait(secondAt) > before);
      second.signal("KILL");
      second.close();
      awaitErr(follower, "goes on when the node is back");
      second =
          RealProcess.node(
              folder, "b", "talk-" + folder.getFileName(), "--json", "--peer", firstAt);
      assertEquals(secondAt, second.readyEndpoint());
      at(secondAt, "broadcast", "hello").expectDone();
      assertEquals("a0000000  broadcast  hello", follower.line());
      awaitErr(follower, "The node is back.");
    }
  }

  private static int questionsThatWait(String node) {
    List<String> table = at(node, "table", "--json").expectDone().lines();
    return Integer.parseInt(Cli.memberOf(table.get(table.size() - 1), "serving"));
  }

  private static void awaitErr(RealProcess process, String text) {
    await(
        text,
        () -> {
          try {
            return process.err().contains(text);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void saysWhatIsWrong() {
    at(firstAt, "message", "12345678", "hello")
        .expectCouldNot("there is no node whose id begins with 12345678");
    at(firstAt, "message", "1234567890".repeat(6) + "1234", "hello")
        .expectCouldNot("there is no node 12345678 on the ring; 'peers' lists those there are");
    at(firstAt, "broadcast", "x".repeat(4097))
        .expectCouldNot(
            "a message of 4097 bytes; at most 4096: store it as an item, and send its id");
    Cli.Outcome none = at(firstAt, "messages");
    assertEquals("No message has come since the node was started.\n", none.err());
    assertEquals(Main.DONE, none.code());
  }
}
