package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.sync.EntryDigest;

/** The two books of a store: their rows, their journals and their indexes. */
final class BooksTest {
  private static final Arc RING = Arc.wholeRing(Id.ZERO);

  @TempDir Path folder;

  private final Random random = new Random(17);

  @Test
  void aLineForEachRowThatChangedAndForNothingElse() throws IOException {
    Entry first = Samples.record(Samples.id(random), 1, Samples.bytes(random, 50));
    Entry second = Samples.record(first.id(), 2, Samples.bytes(random, 5000));
    try (Asked asked = new Asked(folder)) {
      assertChanges(asked.kept(first).changes(), Optional.empty(), Optional.of(first.info()));
      assertEquals(List.of(), asked.kept(first).changes());
      assertEquals(List.of(), asked.dropped(second.info()).changes(), "another is there");
      assertChanges(
          asked.kept(second).changes(), Optional.of(first.info()), Optional.of(second.info()));
      assertChanges(
          asked.dropped(second.info()).changes(), Optional.of(second.info()), Optional.empty());
      assertEquals(Optional.empty(), asked.loaded(first.id()).entry());
      assertEquals(0, asked.store.living());
      asked.assertTheBooksAgree();
      assertEquals(3, asked.believed(Book.HELD).lines().size());
    }
  }

  private static void assertChanges(
      List<Change> changes, Optional<EntryInfo> before, Optional<EntryInfo> after) {
    assertEquals(1, changes.size());
    assertEquals(before, changes.get(0).before());
    assertEquals(after, changes.get(0).after());
  }

  @Test
  void aDropFreesTheSpaceOfASegment() throws IOException {
    Entry first = Samples.blob(random, Samples.LARGE_BYTES);
    Entry second = Samples.blob(random, Samples.LARGE_BYTES);
    try (Asked asked = new Asked(folder, 0, Samples.LARGE_BYTES)) {
      asked.kept(first);
      asked.kept(second);
      Path segment = Segment.file(Database.blocks(folder), 1);
      assertTrue(segment.toFile().exists());
      asked.dropped(first.info());
      assertTrue(!segment.toFile().exists());
    }
  }

  @Test
  void sequencesNeverComeAgain() throws IOException {
    List<Long> sequences = new ArrayList<>();
    try (Asked asked = new Asked(folder)) {
      sequences.add(asked.kept(Samples.blob(random, 1)).changes().get(0).sequence());
    }
    for (int opening = 0; opening < 3; opening++) {
      try (Asked asked = new Asked(folder)) {
        sequences.add(asked.believed(Book.HELD).opened().sequence());
        sequences.add(asked.kept(Samples.blob(random, 9)).changes().get(0).sequence());
      }
    }
    for (int i = 1; i < sequences.size(); i++) {
      assertTrue(sequences.get(i - 1) < sequences.get(i), sequences.toString());
    }
  }

  @Test
  void aJournalIsReadInPiecesAcrossOpenings() throws IOException {
    List<Change> told = new ArrayList<>();
    for (int opening = 0; opening < 3; opening++) {
      try (Asked asked = new Asked(folder)) {
        for (int i = 0; i < 10; i++) {
          told.addAll(asked.kept(Samples.blob(random, 10)).changes());
        }
      }
    }
    try (Asked asked = new Asked(folder)) {
      List<Change> read = new ArrayList<>();
      Event.JournalRead piece = asked.journal(Book.HELD, 0, 7);
      while (!piece.changes().isEmpty()) {
        assertTrue(piece.changes().size() <= 7);
        assertEquals(0, piece.forgotten());
        read.addAll(piece.changes());
        piece = asked.journal(Book.HELD, read.get(read.size() - 1).sequence(), 7);
      }
      assertEquals(told, read);
    }
  }

