package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ringslice.messages.Receipt.Outcome.PRESENT;
import static org.ringslice.messages.Receipt.Outcome.REFUSED;
import static org.ringslice.messages.Receipt.Outcome.STORED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;

final class DiskStoreTest {
  @TempDir Path folder;

  private final Random random = new Random(7);

  @Test
  void givesBackWhatItWasGiven() throws IOException {
    Entry none = Entry.blob(Bytes.EMPTY);
    Entry small = Samples.blob(random, HeldDraft.LOG_FROM_BYTES - 1);
    Entry large = Samples.blob(random, HeldDraft.LOG_FROM_BYTES);
    Entry largest = Samples.blob(random, Limits.BLOCK_BYTES_MAX);
    try (Asked asked = new Asked(folder)) {
      assertEquals(
          List.of(STORED, STORED, STORED, STORED),
          asked.kept(none, small, large, largest).outcomes());
      for (Entry entry : List.of(none, small, large, largest)) {
        assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
      }
    }
    try (Asked asked = new Asked(folder)) {
      for (Entry entry : List.of(none, small, large, largest)) {
        assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
        assertEquals(List.of(PRESENT), asked.kept(entry).outcomes());
      }
      assertEquals(4, asked.store.living());
    }
  }

  @Test
  void aReadAskedAfterTheAnswerSeesTheWrite() throws IOException {
    try (Asked asked = new Asked(folder)) {
      for (int i = 0; i < 200; i++) {
        Entry entry = Samples.blob(random, i % 2 == 0 ? Samples.SMALL_BYTES : Samples.LARGE_BYTES);
        asked.kept(entry);
        assertTrue(asked.looked(entry.id()).present().get(0));
        assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
      }
    }
  }

  @Test
  void theGreaterStampWinsInAnyOrder() throws IOException {
    try (Asked asked = new Asked(folder)) {
      for (int sizeBytes : new int[] {Samples.SMALL_BYTES, Samples.LARGE_BYTES}) {
        Id id = Samples.id(random);
        Entry early = Samples.record(id, 5, Samples.bytes(random, sizeBytes));
        Entry late = Samples.record(id, -5, Samples.bytes(random, sizeBytes)); // unsigned, so great
        assertEquals(List.of(STORED), asked.kept(early).outcomes());
        assertEquals(List.of(STORED), asked.kept(late).outcomes());
        assertEquals(List.of(PRESENT, PRESENT), asked.kept(early, late).outcomes());
        assertEquals(Optional.of(late), asked.loaded(id).entry());
      }
    }
  }

  @Test
  void aDeadEntryHidesTheLivingOneUntilItIsStoredAnew() throws IOException {
    Entry entry = Samples.blob(random, Samples.LARGE_BYTES);
    Entry again = new Entry(entry.id(), Kind.BLOB, 9, true, entry.bytes());
    try (Asked asked = new Asked(folder)) {
      asked.kept(entry);
      assertEquals(List.of(STORED), asked.kept(Samples.dead(entry, 8)).outcomes());
      assertEquals(0, asked.store.living());
      assertEquals(List.of(REFUSED), asked.kept(entry).outcomes());
      assertEquals(List.of(PRESENT), asked.kept(Samples.dead(entry, 7)).outcomes());
      assertEquals(Optional.empty(), asked.loaded(entry.id()).entry());
      assertFalse(asked.looked(entry.id()).present().get(0));
      assertEquals(List.of(), asked.scanned(Arc.wholeRing(Id.ZERO), Direction.NEXT, 10).items());

      assertEquals(List.of(STORED), asked.kept(again).outcomes());
      assertEquals(Optional.of(again), asked.loaded(entry.id()).entry());
      assertEquals(1, asked.store.living());
    }
  }

