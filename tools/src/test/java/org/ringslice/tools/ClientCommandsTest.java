package org.ringslice.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Client;

/**
 * The client commands against two nodes that run as processes. Each test stores items of its own.
 */
class ClientCommandsTest {
  private static final String FIRST_ID = "20" + "0".repeat(62);
  private static final String SECOND_ID = "a0" + "0".repeat(62);
  private static final String NO_ITEM = "12345678" + "9".repeat(56);

  @TempDir static Path folder;
  private static RealProcess first;
  private static RealProcess second;
  private static String firstAt;
  private static String secondAt;

  @BeforeAll
  static void startTwoNodes() throws Exception {
    first = RealProcess.node(folder, "a", "clients", "--json", "--id", FIRST_ID);
    firstAt = first.readyEndpoint();
    second =
        RealProcess.node(folder, "b", "clients", "--json", "--id", SECOND_ID, "--peer", firstAt);
    secondAt = second.readyEndpoint();
    await("both to be active", () -> isActive(firstAt) && isActive(secondAt));
  }

  private static boolean isActive(String node) {
    List<String> peers = Cli.run("peers", "--node", node, "--json").lines();
    return peers.size() == 1 && peers.get(0).contains("\"state\":\"active\"");
  }

  @AfterAll
  static void stopThem() {
    first.close();
    second.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  private static Cli.Outcome onFirst(String... args) {
    return Cli.run(with(firstAt, args));
  }

  private static Cli.Outcome onSecond(String... args) {
    return Cli.run(with(secondAt, args));
  }

  private static String[] with(String node, String... args) {
    return Stream.concat(Stream.of(args), Stream.of("--node", node)).toArray(String[]::new);
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void tellsWhoTheNodeIs() {
    Cli.Outcome outcome = onFirst("id", "--json").expectDone();

    assertEquals(FIRST_ID, outcome.member("id"));
    assertEquals(firstAt, outcome.member("endpoint"));
    assertEquals("clients", outcome.member("network"));
    assertTrue(outcome.member("version").startsWith("ringslice "), outcome.out());
    assertEquals("id        " + FIRST_ID, onFirst("id").expectDone().lines().get(0));
  }

  @Test
  void asksTheNodeOfTheFolderElseThatOfTheVariable() {
    Map<String, String> variable = Map.of("RINGSLICE_NODE", firstAt);
    String dir = folder.resolve("b").toString();

    assertEquals(FIRST_ID, Cli.run(new byte[0], variable, "id", "--json").member("id"));
    assertEquals(
        SECOND_ID, Cli.run(new byte[0], variable, "id", "--json", "--dir", dir).member("id"));
    assertEquals(
        SECOND_ID, Cli.run(new byte[0], variable, "id", "--json", "--node", secondAt).member("id"));
  }

  @Test
  void listsPeersAndHowTheyWereFound() {
    Cli.Outcome outcome = onSecond("peers", "--json").expectDone();

    assertEquals(FIRST_ID, outcome.member("id"));
    assertEquals(firstAt, outcome.member("endpoint"));
    assertEquals("active", outcome.member("state"));
    assertEquals("static", outcome.member("how"));
    assertTrue(
        onSecond("peers").out().matches("20000000  " + firstAt + " +active +static\\R"),
        onSecond("peers").out());
  }

  @Test
  void walksThePeersRoundTheRingOnce() {
    assertEquals(SECOND_ID, onFirst("next-peer", "--json").expectDone().member("id"));
    assertEquals(SECOND_ID, onFirst("prev-peer", "--json").expectDone().member("id"));
    assertEquals(
        List.of(SECOND_ID, FIRST_ID), ids(onFirst("next-peer", "--json", "-n", "9").expectDone()));
    assertEquals(
        List.of(FIRST_ID, SECOND_ID),
        ids(onFirst("prev-peer", "a0", "--json", "-n", "9").expectDone()));
    assertEquals(
        List.of(SECOND_ID, FIRST_ID),
        ids(onFirst("next-peer", "20", "--json", "-n", "9").expectDone()));
  }

  private static List<String> ids(Cli.Outcome outcome) {
    return outcome.lines().stream().map(line -> Cli.memberOf(line, "id")).toList();
  }

  @Test
  void givesBackAtOneNodeWhatWasStoredAtAnother() throws IOException {
    byte[] content = random(5 * Limits.BLOCK_BYTES_MAX + 17, 1);
    Path file = file("large", content);

    Cli.Outcome stored = onFirst("store", file.toString(), "--json").expectDone();
    String id = stored.member("id");
    assertEquals(Integer.toString(content.length), stored.member("size"));
    assertEquals(file.toString(), stored.member("name"));
    assertEquals("2", stored.member("copies"));
    assertEquals("2", stored.member("wanted"));
    assertTrue(stored.member("holders").contains(FIRST_ID), stored.out());
    assertTrue(stored.member("holders").contains(SECOND_ID), stored.out());

    assertArrayEquals(content, onSecond("get", id).expectDone().bytes());
    assertArrayEquals(content, onSecond("get", id, "--mask", "1").expectDone().bytes());

    Path copy = folder.resolve("copy");
    Cli.Outcome fetched =
        onSecond("get", id.substring(0, 8), "-o", copy.toString(), "--json").expectDone();
    assertArrayEquals(content, Files.readAllBytes(copy));
    assertEquals(id, fetched.member("id"));
    assertEquals(Integer.toString(content.length), fetched.member("size"));
    assertTrue(fetched.member("holders").contains(SECOND_ID), fetched.out());
  }

  @Test
  void aSmallFileHasTheIdThatSha256sumPrints() throws IOException {
    Path file = file("hello", "hello\n".getBytes(UTF_8));

    String line = onFirst("store", file.toString()).expectDone().out();

    assertEquals(
        "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03         6 B"
            + "  2 of 2 copies  "
            + file
            + "\n",
        line);
  }

  @Test
  void storesWhatComesByStdin() {
    byte[] content = random(2 * Limits.BLOCK_BYTES_MAX, 2);

    Cli.Outcome stored = Cli.run(content, Map.of(), with(firstAt, "store", "-", "--json"));

    assertEquals("-", stored.expectDone().member("name"));
    assertArrayEquals(content, onSecond("get", stored.member("id")).expectDone().bytes());
  }

  @Test
  void storesOneBlobAsItIs() throws IOException {
    byte[] content = random(Limits.BLOCK_BYTES_MAX, 3);
    Path file = file("raw", content);

    String id = onFirst("store", "--raw", file.toString(), "--json").expectDone().member("id");

    assertEquals(Id.sha256(Bytes.wrap(content)).toHex(), id);
    assertArrayEquals(content, onSecond("get", id).expectDone().bytes());
  }

  @Test
  void refusesARawBlobThatIsTooLarge() throws IOException {
    Path file = file("too-large", new byte[Limits.BLOCK_BYTES_MAX + 1]);

    onFirst("store", "--raw", file.toString())
        .expectCouldNot(file + " is larger than 1 MiB; store it without --raw, as a file");
  }

  @Test
  void storesTheOthersWhenAFileIsMissing() throws IOException {
    Path file = file("there", random(10, 4));
    Path missing = folder.resolve("missing");

    Cli.Outcome outcome = onFirst("store", missing.toString(), file.toString());

    assertEquals(Main.COULD_NOT, outcome.code());
    assertEquals("ringslice: there is no file " + missing, outcome.err().strip());
    assertTrue(outcome.out().endsWith("  2 of 2 copies  " + file + "\n"), outcome.out());
  }

  private static Path tree(String name) throws IOException {
    Path tree = Files.createDirectory(folder.resolve(name));
    Path inner = Files.createDirectory(tree.resolve("inner"));
    Files.writeString(tree.resolve("a file"), "of " + name);
    Files.write(inner.resolve("large"), random(2 * Limits.BLOCK_BYTES_MAX, name.hashCode()));
    Files.createSymbolicLink(inner.resolve("link"), Path.of("../a file"));
    return tree;
  }

  @Test
  void givesBackAFolderAtOneNodeThatWasStoredAtAnother() throws Exception {
    Path tree = tree("tree");
    Path copy = folder.resolve("tree-copy");

    Cli.Outcome stored = onFirst("store", tree.toString(), "--json").expectDone();
    String size = Long.toString(2 * Limits.BLOCK_BYTES_MAX + "of tree".length());
    assertEquals("2", stored.member("files"));
    assertEquals(size, stored.member("size"));
    assertEquals("2", stored.member("copies"));
    assertEquals("2", stored.member("wanted"));
    assertEquals(tree.toString(), stored.member("name"));

    String id = stored.member("id");
    Cli.Outcome fetched = onSecond("get", id, "-o", copy.toString(), "--json").expectDone();
    assertEquals(size, fetched.member("size"));
    String[] diff = {"diff", "-r", "--no-dereference", tree.toString(), copy.toString()};
    assertEquals(0, new ProcessBuilder(diff).start().waitFor());

    Cli.Outcome again = onSecond("store", copy.toString(), "--json").expectDone();
    assertEquals(id, again.member("id"));
    assertEquals("0", again.member("sent"));
    String line = onFirst("store", copy.toString()).expectDone().out();
    assertEquals(id + "     2.0 MiB  2 of 2 copies  " + copy + "\n", line);
  }

  @Test
  void saysWhereAFolderCanNotGo() throws IOException {
    Path tree = tree("misplaced");
    String id = onFirst("store", tree.toString(), "--json").expectDone().member("id");
    Path file = file("in the way", random(10, 6));

    onFirst("store", "--raw", tree.toString())
        .expectCouldNot(tree + " is a folder, and no single item; store it without --raw");
    onFirst("get", id)
        .expectCouldNot(
            "item "
                + id.substring(0, 8)
                + " is a folder; name a new or an empty folder for it with -o PATH");
    onFirst("get", id, "-o", tree.toString())
        .expectCouldNot(
            tree + " is a folder and not empty; name a file in it, or a new or an empty folder");
    onFirst("get", id, "-o", file.toString())
        .expectCouldNot(file + " is there already; name a new or an empty folder");
  }

  @Test
  void tellsOfEachFileOfAFolderThatChangesAndStoresTheRest() {
    // their sizes are told as 0, and then there is more
    String growing = "/proc/self/fdinfo";
    assumeTrue(Files.exists(Path.of(growing)), "there is no " + growing);

    Cli.Outcome outcome = onFirst("store", growing);

    assertEquals(Main.COULD_NOT, outcome.code());
    assertTrue(
        outcome.err().lines().allMatch(line -> line.startsWith("ringslice: " + growing + "/")),
        outcome.err());
    assertTrue(outcome.err().contains("/0 changed while it was read"), outcome.err());
    assertTrue(outcome.out().endsWith("  2 of 2 copies  " + growing + "\n"), outcome.out());
  }

  @Test
  void leavesNothingOfAFolderWhenItIsEnded() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("ended tree"));
    for (int i = 0; i < 5_000; i++) {
      Files.writeString(tree.resolve("file " + i), "content " + i);
    }
    String id = onFirst("store", tree.toString(), "--json").expectDone().member("id");
    Path place = Files.createDirectory(folder.resolve("ended place"));
    String target = place.resolve("copy").toString();
    try (RealProcess get = RealProcess.start(folder, with(secondAt, "get", id, "-o", target))) {
      await("the part to grow", () -> countBelow(place) > 100);
      get.terminate();

      assertEquals(143, get.exitCode());
      assertEquals(0, count(place));
    }
  }

