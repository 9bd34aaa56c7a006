package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ringslice.messages.Receipt.Outcome.PRESENT;
import static org.ringslice.messages.Receipt.Outcome.STORED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.StoreRequest;

/** Copies count when their bytes are there, and not by their rows. */
final class ScrubTest {
  private static final int SEGMENT_BYTES = 1 << 20;

  @TempDir Path temp;
  private final Random random = new Random(7);

  private Asked open(Path folder) throws IOException {
    return new Asked(folder, 0, SEGMENT_BYTES);
  }

  private Asked openToScrub(Path folder) throws IOException {
    return new Asked(folder, 0, SEGMENT_BYTES, true);
  }

  private List<Entry> blobs(int count) {
    List<Entry> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blobs.add(Samples.blob(random, 2000 + random.nextInt(60_000)));
    }
    return blobs;
  }

  /** What a crash leaves at this moment. */
  private Path crash(Path folder) throws IOException {
    Path copy = Files.createTempDirectory(temp, "crashed");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.equals(folder)) {
          Files.copy(file, copy.resolve(folder.relativize(file).toString()));
        }
      }
    }
    return copy;
  }

  /** Makes the copies of these bad, whichever segment they are in. */
  private static void rot(Path folder, List<Entry> entries) throws IOException {
    try (Stream<Path> segments = Files.list(Database.blocks(folder))) {
      for (Path segment : (Iterable<Path>) segments::iterator) {
        byte[] bytes = Files.readAllBytes(segment);
        for (Entry entry : entries) {
          int at = indexOf(bytes, entry.bytes().unsafeArray());
          if (at >= 0) {
            Samples.flipAByte(segment, at + entry.bytes().size() / 2);
          }
        }
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + 32, part, 0, 32)) {
        return at;
      }
    }
    return -1;
  }

  private static Id[] ids(List<Entry> entries) {
    return entries.stream().map(Entry::id).toArray(Id[]::new);
  }

  @Test
  void findsWhatACrashHasSpoiledWithoutAnybodyReadingIt() throws IOException {
    List<Entry> blobs = blobs(100);
    Path crashed;
    try (Asked asked = open(temp.resolve("store"))) {
      asked.kept(blobs.toArray(Entry[]::new));
      crashed = crash(temp.resolve("store"));
    }
    List<Entry> bad = blobs.subList(0, 10);
    rot(crashed, bad);
    try (Asked asked = open(crashed)) {
      asked.awaitAmended(bad.size());
      DiskHealth health = asked.awaitHealth(now -> !now.uncleanStop() && now.damaged() > 0);
      assertEquals(bad.size(), health.damaged());
      assertEquals(bad.stream().map(Entry::id).sorted().toList(), health.first());
      assertEquals(0, health.unverifiedBytes());
      assertEquals(90, asked.believed(Book.HELD).index().size());
      asked.assertTheBooksAgree();
    }
    // a stop by itself: nothing is read anew, and all is remembered
    try (Asked asked = open(crashed)) {
      assertEquals(90, asked.believed(Book.HELD).index().size());
      DiskHealth health = asked.awaitHealth(now -> now.damaged() > 0);
      assertEquals(bad.size(), health.damaged());
      assertFalse(health.uncleanStop());
      assertTrue(health.unverifiedBytes() > 0);
      assertTrue(asked.loaded(bad.get(0).id()).failure().orElseThrow().contains("damaged"));
      assertEquals(List.of(STORED), asked.kept(bad.get(0)).outcomes());
      assertEquals(Optional.of(bad.get(0)), asked.loaded(bad.get(0).id()).entry());
      asked.kept(bad.toArray(Entry[]::new));
      asked.awaitHealth(now -> now.damaged() == 0);
      asked.assertTheBooksAgree();
    }
    try (Asked asked = openToScrub(crashed)) {
      asked.awaitHealth(now -> now.unverifiedBytes() == 0);
      asked.awaitAmended(0);
      for (Entry blob : blobs) {
        assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
      }
    }
  }

  @Test
  void saysOfNothingThatItIsThereBeforeItHasReadIt() throws IOException {
    List<Entry> blobs = blobs(50);
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
    }
    List<Entry> bad = blobs.subList(10, 20);
    rot(folder, bad);
    try (Asked asked = open(folder)) {
      for (int time = 0; time < 2; time++) {
        var present = asked.looked(ids(blobs)).present();
        assertEquals(40, present.cardinality());
        assertEquals(10, present.nextClearBit(0));
        assertEquals(20, present.nextSetBit(10));
      }
    }
    try (Asked asked = open(folder)) {
      for (int i = 0; i < blobs.size(); i++) {
        boolean isBad = bad.contains(blobs.get(i));
        assertEquals(List.of(isBad ? STORED : PRESENT), asked.kept(blobs.get(i)).outcomes());
        assertEquals(Optional.of(blobs.get(i)), asked.loaded(blobs.get(i).id()).entry());
      }
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void aStoreOfManyFindsTheBadOnesAmongThem() throws IOException {
    List<Entry> blobs = blobs(40);
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
    }
    rot(folder, blobs.subList(0, 3));
    try (Asked asked = open(folder)) {
      var outcomes = asked.kept(blobs.toArray(Entry[]::new)).outcomes();
      assertEquals(List.of(STORED, STORED, STORED), outcomes.subList(0, 3));
      assertEquals(37, outcomes.stream().filter(PRESENT::equals).count());
      assertEquals(50, asked.looked(ids(blobs)).present().cardinality() + 10);
      asked.assertTheBooksAgree();
    }
  }

  @Test
  void noticesThatSomebodyElseWroteToASegment() throws IOException {
    List<Entry> blobs = blobs(60);
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
      assertEquals(60, asked.looked(ids(blobs)).present().cardinality());
      rot(folder, blobs.subList(0, 5));
      assertEquals(55, asked.looked(ids(blobs)).present().cardinality());
      assertEquals(List.of(STORED), asked.kept(blobs.get(0)).outcomes());
      asked.awaitHealth(now -> now.damaged() == 4 && now.unverifiedBytes() == 0);
    }
  }

  @Test
  void missesASegmentThatIsGoneOrAnotherAndAppendsToItNoMore() throws IOException {
    for (boolean isReplaced : new boolean[] {false, true}) {
      List<Entry> before = blobs(10);
      List<Entry> after = blobs(10);
      Path folder = temp.resolve("replaced-" + isReplaced);
      try (Asked asked = open(folder)) {
        asked.kept(before.toArray(Entry[]::new));
        Path segment = Segment.file(Database.blocks(folder), 1);
        Path copy = temp.resolve("copy");
        Files.copy(segment, copy);
        Files.delete(segment);
        if (isReplaced) {
          Files.copy(copy, segment);
        }
        Files.delete(copy);
        // nobody asks for it
        int lost = isReplaced ? 0 : before.size();
        asked.awaitHealth(now -> now.damaged() == lost && now.unverifiedBytes() == 0);
        asked.kept(after.toArray(Entry[]::new));
        if (!isReplaced) {
          asked.kept(before.toArray(Entry[]::new));
        }
      }
      try (Asked asked = openToScrub(folder)) {
        asked.awaitHealth(now -> now.damaged() == 0 && now.unverifiedBytes() == 0);
        for (Entry blob : after) {
          assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
        }
        assertEquals(20, asked.believed(Book.HELD).index().size());
      }
    }
  }

  @Test
  void aPassThatBeginsAnewInTheMiddleOfAPageReadsAll() throws Exception {
    Path folder = temp.resolve("store");
    List<Entry> blobs = blobs(10);
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
    }
    rot(folder, blobs);
    Database database = new Database(folder, SEGMENT_BYTES, Asked.KEY);
    Damage damage = new Damage();
    Verified verified = new Verified(Database.blocks(folder));
    List<Job.GiveUp> found = new ArrayList<>();
    ScrubState state = ScrubState.open(folder, false, true, false, 1);
    Scrub scrub = new Scrub(database, damage, verified, state, false, any -> {});
    try (CopyReader copies = new CopyReader(database, damage, found::add)) {
      scrub.step(copies); // lists them
      verified.distrust();
      while (!verified.isAll()) {
        scrub.step(copies);
      }
    }
    assertEquals(blobs.size(), found.size());
    database.close(0);
  }

  @Test
  void saysThatItsIndexWasTakenAway() throws IOException {
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs(3).toArray(Entry[]::new));
      Files.move(IndexFolder.of(folder), folder.resolve("moved"));
      assertTrue(asked.awaitBroken().contains("was deleted, moved or replaced"));
    }
  }

  @Test
  void writesNothingToAFolderThatTookThePlaceOfItsOwn() throws IOException {
    for (boolean hasAppended : new boolean[] {false, true}) {
      Path folder = temp.resolve("store-" + hasAppended);
      List<Entry> blobs = blobs(6);
      open(folder).close();
      try (Asked asked = open(folder)) {
        if (hasAppended) {
          asked.kept(blobs.get(0), blobs.get(1));
        }
        Files.move(folder, temp.resolve("moved-" + hasAppended));
        Files.createDirectories(Database.blocks(folder));
        Files.createDirectories(IndexFolder.of(folder));
        for (Entry blob : blobs) {
          asked.kept(blob);
        }
        asked.awaitBroken();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
      }
    }
  }

  @Test
  void takesBackWhatCanBeReadAfterAll() throws IOException {
    List<Entry> blobs = blobs(20);
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
    }
    rot(folder, blobs);
    try (Asked asked = openToScrub(folder)) {
      asked.awaitAmended(20);
      assertEquals(0, asked.believed(Book.HELD).index().size());
    }
    rot(folder, blobs.subList(0, 20)); // the same bytes again: they are right now
    try (Asked asked = openToScrub(folder)) {
      asked.awaitAmended(20);
      assertEquals(20, asked.believed(Book.HELD).index().size());
      for (Entry blob : blobs) {
        assertEquals(Optional.of(blob), asked.loaded(blob.id()).entry());
      }
      asked.assertTheBooksAgree();
      asked.awaitHealth(now -> now.damaged() == 0);
    }
  }

  @Test
  void forgetsOfWhatIsOfNoUseThatItIsDamaged() throws IOException {
    List<Entry> blobs = blobs(20);
    Path folder = temp.resolve("store");
    try (Asked asked = open(folder)) {
      asked.kept(blobs.toArray(Entry[]::new));
    }
    rot(folder, blobs);
    try (Asked asked = openToScrub(folder)) {
      asked.awaitHealth(now -> now.damaged() == 20);
      List<Id> useless = List.of(ids(blobs.subList(0, 15)));
      assertFalse(asked.reply(new StoreRequest.ForgetDamaged(useless)).hasFailed());
      DiskHealth left = asked.awaitHealth(now -> now.damaged() == 5);
      assertEquals(blobs.subList(15, 20).stream().map(Entry::id).sorted().toList(), left.first());
      assertEquals(List.of(STORED), asked.kept(blobs.get(0)).outcomes());
      asked.assertTheBooksAgree();
    }
    try (Asked asked = open(folder)) {
      assertEquals(5, asked.awaitHealth(now -> true).damaged());
      assertEquals(Optional.of(blobs.get(0)), asked.loaded(blobs.get(0).id()).entry());
    }
  }

  @Test
  void goesOnWhereItWas() {
    Id half = Id.fromHex("8".repeat(64));
    ScrubState fresh = ScrubState.open(temp, true, false, false, 1000);
    assertFalse(fresh.underway());
    fresh.begin(2000, false).at(half).stopped().write(temp);
    ScrubState again = ScrubState.open(temp, false, false, false, 3000);
    assertEquals(new ScrubState(half, half, true, 2000, false, false), again);
    // no stop was written down since
    ScrubState crashed = ScrubState.open(temp, false, false, false, 4000);
    assertEquals(new ScrubState(half, half, true, 4000, true, false), crashed);
    crashed.ended().stopped().write(temp);
    assertEquals(
        new ScrubState(half, half, false, 4000, false, false),
        ScrubState.open(temp, false, false, false, 5000));
  }
}