  @Test
  void aBlobTakesThePlaceOfAnotherKindUnderItsIdAndNeverTheOtherWayRound() throws IOException {
    Entry blob = Samples.blob(random, Samples.SMALL_BYTES);
    Entry record = Samples.record(blob.id(), 77, Bytes.EMPTY);
    try (Asked asked = new Asked(folder)) {
      assertEquals(List.of(STORED), asked.kept(record).outcomes());
      assertEquals(List.of(STORED, REFUSED), asked.kept(blob, record).outcomes());
      assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
    }
  }

  @Test
  void duplicatesWithinAGroupBecomeWhatTheyWouldOneByOne() throws Exception {
    Entry blob = Samples.blob(random, Samples.LARGE_BYTES);
    Id id = Samples.id(random);
    List<Entry> versions = new ArrayList<>();
    for (int stamp = 1; stamp <= 3; stamp++) {
      versions.add(Samples.record(id, stamp, Samples.bytes(random, Samples.LARGE_BYTES)));
    }
    CountDownLatch heldUp = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Set<Event.Kept> answers = ConcurrentHashMap.newKeySet();
    CountDownLatch answered = new CountDownLatch(4);
    try (DiskStore store =
        DiskStore.open(
            folder,
            Asked.KEY,
            event -> {
              heldUp.countDown();
              awaitQuietly(go);
              answers.add((Event.Kept) event);
              answered.countDown();
            })) {
      // the first answer holds the writer up, so that the others are one group
      store.keep(1, List.of(Samples.blob(random, 1)));
      awaitQuietly(heldUp);
      store.keep(2, List.of(blob, versions.get(1), blob, versions.get(1)));
      store.keep(3, List.of(versions.get(0), blob, versions.get(2)));
      store.keep(4, List.of(Samples.dead(blob, 4), blob, Samples.dead(versions.get(0), 2)));
      go.countDown();
      assertTrue(answered.await(60, TimeUnit.SECONDS));
    }
    List<Event.Kept> ordered = new ArrayList<>(answers);
    ordered.sort(Comparator.comparingLong(Event.Kept::ticket));
    assertEquals(
        List.of(
            List.of(STORED),
            List.of(STORED, STORED, PRESENT, PRESENT),
            List.of(PRESENT, PRESENT, STORED),
            List.of(STORED, REFUSED, PRESENT)),
        ordered.stream().map(Event.Kept::outcomes).toList());
    assertEquals(List.of(), ordered.get(1).changes(), "what lost within the group has no line");
    assertEquals(List.of(versions.get(2).info()), outcomes(ordered.get(2)));
    assertEquals(List.of(Samples.dead(blob, 4).info()), outcomes(ordered.get(3)));
    try (Asked asked = new Asked(folder)) {
      assertEquals(Optional.empty(), asked.loaded(blob.id()).entry());
      assertEquals(Optional.of(versions.get(2)), asked.loaded(id).entry());
      assertEquals(2, asked.store.living());
    }
  }

