package org.ringslice.node.store;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ringslice.messages.Receipt.Outcome.STORED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;

/** On a small disk of its own, which only some may mount. */
final class FullDiskTest {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int BLOB_BYTES = 256 << 10;

  /** So little that the store never sees the end coming, and writes until a write fails. */
  private static final long NO_RESERVE_BYTES = Long.MIN_VALUE / 2;

  @TempDir Path folder;

  private final Random random = new Random(13);
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=48m", "ringslice-test", disk.toString());
    assumeTrue(mounted, "this needs the right to mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    assertTrue(!mounted || run("umount", disk.toString()));
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program here
    }
  }

  @Test
  void refusesInTimeAndGoesOnWhenThereIsRoom() throws IOException {
    int reserveBytes = 8 << 20;
    try (Asked asked = new Asked(disk.resolve("store"), reserveBytes, SEGMENT_BYTES)) {
      List<Entry> held = fill(asked);
      assertTrue(disk.toFile().getUsableSpace() > reserveBytes / 2, "it leaves some space");
      assertServes(asked, held);

      for (Entry entry : held) {
        assertEquals(List.of(STORED), asked.kept(Samples.dead(entry, 1)).outcomes());
      }
      List<Entry> next = new ArrayList<>();
      assertTrue(store(asked, next), "the dead made room for it");
      assertServes(asked, next);
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void tellsThatRoomIsShortBeforeItRefusesAndThatItIsNot() throws IOException {
    int reserveBytes = 2 << 20;
    try (Asked asked = new Asked(disk.resolve("store"), reserveBytes, SEGMENT_BYTES)) {
      List<Entry> held = new ArrayList<>();
      assertTrue(store(asked, held));
      assertFalse(asked.isRoomShort(), "there are more than 30 MiB");
      while (!asked.isRoomShort()) {
        assertTrue(store(asked, held), "there is room for more");
      }
      for (Entry entry : held) {
        asked.dropped(entry.info());
      }
      // what it frees it frees with the next group, and looks after it
      held.clear();
      for (int i = 0; i < 20 && asked.isRoomShort(); i++) {
        assertTrue(store(asked, held));
      }
      assertFalse(asked.isRoomShort(), "the dropped ones made room");
    }
  }

  @Test
  void getsOverAWriteThatFailedForWantOfRoom() throws IOException {
    Path store = disk.resolve("store");
    Path ballast = Files.write(disk.resolve("ballast"), new byte[16 << 20]);
    List<Entry> held;
    try (Asked asked = new Asked(store, NO_RESERVE_BYTES, SEGMENT_BYTES)) {
      held = fill(asked);
      long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
      while (System.nanoTime() < untilNanos) { // it tries to open again now and then
        fillUp(ballast);
        store(asked, held);
        assertServes(asked, held.subList(0, 2));
      }
      fillUp(ballast);
      assertServes(asked, held);
      asked.saveIndex(Book.HELD);
      Files.delete(ballast);
      while (!store(asked, held)) {
        assertTrue(System.nanoTime() < untilNanos + TimeUnit.SECONDS.toNanos(20));
      }
      assertServes(asked, held);
      asked.assertTheBooksAgree();
    }
    try (Asked asked = new Asked(store, NO_RESERVE_BYTES, SEGMENT_BYTES)) {
      assertServes(asked, held);
      asked.assertTheBooksAgree();
      assertEquals(
          asked.store.living(),
          asked.scanned(Arc.wholeRing(Id.ZERO), Direction.PREV, 1000).items().size());
    }
  }

  /** Stores a blob, and tells whether it is held. */
  private boolean store(Asked asked, List<Entry> held) {
    Entry next = Samples.blob(random, BLOB_BYTES);
    boolean stored = asked.kept(next).failure().isEmpty();
    if (stored) {
      held.add(next);
    }
    return stored;
  }

  /** Stores until it is refused. */
  private List<Entry> fill(Asked asked) {
    List<Entry> held = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Entry entry = Samples.blob(random, BLOB_BYTES);
      Asked.Written kept = asked.kept(entry);
      if (kept.failure().isPresent()) {
        String failure = kept.failure().get();
        assertTrue(failure.startsWith("no room on the disk that holds " + disk), failure);
        assertTrue(held.size() > 10);
        return held;
      }
      held.add(entry);
    }
    throw new AssertionError("the disk was not that small");
  }

  private static void fillUp(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, CREATE, APPEND)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    }
  }

  private static void assertServes(Asked asked, List<Entry> entries) {
    for (Entry entry : entries) {
      assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
    }
  }
}