  /** Files in the folders in a folder, where they come and go. */
  private static long countBelow(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.mapToLong(path -> path.toFile().list().length).sum();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void saysThatAFileChangedWhileItWasRead() {
    // its size is told as 0, and then there is more
    String growing = "/proc/self/status";
    assumeTrue(Files.exists(Path.of(growing)), "there is no " + growing);

    onFirst("store", growing)
        .expectCouldNot(
            growing + " changed while it was read; store it again when nobody writes to it");
  }

  @Test
  void saysThatThereIsNoSuchItem() throws IOException {
    Path target = folder.resolve("nothing");

    onFirst("get", NO_ITEM).expectCouldNot("no node that should hold item 12345678 has it");
    onFirst("get", NO_ITEM, "-o", target.toString())
        .expectCouldNot("no node that should hold item 12345678 has it");
    onFirst("get", NO_ITEM.substring(0, 10))
        .expectCouldNot("there is no item whose id begins with 1234567899");
    assertFalse(Files.exists(target));
    try (Stream<Path> all = Files.list(folder)) {
      assertTrue(all.noneMatch(path -> path.toString().endsWith(".part")));
    }
  }

  @Test
  void saysWhereAWrongIdDiffersFromThatOfAnItem() throws IOException {
    String id =
        onFirst("store", file("meant", random(100, 31)).toString(), "--json")
            .expectDone()
            .member("id");
    char twelfth = id.charAt(11) == '0' ? '1' : '0';
    String wrong = id.substring(0, 11) + twelfth + id.substring(12);
    String sentence = "; there is " + id + ", which differs from digit 12 on";

    onSecond("get", wrong).expectCouldNot("there is no item " + wrong + sentence);
    onSecond("explain", wrong).expectCouldNot("there is no item " + wrong + sentence);
    onSecond("get", wrong.substring(0, 20))
        .expectCouldNot(
            "there is no item whose id begins with " + wrong.substring(0, 20) + sentence);
    String last = id.substring(0, 63) + (id.charAt(63) == '0' ? '1' : '0');
    onSecond("get", last)
        .expectCouldNot(
            "there is no item " + last + "; there is " + id + ", which differs from digit 64 on");
  }

  @Test
  void tellsOfTheOneThatIsMostAlikeOfTwo() throws Exception {
    Entry[] twins = twins();
    try (Client client = Client.of(firstAt)) {
      for (Entry twin : twins) {
        client.store(twin.bytes().toArray()).get(20, TimeUnit.SECONDS);
      }
    }
    for (Entry twin : twins) {
      String id = twin.id().toHex();
      String wrong = id.substring(0, 40) + (id.charAt(40) == '0' ? '1' : '0') + id.substring(41);

      onFirst("get", wrong)
          .expectCouldNot(
              "there is no item "
                  + wrong
                  + "; there is "
                  + id
                  + ", which differs from digit 41 on");
    }
  }

  @Test
  void saysWhereAWrongIdDiffersFromThatOfANode() {
    String wrong = SECOND_ID.substring(0, 63) + "1";

    onFirst("message", wrong, "hello")
        .expectCouldNot(
            "there is no node "
                + wrong
                + "; there is "
                + SECOND_ID
                + ", which differs from digit 64 on");
    onFirst("message", "a00000001", "hello")
        .expectCouldNot(
            "there is no node whose id begins with a00000001; there is "
                + SECOND_ID
                + ", which differs from digit 9 on");
  }

  @Test
  void aStoreWithAsManyCopiesAsAreNeededIsDone() throws IOException {
    Path tree = tree("needed");
    Path file = file("needed file", random(3 * Limits.BLOCK_BYTES_MAX, 41));
    Map<String, String> variable = Map.of("RINGSLICE_MIN_COPIES", "2");

    onFirst("store", "--min-copies", "2", tree.toString(), file.toString()).expectDone();
    Cli.run(new byte[] {1}, variable, with(firstAt, "store", "-")).expectDone();
    Cli.run(new byte[] {2}, variable, with(firstAt, "store", "--raw", "-")).expectDone();
  }

  @Test
  void aRingOfTwoIsFullyReplicatedAndSaysThatItLacksNodes() {
    await("all copies", () -> onFirst("status", "--check").code() == Main.DONE);

    Cli.Outcome outcome = onFirst("status", "--check", "--json").expectDone();
    assertEquals("true", outcome.member("fully_replicated"));
    assertEquals("4", outcome.member("wanted"));
    assertEquals("2", outcome.member("nodes_lacking"));
    for (String key : List.of("lost", "damaged")) {
      assertEquals("0", outcome.member(key), key);
    }
    assertEquals("[]", outcome.member("health_unknown"));
    String text = onFirst("status", "--check").expectDone().out();
    assertTrue(text.contains("there are fewer nodes than copies wanted, 2 of 4"), text);
  }

  @Test
  void saysWhereItCanNotWrite() {
    Path nowhere = folder.resolve("nowhere/file");

    onFirst("get", NO_ITEM, "-o", folder.toString())
        .expectCouldNot(
            folder + " is a folder and not empty; name a file in it, or a new or an empty folder");
    onFirst("get", NO_ITEM, "-o", nowhere.toString())
        .expectCouldNot("there is no folder " + nowhere.getParent());
  }

  @Test
  void listsASliceInTheOrderOfTheRing() throws Exception {
    storeMany(3_000);

    List<String> all = onFirst("list", "--json").expectDone().lines();
    assertTrue(all.size() >= 3_000, all.size() + " items");
    assertEquals(all.stream().sorted().distinct().toList(), all);
    assertEquals(all, onSecond("list", "all", "--json").lines());
    assertEquals(all, onSecond("list", "--local", "--json").lines());
    assertEquals(all.subList(0, 1_500), onFirst("list", "--json", "-n", "1500").lines());

    List<String> low = startingWith(all, "[0-7]");
    assertEquals(low, onFirst("list", "f..7", "--json").expectDone().lines());
    List<String> some = startingWith(all, "3f");
    assertFalse(some.isEmpty());
    assertEquals(some, onFirst("list", "3f*", "--json").expectDone().lines());
    assertTrue(onFirst("list", "3f*").lines().get(0).matches("3f[0-9a-f]{62}  .{10}  blob"));
    aPipeThatIsClosedEndsTheList();
    neighboursAreThoseOfTheList(all);
  }

  @Test
  void listsWhatThingsAre() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("things"));
    byte[] large = bytesThatAreNowhere(2_500_000);
    byte[] small = bytesThatAreNowhere(3_000);
    Files.write(tree.resolve("large"), large);
    Files.write(tree.resolve("small"), small);
    String id = onFirst("store", tree.toString(), "--json").expectDone().member("id");
    byte[] alone = bytesThatAreNowhere(70);
    Path file = Files.write(folder.resolve("alone"), alone);
    onFirst("store", file.toString()).expectDone();

