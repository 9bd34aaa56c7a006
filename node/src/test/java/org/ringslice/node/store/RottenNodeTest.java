package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Book;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;

/**
 * One of three nodes has bits flipped on its disk while it is away: all of it is found and made
 * good, and no wrong byte is served. Seeds: {@code -Drot.seeds=10}.
 */
final class RottenNodeTest {
  private static final int SEEDS = Integer.getInteger("rot.seeds", 1);
  private static final int ITEMS = 300;
  private static final int FLIPS = 100;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  @TempDir Path temp;

  @Test
  void bitsThatFlipInLiveBytesAreFoundAndMadeGood() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      new Trial(temp.resolve("live-" + seed), seed, false).run();
    }
  }

  @Test
  void bitsThatFlipAnywhereInTheFolderAreMadeGood() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      new Trial(temp.resolve("any-" + seed), seed, true).run();
    }
  }

  /** One run with one seed. */
  private static final class Trial {
    private final Path folder;
    private final Random random;
    private final boolean anywhere;
    private final List<byte[]> blobs = new ArrayList<>();
    private final List<Id> ids = new ArrayList<>();

    Trial(Path folder, int seed, boolean anywhere) {
      this.folder = folder;
      this.random = new Random(seed);
      this.anywhere = anywhere;
    }

    private NodeConfig config(String name, Node... others) {
      return NodeConfig.in(folder.resolve(name))
          .network("test-" + folder.getFileName())
          .bind("127.0.0.1")
          .mdns(false)
          .peers(
              Stream.of(others)
                  .map(other -> other.endpoints().get(0).toString())
                  .toArray(String[]::new));
    }

    void run() throws Exception {
      try (Node a = Node.start(config("a"));
          Node b = Node.start(config("b", a))) {
        try (Node c = Node.start(config("c", a, b))) {
          awaitRing(a, 3);
          store(a);
          awaitWhole(c);
        }
        Path items = folder.resolve("c/items");
        flip(anywhere ? items : Database.blocks(items));
        // as after a crash: everything is read anew
        Files.delete(items.resolve("scrub"));
        try (Node c = Node.start(config("c", a, b))) {
          readAll(c);
          awaitRing(a, 3);
          // the audit counts what the indexes say; what was read says the rest, below
          awaitWhole(c);
        }
        assertNothingIsBad(items);
      }
    }

    private void store(Node node) {
      for (int i = 0; i < ITEMS; i++) {
        byte[] blob = new byte[random.nextInt(4) == 0 ? 50 : 2000 + random.nextInt(60_000)];
        random.nextBytes(blob);
        Receipt receipt = node.store(blob).join();
        assertEquals(3, receipt.copies());
        blobs.add(blob);
        ids.add(receipt.id());
      }
    }

    private void flip(Path root) throws IOException {
      List<Path> files;
      try (Stream<Path> walk = Files.walk(root)) {
        files = walk.filter(Files::isRegularFile).filter(file -> size(file) > 0).sorted().toList();
      }
      long total = files.stream().mapToLong(Trial::size).sum();
      for (int i = 0; i < FLIPS; i++) {
        long at = (long) (random.nextDouble() * total);
        int file = 0;
        while (at >= size(files.get(file))) {
          at -= size(files.get(file++));
        }
        try (RandomAccessFile opened = new RandomAccessFile(files.get(file).toFile(), "rw")) {
          opened.seek(at);
          int old = opened.read();
          opened.seek(at);
          opened.write(old ^ (1 << random.nextInt(8)));
        }
      }
    }

    private static long size(Path file) {
      return file.toFile().length();
    }

    /** What it can't read itself others give, so that nobody sees more than a delay. */
    private void readAll(Node node) {
      for (int i = 0; i < ITEMS; i++) {
        assertArrayEquals(blobs.get(i), node.get(ids.get(i)).join());
      }
    }

    private static void awaitRing(Node node, int size) {
      await(
          "a ring of " + size, () -> node.peers(Direction.NEXT, Id.ZERO, 9).join().size() == size);
    }

    private static void awaitWhole(Node node) {
      await("all copies", () -> isWhole(node));
    }

    private static boolean isWhole(Node node) {
      try {
        return node.status().join().stream()
            .flatMap((Message.StatusIs part) -> part.nodes().stream())
            .allMatch(each -> each.why().isEmpty() && each.missing() == 0 && isFull(each));
      } catch (CompletionException e) {
        return false;
      }
    }

    private static boolean isFull(NodeStatus each) {
      return each.items() == ITEMS;
    }

    private void assertNothingIsBad(Path items) throws IOException {
      try (Asked asked = new Asked(items, 0, BlockLog.SEGMENT_BYTES, true)) {
        asked.awaitHealth(health -> health.unverifiedBytes() == 0 && health.damaged() == 0);
        asked.awaitAmended(0);
        assertEquals(ITEMS, asked.believed(Book.HELD).index().size());
        for (int i = 0; i < ITEMS; i++) {
          assertArrayEquals(
              blobs.get(i), asked.loaded(ids.get(i)).entry().orElseThrow().bytes().toArray());
        }
      }
    }

    private static void await(String what, BooleanSupplier condition) {
      long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
      while (!condition.getAsBoolean()) {
        assertTrue(System.nanoTime() - deadlineNanos < 0, "waited in vain for " + what);
      }
    }
  }
}
