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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;

/** An index of which something is gone or bad is made anew from what is left. */
final class RebuildTest {
  private static final int SEGMENT_BYTES = 1 << 20;

  @TempDir Path folder;

  private final Random random = new Random(5);
  private final Map<Id, Entry> large = new LinkedHashMap<>();
  private final Map<Id, Entry> small = new LinkedHashMap<>();
  private final List<Entry> dead = new ArrayList<>();
  private Path sound;
  private int copies;

  /** A store with tables of every family, and with a log that has more. */
  @BeforeEach
  void fill() throws IOException {
    sound = folder.resolve("sound");
    for (int run = 0; run < 3; run++) {
      try (Asked asked = new Asked(sound, 0, SEGMENT_BYTES)) {
        for (int i = 0; i < 60; i++) {
          Entry blob = Samples.blob(random, 1024 + random.nextInt(60_000));
          Entry record = Samples.record(Samples.id(random), i + 1, Samples.bytes(random, 3000));
          Entry little = Samples.blob(random, 1 + random.nextInt(900));
          Entry mark = Samples.record(Samples.id(random), i + 1, Samples.bytes(random, 300));
          asked.kept(blob, record, little, mark);
          large.put(blob.id(), blob);
          large.put(record.id(), record);
          small.put(little.id(), little);
          small.put(mark.id(), mark);
          asked.noted(true, Samples.blob(random, 10).info());
        }
        for (Entry each : List.copyOf(large.values()).subList(0, 30)) {
          delete(asked, each, large);
        }
        for (Entry each : List.copyOf(small.values()).subList(0, 10)) {
          delete(asked, each, small);
        }
      }
    }
  }

  private void delete(Asked asked, Entry entry, Map<Id, Entry> from) {
    Entry gone = Samples.dead(entry, entry.stamp() + 1000);
    asked.kept(gone);
    dead.add(gone);
    from.remove(entry.id());
  }

  @Test
  void aFileOfTheIndexThatIsGoneCostsNoBlock() throws IOException {
    for (Path file : Folders.files(IndexFolder.of(sound))) {
      Path copy = copy();
      Path victim = copy.resolve(sound.relativize(file).toString());
      Files.delete(victim);
      assertAllBut(lostIn(victim), copy, "without " + file.getFileName());
    }
  }

  @Test
  void aFileOfTheIndexThatIsEmptyCostsNoBlock() throws IOException {
    for (Path file : Folders.files(IndexFolder.of(sound))) {
      Path copy = copy();
      Path victim = copy.resolve(sound.relativize(file).toString());
      Folders.cut(victim, 0);
      assertAllBut(lostIn(victim), copy, "with an empty " + file.getFileName());
    }
  }

  /** Small entries, at the most, that lie in this file alone. */
  private static int lostIn(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".sst") || name.endsWith(".log") ? Integer.MAX_VALUE : 0;
  }

  @Test
  void anIndexThatIsGoneCostsNoBlob() throws IOException {
    Path copy = copy();
    IndexFolder.delete(IndexFolder.of(copy));
    assertAllBut(Integer.MAX_VALUE, copy, "without an index");
  }

  @Test
  void aRebuildThatACrashOvertookIsFinishedOrBegunAnew() throws Exception {
    for (String left : List.of("building", "rebuilt", "rebuilt and damaged", "damaged")) {
      Path copy = copy();
      Path index = IndexFolder.of(copy);
      Files.delete(index.resolve("CURRENT"));
      if (left.equals("building")) {
        Folders.copy(index, copy.resolve("index.building"));
      } else {
        Path other = Folders.copy(sound, folder.resolve("other" + copies));
        IndexFolder.delete(index);
        if (left.contains("rebuilt")) {
          Files.move(IndexFolder.of(other), copy.resolve("index.rebuilt"));
          Folders.copy(copy.resolve("index.rebuilt"), index);
          Files.delete(index.resolve("CURRENT"));
        } else {
          Files.move(IndexFolder.of(other), index);
        }
        if (left.contains("damaged")) {
          Folders.copy(
              left.equals("damaged") ? index : copy.resolve("index.rebuilt"),
              copy.resolve("index.damaged"));
        }
        if (left.equals("rebuilt and damaged")) {
          IndexFolder.delete(index);
        }
        IndexFolder.delete(other);
      }
      new Asked(copy, 0, SEGMENT_BYTES).close();
      List<Path> files = Folders.files(copy);
      assertTrue(files.stream().noneMatch(file -> file.toString().contains("/index.")), left);
      assertAllBut(0, copy, "a crash that left " + left);
    }
  }

  @Test
  void anIndexThatGoesBadWhileItIsOpenIsMadeAnewByTheNextWrite() throws Exception {
    Path copy = copy();
    for (Path file : TableFile.in(IndexFolder.of(copy))) {
      Optional<Family> family;
      try (TableFile table = new TableFile(file)) {
        family = table.family();
      }
      if (family.equals(Optional.of(Family.INDEX)) || family.equals(Optional.of(Family.VALUES))) {
        Samples.flipAByte(file, 100);
      }
    }
    List<Entry> all = new ArrayList<>(large.values());
    all.addAll(small.values());
    try (Asked asked = new Asked(copy, 0, SEGMENT_BYTES)) {
      int failed = 0;
      for (Entry entry : all) {
        failed += asked.loaded(entry.id()).entry().isEmpty() ? 1 : 0;
      }
      assertTrue(failed > 0);
      asked.kept(Samples.blob(random, 2000));
      for (Entry entry : large.values()) {
        assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
      }
      for (Entry each : dead) {
        assertEquals(Optional.empty(), asked.loaded(each.id()).entry());
      }
    }
  }

  @Test
  void valuesAreReadOfATableWhoseOwnIndexIsBad() throws Exception {
    for (Path file : TableFile.in(IndexFolder.of(sound))) {
      Optional<Family> family;
      try (TableFile table = new TableFile(file)) {
        family = table.family();
      }
      if (family.equals(Optional.of(Family.VALUES))) {
        Path copy = copy();
        Path victim = copy.resolve(sound.relativize(file).toString());
        for (int at = 1; at <= 48; at++) {
          Samples.flipAByte(victim, Files.size(victim) - at); // all of its footer
        }
        assertAllBut(0, copy, file.getFileName() + " without a footer");
      }
    }
  }

  private Path copy() throws IOException {
    return Folders.copy(sound, folder.resolve("copy" + copies++));
  }

  private void assertAllBut(int lostMax, Path store, String how) throws IOException {
    for (int time = 0; time < 2; time++) {
      try (Asked asked = new Asked(store, 0, SEGMENT_BYTES)) {
        for (Entry entry : large.values()) {
          assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry(), how);
        }
        int lost = 0;
        for (Entry entry : small.values()) {
          Optional<Entry> found = asked.loaded(entry.id()).entry();
          assertTrue(found.isEmpty() || found.get().equals(entry), how);
          lost += found.isEmpty() ? 1 : 0;
        }
        assertTrue(lost <= lostMax, how + ": lost " + lost);
        Entry fresh = Samples.blob(random, 5000);
        asked.kept(fresh);
        assertEquals(Optional.of(fresh), asked.loaded(fresh.id()).entry(), how);
        asked.assertTheBooksAgree();
      }
    }
    IndexFolder.delete(store);
  }
}
