package org.ringslice.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.files.CopyDemand;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.files.TooFewCopiesException;
import org.ringslice.node.runtime.Client;

/** What is said of too few copies, by a node that is alone, where that matters. */
class FewCopiesTest {
  private static final String ID = "20" + "0".repeat(62);
  private static final String TOO_FEW =
      "durable on 1 of 1 node (20000000), and 3 copies were asked for: the ring keeps 1 of an item"
          + " as it stands, one on each node and at most 2^N by its mask bits; start more nodes,"
          + " and store it again";

  @TempDir static Path folder;
  private static RealProcess alone;
  private static String at;

  @BeforeAll
  static void startOneNode() throws Exception {
    alone = RealProcess.node(folder, "a", "few-copies", "--json", "--id", ID);
    at = alone.readyEndpoint();
    awaitTheRing(at);
  }

  /** It begins a ring of its own when it has heard of nobody for a while. */
  private static void awaitTheRing(String node) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!Cli.run("status", "--json", "--node", node).member("syncing").equals("0")) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for it to be on the ring");
    }
  }

  @AfterAll
  static void stopIt() {
    alone.close();
  }

  private static Cli.Outcome store(String stdin, Map<String, String> environment, String... args) {
    String[] all =
        Stream.of(Stream.of("store", "--node", at), Stream.of(args))
            .flatMap(each -> each)
            .toArray(String[]::new);
    return Cli.run(stdin.getBytes(UTF_8), environment, all);
  }

  private static void expectTooFew(String name, Cli.Outcome outcome) {
    assertEquals("ringslice: " + name + " is " + TOO_FEW + "\n", outcome.err());
    assertEquals(Main.COULD_NOT, outcome.code());
    assertTrue(outcome.out().contains("  1 of 1 copies  "), outcome.out());
  }

  @Test
  void fewerCopiesThanNeededAreAFailureAndWhatWasReachedIsPrinted() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "a small file");
    Path large = Files.write(folder.resolve("large"), new byte[3 * Limits.BLOCK_BYTES_MAX]);
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("one"), "of a tree");
    Files.writeString(tree.resolve("two"), "of this tree");
    String[] needed = {"--min-copies", "3"};

    for (Path each : List.of(file, large, tree)) {
      expectTooFew(each.toString(), store("", Map.of(), "--min-copies", "3", each.toString()));
    }
    expectTooFew("stdin", store("by stdin", Map.of(), "--min-copies=3", "-"));
    expectTooFew("stdin", store("raw", Map.of(), "--raw", needed[0], needed[1], "-"));
    expectTooFew(file.toString(), store("", Map.of("RINGSLICE_MIN_COPIES", "3"), file.toString()));

    Cli.Outcome both =
        store("", Map.of(), "--json", "--min-copies", "3", file.toString(), tree.toString());
    assertEquals(Main.COULD_NOT, both.code());
    assertEquals(2, both.lines().size());
    assertEquals(2, both.err().lines().count());
  }

  @Test
  void theOptionGoesBeforeTheVariableAndOneCopyIsThere() {
    Map<String, String> variable = Map.of("RINGSLICE_MIN_COPIES", "3");

    store("either", variable, "--min-copies", "1", "-").expectDone();
    store("or", Map.of(), "-").expectDone();
  }

  @Test
  void aProgramIsToldWhatWasReached() throws IOException {
    try (Client client = Client.of(at)) {
      byte[] blob = {1, 2, 3};
      CompletionException thrown =
          assertThrows(
              CompletionException.class, () -> client.store(blob, CopyDemand.of(3)).join());
      TooFewCopiesException tooFew = (TooFewCopiesException) thrown.getCause();
      assertEquals(TOO_FEW, tooFew.getMessage());
      assertEquals(1, tooFew.stored().copies());
      assertEquals(List.of(Id.fromHex(ID)), tooFew.stored().holders());
      assertEquals(1, client.store(blob, CopyDemand.of(1)).join().copies());

      Path file = Files.writeString(folder.resolve("of a program"), "x");
      TooFewCopiesException ofFile =
          assertThrows(
              TooFewCopiesException.class,
              () -> client.files().store(file, Progress.NONE, CopyDemand.of(3)));
      assertEquals(1, ofFile.stored().sizeBytes());
    }
  }

  @Test
  void statusOfANodeAloneSaysThatThereAreFewerNodesThanCopiesWanted() {
    Cli.Outcome checked = Cli.run("status", "--check", "--node", at);

    assertEquals(Main.COULD_NOT, checked.code());
    String why =
        "not fully replicated: there are fewer nodes than copies wanted, 1 of 4, so that one node"
            + " alone has every item";
    assertEquals("ringslice: " + why + "\n", checked.err());
    assertEquals(why, checked.lines().get(1));

    Cli.Outcome json = Cli.run("status", "--json", "--node", at).expectDone();
    assertEquals("false", json.member("fully_replicated"));
    assertEquals("4", json.member("wanted"));
    assertEquals("3", json.member("nodes_lacking"));
  }

  @Test
  void aNodeAloneThatIsToHoldOneCopyIsFullyReplicated() throws Exception {
    try (RealProcess single =
        RealProcess.node(folder, "single", "one-copy", "--json", "--mask-bits", "0")) {
      String endpoint = single.readyEndpoint();
      awaitTheRing(endpoint);
      Cli.run("status", "--check", "--node", endpoint).expectDone();
    }
  }

  @Test
  void oneLineACommandWarnsOfFewerThanHalf() {
    FewCopies few = new FewCopies();
    few.note("half", stored(2, 4));
    few.note("all", stored(1, 1));
    assertEquals(Optional.empty(), few.warning());

    few.note("some", stored(1, 4));
    assertEquals(
        Optional.of(
            "warning: some is durable on only 1 of 4 nodes; the others get theirs when they answer"
                + " again, which 'ringslice status' tells; --min-copies N makes this a failure"),
        few.warning());
    few.note("more", stored(1, 3));
    assertTrue(few.warning().get().contains(" nodes (and 1 other on so few); "), few::toString);
  }

  private static StoredFile stored(int copies, int wanted) {
    return new StoredFile(Id.ZERO, 1, 1, 0, 1, copies, wanted, List.of());
  }
}