  private static List<EntryInfo> outcomes(Event.Kept kept) {
    return kept.changes().stream().map(change -> change.after().orElseThrow()).toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("not released");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void scansAnyArcBothWaysAsAModelDoes() throws IOException {
    TreeSet<Id> model = new TreeSet<>();
    List<Id> points = new ArrayList<>(List.of(Id.ZERO, Id.MAX, Id.MAX.previous(), Id.ZERO.next()));
    try (Asked asked = new Asked(folder)) {
      for (int i = 0; i < 60; i++) {
        Id id = i < 2 ? points.get(i) : Samples.id(random);
        boolean alive = i % 5 != 4;
        Entry living = Samples.record(id, 1, Samples.bytes(random, i));
        asked.kept(alive ? living : Samples.dead(living, 1));
        points.add(id);
        if (alive) {
          model.add(id);
        }
      }
      for (int i = 0; i < 2000; i++) {
        Id from = i % 9 == 0 ? Samples.id(random) : points.get(random.nextInt(points.size()));
        Id to = i % 7 == 0 ? from : points.get(random.nextInt(points.size()));
        Arc arc = new Arc(from, to);
        Direction direction = random.nextBoolean() ? Direction.NEXT : Direction.PREV;
        int count = 1 + random.nextInt(70);
        List<Id> expected = expected(model, arc, direction, count);
        List<Id> found = new ArrayList<>();
        asked.scanned(arc, direction, count).items().forEach(info -> found.add(info.id()));
        assertEquals(expected, found, arc + " " + direction + " " + count);
      }
    }
  }

  @Test
  void scansManyRowsAsOfOneMomentWhileOthersAreKept() throws IOException {
    int batches = 3 * Reader.SCANNED_ROWS_MAX / 100;
    try (Asked asked = new Asked(folder)) {
      TreeSet<Id> ids = new TreeSet<>();
      for (int batch = 0; batch < batches; batch++) {
        Entry[] entries = new Entry[100];
        Arrays.setAll(entries, i -> Samples.blob(random, 10));
        asked.keep(entries);
        List.of(entries).forEach(entry -> ids.add(entry.id()));
        if (batch % 10 == 9) {
          int found = asked.scanned(Arc.wholeRing(Id.ZERO), Direction.NEXT, 1 << 20).items().size();
          assertEquals(0, found % 100, "a part of a keep");
        }
      }
      asked.kept(Samples.blob(random, 11));
      Id middle = Samples.id(random);
      Event.Scanned scanned = asked.scanned(new Arc(middle, Id.MAX), Direction.PREV, 1 << 20);
      List<Id> found = scanned.items().stream().map(EntryInfo::id).toList();
      assertEquals(
          List.copyOf(ids.tailSet(middle, false).descendingSet()),
          found.stream().filter(ids::contains).toList());
      assertEquals(ids.size() + 1, asked.rows(Book.HELD).size());
    }
  }

  /** Every living id of the arc, by its distance from the end that the direction begins at. */
  private static List<Id> expected(Set<Id> ids, Arc arc, Direction direction, int count) {
    TreeSet<Id> distances = new TreeSet<>();
    for (Id id : ids) {
      if (arc.contains(id)) {
        boolean next = direction == Direction.NEXT;
        distances.add(next ? id.minus(arc.from().next()) : arc.to().minus(id));
      }
    }
    List<Id> expected = new ArrayList<>();
    for (Id distance : distances) {
      if (expected.size() < count) {
        boolean next = direction == Direction.NEXT;
        expected.add(next ? arc.from().next().plus(distance) : arc.to().minus(distance));
      }
    }
    return expected;
  }

  @Test
  void neverServesDamagedBytesAndTakesThemAnew() throws IOException {
    Entry blob = Samples.blob(random, Samples.LARGE_BYTES);
    Entry record = Samples.record(Samples.id(random), 3, Samples.bytes(random, 5000));
    try (Asked asked = new Asked(folder)) {
      asked.kept(blob, record);
    }
    Path segment = Segment.file(Database.blocks(folder), 1);
    Samples.flipAByte(segment, Samples.LARGE_BYTES / 2);
    Samples.flipAByte(segment, Samples.LARGE_BYTES + 2 * BlockHeader.BYTES + 1);
    try (Asked asked = new Asked(folder)) {
      for (Entry entry : List.of(blob, record)) {
        Event.Loaded loaded = asked.loaded(entry.id());
        assertEquals(Optional.empty(), loaded.entry());
        assertTrue(loaded.failure().orElseThrow().contains(entry.id().toHex()));
        assertFalse(asked.looked(entry.id()).present().get(0));
      }
      assertEquals(List.of(), asked.scanned(Arc.wholeRing(Id.ZERO), Direction.NEXT, 9).items());
      assertEquals(List.of(), asked.loadedAll(blob.id(), record.id()));

      assertEquals(List.of(STORED, STORED), asked.kept(blob, record).outcomes());
      assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
      assertEquals(Optional.of(record), asked.loaded(record.id()).entry());
      assertTrue(asked.looked(blob.id()).present().get(0));
      assertEquals(2, asked.store.living());
    }
  }

  @Test
  void loadsManyInTheirOrderAndLeavesOutWhatIsNotThere() throws IOException {
    Entry large = Samples.blob(random, Samples.LARGE_BYTES);
    Entry small = Samples.blob(random, 100);
    Id unknown = Samples.id(random);
    try (Asked asked = new Asked(folder)) {
      asked.kept(large, small);

      assertEquals(List.of(small, large), asked.loadedAll(small.id(), unknown, large.id()));
      assertEquals(List.of(large, small), asked.loadedAll(large.id(), small.id()));
    }
  }

  @Test
  void answersWithAFailureWhenTheDiskIsBehind() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch failures = new CountDownLatch(1);
    int tickets = 30;
    CountDownLatch answered = new CountDownLatch(tickets);
    Bytes block = Samples.bytes(random, 4 << 20);
    try (DiskStore store =
        DiskStore.open(
            folder,
            Asked.KEY,
            event -> {
              awaitQuietly(go);
              if (((Event.Kept) event).failure().orElse("").contains("behind")) {
                failures.countDown();
              }
              answered.countDown();
            })) {
      for (int ticket = 1; ticket <= tickets; ticket++) {
        store.keep(ticket, List.of(Samples.record(Samples.id(random), 1, block)));
      }
      go.countDown();
      assertTrue(answered.await(60, TimeUnit.SECONDS), "each is answered");
      assertTrue(failures.await(0, TimeUnit.SECONDS), "120 MiB at once are too much");
    }
  }

