package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.node.event.Book;

/** Segments that are mostly dead give their space back; what lives in them is moved and served. */
final class CompactionTest {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int ENTRIES = 500;
  private static final int BATCH_ENTRIES = 10;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path folder;

  private final Random random = new Random(37);

  @Test
  void whatLivesInSparseSegmentsIsServedWhileItMoves() throws IOException {
    List<Entry> living = new ArrayList<>();
    try (Asked asked = open()) {
      List<Entry> dropped = fill(asked, living);
      int lines = asked.believed(Book.HELD).lines().size();
      drop(asked, dropped);
      awaitSpace(asked, living);
      assertServes(asked, living);
      asked.assertTheBooksAgree();
      assertEquals(lines + dropped.size(), asked.believed(Book.HELD).lines().size());
    }
    try (Asked asked = open()) {
      assertServes(asked, living);
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void sparseSegmentsThatWereLeftAreFoundAtTheNextStart() throws IOException {
    List<Entry> living = new ArrayList<>();
    try (Asked asked = open()) {
      drop(asked, fill(asked, living));
    }
    try (Asked asked = open()) {
      awaitSpace(asked, living);
      assertServes(asked, living);
    }
  }

  @Test
  void anEntryThatCantBeReadStaysAndSoDoesItsSegment() throws IOException {
    List<Entry> living = new ArrayList<>();
    List<Entry> dropped;
    try (Asked asked = open()) {
      dropped = fill(asked, living);
    }
    Samples.flipAByte(Segment.file(Database.blocks(folder), 1), BlockHeader.BYTES + 3);
    Entry damaged = living.get(0);
    try (Asked asked = open()) {
      drop(asked, dropped);
      awaitSpace(asked, living.subList(1, living.size()));
      assertTrue(asked.loaded(damaged.id()).failure().isPresent());
      assertTrue(Files.exists(Segment.file(Database.blocks(folder), 1)));
      asked.kept(damaged);
      assertServes(asked, living);
      asked.assertTheBooksAgree();
    }
  }

  private static void drop(Asked asked, List<Entry> entries) {
    for (Entry entry : entries) {
      asked.drop(entry.info());
    }
    asked.dropped();
  }

  private Asked open() throws IOException {
    return new Asked(folder, 0, SEGMENT_BYTES);
  }

  /** Stores many, of which one of ten is to live; the others are returned. */
  private List<Entry> fill(Asked asked, List<Entry> living) {
    List<Entry> others = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i += BATCH_ENTRIES) {
      Entry[] batch = new Entry[BATCH_ENTRIES];
      Arrays.setAll(batch, j -> Samples.blob(random, Samples.LARGE_BYTES));
      living.add(batch[0]);
      others.addAll(List.of(batch).subList(1, BATCH_ENTRIES));
      asked.kept(batch);
    }
    return others;
  }

  /** Until the files take little more than twice of what lives. */
  private void awaitSpace(Asked asked, List<Entry> living) throws IOException {
    long wantedBytes = 2L * living.size() * Samples.LARGE_BYTES + 2 * SEGMENT_BYTES;
    long startNanos = System.nanoTime();
    while (sizeBytes() > wantedBytes) {
      assertTrue(System.nanoTime() - startNanos < PATIENCE_NANOS, sizeBytes() + " bytes");
      Entry any = living.get(random.nextInt(living.size()));
      assertEquals(Optional.of(any), asked.loaded(any.id()).entry());
    }
  }

  private long sizeBytes() throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(Database.blocks(folder))) {
      for (Path file : files.toList()) {
        sum += file.toFile().length(); // 0 when it is gone by now
      }
    }
    return sum;
  }

  private static void assertServes(Asked asked, List<Entry> living) {
    for (Entry entry : living) {
      assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
    }
  }
}