    List<String> all = onSecond("list", "--json").expectDone().lines();
    assertEquals("folder of 2503000", thing(all, id));
    assertEquals("file of 3000", thing(all, idOf(small, 0, 3_000)));
    assertEquals("block of 1048576", thing(all, idOf(large, 0, Limits.BLOCK_BYTES_MAX)));
    assertEquals("block of 402848", thing(all, idOf(large, 2_097_152, 402_848)));
    assertEquals("blob of 70", thing(all, idOf(alone, 0, 70)));
    assertTrue(all.stream().anyMatch(line -> line.contains("\"size\":2500000,\"kind\":\"file\"")));
    assertTrue(
        onFirst("list", id.substring(0, 16) + "*").lines().get(0).endsWith("2.4 MiB  folder"));
  }

  private static String thing(List<String> all, String id) {
    String line = all.stream().filter(each -> each.contains(id)).findFirst().orElseThrow();
    return Cli.memberOf(line, "kind") + " of " + Cli.memberOf(line, "size");
  }

  private static String idOf(byte[] bytes, int from, int count) {
    return Id.sha256(Bytes.copyOf(bytes, from, count)).toHex();
  }

  private static byte[] bytesThatAreNowhere(int count) {
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static List<String> startingWith(List<String> all, String digits) {
    return all.stream().filter(line -> line.matches("\\{\"id\":\"" + digits + ".*")).toList();
  }

  private static void storeMany(int count) throws Exception {
    try (Client client = Client.of(firstAt)) {
      List<Entry> entries =
          IntStream.range(0, count)
              .mapToObj(i -> Entry.blob(Bytes.wrap(("item " + i).getBytes(UTF_8))))
              .toList();
      for (int i = 0; i < count; i += Limits.BATCH_ENTRIES_MAX) {
        List<Entry> batch = entries.subList(i, Math.min(count, i + Limits.BATCH_ENTRIES_MAX));
        client.line().ask(new Message.Store(batch, Message.Intent.KEEP)).get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static void aPipeThatIsClosedEndsTheList() throws Exception {
    List<String> command = RealProcess.command(with(firstAt, "list", "--json"));
    String words = String.join(" ", command.stream().map(word -> "'" + word + "'").toList());
    Path err = folder.resolve("pipe-stderr");
    Process shell =
        new ProcessBuilder("sh", "-c", "{ " + words + "; echo $? >&2; } | head -n 1")
            .redirectError(err.toFile())
            .start();
    String out = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertTrue(shell.waitFor(20, TimeUnit.SECONDS));

    assertEquals(1, out.lines().count());
    assertEquals("0\n", Files.readString(err));
  }

  private static void neighboursAreThoseOfTheList(List<String> all) {
    List<String> ids = all.stream().map(line -> Cli.memberOf(line, "id")).toList();
    String id = ids.get(100);

    assertEquals(all.subList(101, 104), onFirst("next-item", id, "-n", "3", "--json").lines());
    assertEquals(
        List.of(all.get(99), all.get(98)), onFirst("prev-item", id, "-n", "2", "--json").lines());
    String prefix = id.substring(0, 16);
    assertEquals(all.get(101), onFirst("next-item", prefix, "--json").lines().get(0));
    assertEquals(all.get(99), onFirst("prev-item", prefix, "--json").lines().get(0));
    // round the ring, and the item at the point itself comes last
    List<String> round = onFirst("next-item", id, "--json", "-n", "1000000").expectDone().lines();
    assertEquals(all.size(), round.size());
    assertEquals(all.get(100), round.get(round.size() - 1));
    assertEquals(all.get(0), round.get(all.size() - 101));
  }

  @Test
  void namesTheItemsWhenAPrefixIsThatOfSeveral() throws Exception {
    // found by trying: the hashes of these two begin with the same 8 digits
    Entry[] twins = twins();
    try (Client client = Client.of(firstAt)) {
      for (Entry twin : twins) {
        client.store(twin.bytes().toArray()).get(20, TimeUnit.SECONDS);
      }
    }
    String prefix = twins[0].id().toHex().substring(0, 8);
    List<String> ids = Stream.of(twins).map(twin -> twin.id().toHex()).sorted().toList();

    onFirst("get", prefix)
        .expectCouldNot(
            "several items begin with "
                + prefix
                + "; give more digits of one of them: "
                + String.join(", ", ids));
    onFirst("get", twins[0].id().toHex()).expectDone();
  }

  /** Two blobs whose ids share their first 32 bits: among 2^17 there is such a pair. */
  private static Entry[] twins() {
    Map<Long, Integer> seen = new java.util.HashMap<>();
    for (int i = 0; ; i++) {
      Integer other = seen.put(twin(i).id().topBits() >>> 32, i);
      if (other != null) {
        return new Entry[] {twin(other), twin(i)};
      }
    }
  }

  private static Entry twin(int number) {
    return Entry.blob(Bytes.wrap(("twin " + number).getBytes(UTF_8)));
  }

  @Test
  void saysThatNobodyAnswers() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Cli.Outcome outcome = Cli.run("id", "--node", "127.0.0.1:" + port);

    assertEquals(Main.COULD_NOT, outcome.code());
    assertTrue(
        outcome
            .err()
            .matches(
                "ringslice: nobody answers at 127.0.0.1:"
                    + port
                    + ": .*; is a node running there\\?\\R"),
        outcome.err());
  }

  @Test
  void leavesNothingHalfWrittenWhenItIsEnded() throws Exception {
    // all its blocks are the same one, so that it is soon stored and takes long to be written
    Path file = folder.resolve("ended");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(512L * Limits.BLOCK_BYTES_MAX);
    }
    String id = onFirst("store", file.toString(), "--json").expectDone().member("id");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    String target = empty.resolve("copy").toString();
    try (RealProcess get = RealProcess.start(folder, with(secondAt, "get", id, "-o", target))) {
      await("the part to be there", () -> count(empty) == 1);
      get.terminate();

      assertEquals(143, get.exitCode());
      assertEquals(0, count(empty));
    }
  }

  private static long count(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