  @Test
  void finishesWhatWasAskedWhenItCloses() throws IOException {
    Asked asked = new Asked(folder);
    List<Long> tickets = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      entries.add(Samples.blob(random, Samples.LARGE_BYTES));
      tickets.add(asked.keep(entries.get(i)));
    }
    asked.close();
    for (long ticket : tickets) {
      assertEquals(List.of(STORED), ((Event.Kept) asked.await(ticket)).outcomes());
    }
    try (Asked again = new Asked(folder)) {
      for (Entry entry : entries) {
        assertEquals(Optional.of(entry), again.loaded(entry.id()).entry());
      }
    }
  }

  @Test
  void saysSoWhenItsFolderIsInUseOrIsNone() throws IOException {
    try (Asked asked = new Asked(folder.resolve("store"))) {
      asked.kept(Samples.blob(random, 1));
      IOException inUse = assertThrows(IOException.class, () -> new Asked(folder.resolve("store")));
      assertTrue(inUse.getMessage().contains("in use"), inUse.getMessage());
    }
    Path file = Files.writeString(folder.resolve("file"), "x");
    IOException noFolder = assertThrows(IOException.class, () -> new Asked(file));
    assertTrue(noFolder.getMessage().contains("is not a folder"), noFolder.getMessage());
  }

  @Test
  void losesOnlyWhatLayInBytesThatAreMissing() throws IOException {
    Entry whole = Samples.blob(random, Samples.LARGE_BYTES);
    Entry cut = Samples.blob(random, Samples.LARGE_BYTES);
    Entry later = Samples.blob(random, Samples.LARGE_BYTES);
    try (Asked asked = new Asked(folder)) {
      asked.kept(whole, cut);
    }
    Path segment = Segment.file(Database.blocks(folder), 1);
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1);
    }
    for (int time = 0; time < 2; time++) {
      try (Asked asked = new Asked(folder)) {
        asked.kept(later);
        assertEquals(Optional.of(whole), asked.loaded(whole.id()).entry());
        assertEquals(Optional.of(later), asked.loaded(later.id()).entry());
        String failure = asked.loaded(cut.id()).failure().orElseThrow();
        assertTrue(failure.contains("is damaged on the disk"), failure);
        assertTrue(Files.exists(Segment.file(Database.blocks(folder), 2)), "not behind the cut");
      }
    }
  }
}
