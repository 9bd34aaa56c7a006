package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;

/** A segment of which bytes are missing costs the entries that lay there, and no other. */
final class CutSegmentTest {
  private static final int PAGE_BYTES = 4096;
  private static final int LAST_PAGES = 64;

  /** Of the random places of a run. By hand, all 200: {@code -Dcuts=200}. */
  private static final int CUTS = Integer.getInteger("cuts", 10);

  /** Of the last pages each, or every so many. */
  private static final int PAGE_STEP = CUTS >= 200 ? 1 : 9;

  private static final int SEGMENT_BYTES = 1 << 19;

  @TempDir Path folder;

  private final Random random = new Random(23);
  private final List<Entry> entries = new ArrayList<>();
  private Path sound;
  private int copies;

  @BeforeEach
  void fill() throws IOException {
    sound = folder.resolve("sound");
    try (Asked asked = new Asked(sound, 0, SEGMENT_BYTES)) {
      for (int i = 0; i < 90; i++) {
        entries.add(Samples.blob(random, 1024 + random.nextInt(20_000)));
        asked.kept(entries.get(entries.size() - 1));
      }
    }
  }

  @Test
  void aSegmentThatIsCutCostsOnlyWhatLayBehindTheCut() throws IOException {
    Path last = last();
    List<Long> places = new ArrayList<>();
    for (int page = 1; page <= LAST_PAGES; page += PAGE_STEP) {
      places.add(Math.max(0, (Files.size(last) / PAGE_BYTES + 1 - page) * PAGE_BYTES));
    }
    for (long seed : new long[] {23, System.nanoTime()}) {
      System.out.println("cut segments, seed " + seed);
      new Random(seed).longs(CUTS / 2, 0, Files.size(last)).forEach(places::add);
    }
    for (long place : places) {
      if (place < Files.size(last)) {
        Path copy = copy();
        Folders.cut(copy.resolve(sound.relativize(last).toString()), place);
        assertLoses(lying(last, place, Long.MAX_VALUE), copy, "cut at " + place);
      }
    }
  }

  @Test
  void aSegmentThatIsZeroedCostsOnlyWhatLayThere() throws IOException {
    Path last = last();
    for (int time = 0; time < 4; time++) {
      long from = (long) (random.nextDouble() * Files.size(last));
      long to = time == 0 ? Files.size(last) : Math.min(Files.size(last), from + PAGE_BYTES);
      Path copy = copy();
      try (RandomAccessFile file =
          new RandomAccessFile(copy.resolve(sound.relativize(last).toString()).toFile(), "rw")) {
        file.seek(from);
        file.write(new byte[(int) (to - from)]);
      }
      assertLoses(lying(last, from, to), copy, "zeroed from " + from + " to " + to);
    }
  }

  @Test
  void aSegmentThatIsGoneCostsOnlyWhatLayThere() throws IOException {
    for (int number : new int[] {1, 2}) {
      Path gone = Segment.file(Database.blocks(sound), number);
      Path copy = copy();
      Files.delete(copy.resolve(sound.relativize(gone).toString()));
      assertLoses(lying(gone, 0, Long.MAX_VALUE), copy, "without " + number);
    }
  }

  /** The bytes of a segment may come to lie anew where a damaged file has been, but never in it. */
  private void assertLoses(List<Id> lost, Path store, String how) throws IOException {
    List<Entry> later = List.of(Samples.blob(random, 9000), Samples.blob(random, 2000));
    for (int time = 0; time < 2; time++) {
      try (Asked asked = new Asked(store, 0, SEGMENT_BYTES)) {
        asked.kept(later.get(time));
        for (Entry entry : entries) {
          Asked.Loaded loaded = asked.loaded(entry.id());
          boolean isLost = lost.contains(entry.id());
          assertEquals(isLost ? Optional.empty() : Optional.of(entry), loaded.entry(), how);
          assertTrue(!isLost || loaded.failure().orElseThrow().contains("is damaged"), how);
        }
        for (Entry each : later.subList(0, time + 1)) {
          assertEquals(Optional.of(each), asked.loaded(each.id()).entry(), how);
        }
        if (time == 1) {
          for (Id id : lost) {
            asked.dropped(entry(id).info());
            asked.kept(entry(id));
            assertEquals(Optional.of(entry(id)), asked.loaded(id).entry(), how);
          }
        }
        asked.assertTheBooksAgree();
      }
    }
    IndexFolder.delete(store);
  }

  private Entry entry(Id id) {
    return entries.stream().filter(each -> each.id().equals(id)).findAny().orElseThrow();
  }

  /** Entries with bytes in a part of a segment. */
  private static List<Id> lying(Path segment, long from, long to) throws IOException {
    List<Id> found = new ArrayList<>();
    try (BlockScan scan = new BlockScan(segment, 0)) {
      while (scan.next()) {
        IndexRow row = scan.row(1);
        if (row.offset() < to && row.offset() + row.info().size() > from) {
          found.add(row.info().id());
        }
      }
    }
    return found;
  }

  private Path last() throws IOException {
    return SegmentNames.in(Database.blocks(sound)).lastEntry().getValue();
  }

  private Path copy() throws IOException {
    return Folders.copy(sound, folder.resolve("copy" + copies++));
  }
}
