package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;

final class DroppedIdsTest {
  private static final Arc RING = Arc.wholeRing(Id.MAX);
  private static final int HOUR = 500_000;

  @TempDir Path folder;

  private final Random random = new Random(29);

  private List<Id> ids(int count) {
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(Samples.id(random));
    }
    return ids;
  }

  private static List<Id> sorted(List<Id> ids) {
    return ids.stream().sorted().distinct().toList();
  }

  @Test
  void tellsWhatWasDroppedInTheOrderOfTheRingAlsoAfterARestart() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      entries.add(Samples.blob(random, 2000));
    }
    List<Id> ids = sorted(entries.stream().map(Entry::id).toList());
    try (Asked asked = new Asked(folder)) {
      for (Entry entry : entries) {
        asked.kept(entry);
      }
      assertEquals(List.of(), asked.droppedIds(RING, 100));
      for (Entry entry : entries) {
        asked.dropped(entry.info());
      }
      // again, and one that never was here
      asked.kept(entries.get(7));
      asked.dropped(entries.get(7).info(), Samples.blob(random, 10).info());
    }
    try (Asked asked = new Asked(folder)) {
      assertEquals(ids, asked.droppedIds(RING, 100));
      assertEquals(ids.subList(0, 20), asked.droppedIds(RING, 20));
      assertEquals(ids.subList(20, 40), asked.droppedIds(new Arc(ids.get(19), ids.get(39)), 100));
      List<Id> round = new ArrayList<>(ids.subList(45, 50));
      round.addAll(ids.subList(0, 5));
      assertEquals(round, asked.droppedIds(new Arc(ids.get(44), ids.get(10)), 10));
    }
  }

  private static void add(Tables tables, DroppedIds dropped, List<Id> ids, int hour)
      throws RocksDBException {
    try (Tables.Batch batch = tables.batch()) {
      dropped.add(ids, hour, batch);
      batch.commit();
    }
  }

  @Test
  void forgetsAWeekLater() throws Exception {
    NativeCode.load(folder);
    try (Tables tables = Tables.open(folder)) {
      DroppedIds dropped = DroppedIds.open(tables);
      List<Id> first = ids(100);
      List<Id> second = ids(100);
      add(tables, dropped, first, HOUR);
      add(tables, dropped, second, HOUR + 1);
      int weekLater = HOUR + DroppedIds.HOURS_MAX;
      List<Id> both = new ArrayList<>(first);
      both.addAll(second);
      assertEquals(sorted(both), DroppedIds.read(tables, RING, weekLater, 1000));
      assertEquals(sorted(second), DroppedIds.read(tables, RING, weekLater + 1, 1000));

      // and they are gone from the disk when the next ones come; a clock that goes back is no harm
      DroppedIds again = DroppedIds.open(tables);
      add(tables, again, List.of(Id.MAX), weekLater + 1);
      add(tables, again, List.of(Id.ZERO), HOUR);
      List<Id> left = new ArrayList<>(second);
      left.addAll(List.of(Id.ZERO, Id.MAX));
      assertEquals(sorted(left), DroppedIds.read(tables, RING, HOUR, 1000));
    }
  }

  @Test
  void theOldestGoPastTheLimit() throws Exception {
    NativeCode.load(folder);
    try (Tables tables = Tables.open(folder)) {
      DroppedIds dropped = DroppedIds.open(tables);
      List<Id> first = ids(DroppedIds.CHUNK_IDS);
      add(tables, dropped, first, HOUR);
      for (int left = DroppedIds.IDS_MAX - DroppedIds.CHUNK_IDS; left > 0; ) {
        int count = Math.min(left, DroppedIds.CHUNK_IDS);
        add(tables, dropped, ids(count), HOUR);
        left -= count;
      }
      Id oldest = first.stream().min(Comparator.naturalOrder()).orElseThrow();
      Arc itself = new Arc(oldest.previous(), oldest);
      assertEquals(List.of(oldest), DroppedIds.read(tables, itself, HOUR, 10));
      assertEquals(1000, DroppedIds.read(tables, RING, HOUR, 1000).size());

      add(tables, dropped, ids(1), HOUR);
      assertEquals(List.of(), DroppedIds.read(tables, itself, HOUR, 10));
      int all = DroppedIds.read(tables, RING, HOUR, 2 * DroppedIds.IDS_MAX).size();
      assertEquals(DroppedIds.IDS_MAX - DroppedIds.CHUNK_IDS + 1, all);
    }
  }
}
