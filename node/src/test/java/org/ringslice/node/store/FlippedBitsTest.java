package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;

/**
 * A byte is turned round somewhere in the folder of a store. It opens all the same, serves no wrong
 * byte, and loses nothing but what lay there.
 */
final class FlippedBitsTest {
  /** More by hand: {@code -Dflips=100}. */
  private static final int FLIPS = Integer.getInteger("flips", 24);

  private static final int SEGMENT_BYTES = 1 << 18;

  @TempDir Path folder;

  private final Map<Id, Entry> entries = new LinkedHashMap<>();
  private final List<Entry> dead = new ArrayList<>();

  @Test
  void aByteThatIsTurnedCostsNoMoreThanWhatLayThere() throws IOException {
    long fresh = System.nanoTime();
    for (long seed : new long[] {Long.getLong("ringslice.seed", 17), fresh}) {
      System.out.println("flipped bytes, -Dringslice.seed=" + seed);
      Random random = new Random(seed);
      Path sound = fill(random, folder.resolve("sound" + seed));
      for (int i = 0; i < FLIPS / 2; i++) {
        flipOne(random, sound, "seed " + seed + ", flip " + i);
      }
    }
  }

  private Path fill(Random random, Path store) throws IOException {
    entries.clear();
    dead.clear();
    for (int run = 0; run < 2; run++) {
      try (Asked asked = new Asked(store, 0, SEGMENT_BYTES)) {
        for (int i = 0; i < 40; i++) {
          keep(asked, Samples.blob(random, 1024 + random.nextInt(10_000)));
          keep(asked, Samples.record(Samples.id(random), i + 1, Samples.bytes(random, 2000)));
          keep(asked, Samples.blob(random, 1 + random.nextInt(900)));
          keep(asked, Samples.record(Samples.id(random), i + 1, Samples.bytes(random, 300)));
        }
        for (Entry each : List.copyOf(entries.values()).subList(0, 10)) {
          dead.add(Samples.dead(each, each.stamp() + 1));
          asked.kept(dead.get(dead.size() - 1));
          entries.remove(each.id());
        }
      }
    }
    return store;
  }

  private void keep(Asked asked, Entry entry) {
    asked.kept(entry);
    entries.put(entry.id(), entry);
  }

  private void flipOne(Random random, Path sound, String which) throws IOException {
    Path copy = Folders.copy(sound, folder.resolve("copy"));
    List<Path> files = Folders.files(copy);
    Path file = files.get(random.nextInt(files.size()));
    while (Files.size(file) == 0) {
      file = files.get(random.nextInt(files.size()));
    }
    long at = (long) (random.nextDouble() * Files.size(file));
    String how = which + ", " + copy.relativize(file) + " at " + at;
    Samples.flipAByte(file, at);
    boolean inBlocks = file.startsWith(Database.blocks(copy));
    int lostLarge = 0;
    int lostSmall = 0;
    try (Asked asked = new Asked(copy, 0, SEGMENT_BYTES)) {
      for (Entry entry : entries.values()) {
        readsNothingElse(asked, entry, how);
      }
      for (Entry each : dead) {
        assertEquals(Optional.empty(), asked.loaded(each.id()).entry(), how);
      }
      // what was found by reading is mended by the next write
      Entry later = Samples.blob(random, 3000);
      asked.kept(later);
      assertEquals(Optional.of(later), asked.loaded(later.id()).entry(), how);
      for (Entry entry : entries.values()) {
        boolean isThere = readsNothingElse(asked, entry, how);
        boolean isLarge = entry.bytes().size() >= HeldDraft.LOG_FROM_BYTES;
        lostLarge += isThere || !isLarge ? 0 : 1;
        lostSmall += isThere || isLarge ? 0 : 1;
      }
      for (Entry each : dead) {
        assertEquals(Optional.empty(), asked.loaded(each.id()).entry(), how);
      }
    }
    if (lostLarge + lostSmall > 0) {
      System.out.println(how + ": lost " + lostLarge + " large, " + lostSmall + " small");
    }
    assertTrue(lostLarge <= (inBlocks ? 1 : 0), how + " cost " + lostLarge + " blocks");
    assertTrue(lostSmall == 0 || !inBlocks, how + " cost " + lostSmall + " values");
    IndexFolder.delete(copy);
  }

  private static boolean readsNothingElse(Asked asked, Entry entry, String how) {
    Optional<Entry> loaded = asked.loaded(entry.id()).entry();
    loaded.ifPresent(found -> assertEquals(entry, found, how));
    return loaded.isPresent();
  }
}