  @Test
  void theBooksOfTwoNetworksHaveIndexesOfTheirOwn() throws IOException {
    try (Asked asked = new Asked(folder)) {
      asked.kept(Samples.blob(random, 10), Samples.blob(random, 2000));
    }
    EntryDigest other = new EntryDigest(3, 4);
    for (int time = 0; time < 2; time++) {
      try (DiskStore store = DiskStore.open(folder, other, event -> {})) {
        assertEquals(2, store.books().held().index().size());
      }
    }
    try (Asked asked = new Asked(folder)) {
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void aDamagedCopyIsToldOnceAndIsNewWhenItIsKeptAgain() throws Exception {
    Entry blob = Samples.blob(random, Samples.LARGE_BYTES);
    try (Asked asked = new Asked(folder)) {
      asked.kept(blob);
    }
    Samples.flipAByte(Segment.file(Database.blocks(folder), 1), BlockHeader.BYTES + 5);
    try (Asked asked = new Asked(folder)) {
      assertEquals(1, asked.believed(Book.HELD).index().size());
      for (int time = 0; time < 3; time++) {
        assertTrue(asked.loaded(blob.id()).failure().isPresent());
      }
      asked.awaitAmended(1);
      assertEquals(0, asked.believed(Book.HELD).index().size());
      asked.assertTheBooksAgree();
      assertChanges(asked.kept(blob).changes(), Optional.empty(), Optional.of(blob.info()));
      assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
      asked.assertTheBooksAgree();
    }
    try (Asked asked = new Asked(folder)) {
      assertEquals(1, asked.believed(Book.HELD).index().size());
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void notesAreMergedAndToldOrNot() throws IOException {
    EntryInfo first = info(Samples.id(random), 1, true);
    EntryInfo second = new EntryInfo(first.id(), Kind.RECORD, 2, false, 0);
    EntryInfo other = info(Samples.id(random), 5, true);
    Arc arc = new Arc(first.id(), other.id());
    try (Asked asked = new Asked(folder)) {
      assertChanges(asked.noted(false, first).changes(), Optional.empty(), Optional.of(first));
      assertEquals(List.of(), asked.believed(Book.WATCHED).lines());
      assertEquals(List.of(), asked.noted(true, first).changes());
      assertChanges(asked.noted(true, second).changes(), Optional.of(first), Optional.of(second));
      assertEquals(List.of(), asked.noted(true, first).changes());
      // a number and no line
      assertChanges(asked.covered(arc, RING).changes(), Optional.empty(), Optional.empty());
      asked.noted(true, other);
      assertEquals(2, asked.believed(Book.WATCHED).lines().size());
      asked.assertTheBooksAgree();
    }
    try (Asked asked = new Asked(folder)) {
      Books books = asked.store.books();
      assertEquals(List.of(arc, RING), books.covered());
      assertEquals(2, books.watched().index().size());
      assertEquals(0, books.held().index().size());
      asked.assertTheBooksAgree();
    }
  }

  private static EntryInfo info(Id id, long stamp, boolean alive) {
    return new EntryInfo(id, Kind.RECORD, stamp, alive, alive ? 7 : 0);
  }

  @Test
  void anySequenceOfWritesLeavesWhatAModelSays() throws IOException {
    for (int seed = 0; seed < 4; seed++) {
      new Anything(folder.resolve("store-" + seed), seed).run();
    }
  }

  /** Random keeps, drops and notes of few ids, many at a time, and now and then a new start. */
  private static final class Anything {
    private static final int ROUNDS = 30;
    private static final int IDS = 60;
    private static final int SEGMENT_BYTES = 50_000;

    private final Path folder;
    private final Random random;
    private final List<Id> ids = new ArrayList<>();
    private final TreeMap<Id, EntryInfo> held = new TreeMap<>();
    private final TreeMap<Id, EntryInfo> watched = new TreeMap<>();

    Anything(Path folder, long seed) {
      this.folder = folder;
      this.random = new Random(seed);
      for (int i = 0; i < IDS; i++) {
        ids.add(Samples.id(random));
      }
    }

    void run() throws IOException {
      for (int round = 0; round < ROUNDS; ) {
        try (Asked asked = new Asked(folder, 0, SEGMENT_BYTES)) {
          assertEquals(held.size(), asked.believed(Book.HELD).opened().index().size());
          do {
            burst(asked);
            assertEquals(List.copyOf(held.values()), asked.rows(Book.HELD));
            assertEquals(List.copyOf(watched.values()), asked.rows(Book.WATCHED));
            asked.assertTheBooksAgree();
          } while (++round < ROUNDS && random.nextInt(4) > 0);
        }
      }
    }

    private void burst(Asked asked) {
      Map<Long, Runnable> model = new HashMap<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        int what = random.nextInt(10);
        if (what < 5) {
          Entry entry = entry();
          model.put(asked.keep(entry), () -> held.merge(entry.id(), entry.info(), Merge::join));
        } else if (what < 8) {
          List<EntryInfo> copies = new ArrayList<>(held.values());
          EntryInfo copy = copies.isEmpty() ? info() : copies.get(random.nextInt(copies.size()));
          model.put(asked.drop(copy), () -> held.remove(copy.id(), copy));
        } else {
          EntryInfo info = info();
          model.put(
              asked.note(random.nextBoolean(), info),
              () -> watched.merge(info.id(), info, Merge::join));
        }
      }
      // a keep whose copy has to be read first comes later
      asked.awaitInTheirOrder(model.keySet()).forEach(ticket -> model.get(ticket).run());
    }

    private Entry entry() {
      EntryInfo info = info();
      int sizeBytes = info.alive() ? 1 << random.nextInt(14) : 0;
      Bytes bytes = Samples.bytes(random, sizeBytes);
      return new Entry(info.id(), info.kind(), info.stamp(), info.alive(), bytes);
    }

    private EntryInfo info() {
      return BooksTest.info(
          ids.get(random.nextInt(IDS)), random.nextInt(50), random.nextInt(3) > 0);
    }
  }
}
