package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;

/**
 * What a store holds of the entries that it was given is their join: in any order and any
 * repetition, of any mix of kinds, one by one or many in a group, across starts.
 */
final class JoinTest {
  private static final int IDS = 12;

  @TempDir Path folder;

  @Test
  void anyOrderAndRepetitionLeavesTheJoinOfAll() throws IOException {
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      List<Entry> given = anyEntries(random);
      TreeMap<Id, Entry> model = new TreeMap<>();
      given.forEach(entry -> model.merge(entry.id(), entry, Merge::join));
      for (int order = 0; order < 2; order++) {
        Path store = folder.resolve("store-" + seed + "-" + order);
        give(store, shuffledAndRepeated(given, random), random);
        assertHolds(store, model, "seed " + seed + ", order " + order);
      }
    }
  }

  /** Few ids, few stamps, and of the kinds that have no id of their own few sizes and bytes. */
  private static List<Entry> anyEntries(Random random) {
    List<Bytes> contents = new ArrayList<>();
    for (int i = 0; i < IDS; i++) {
      boolean isLarge = random.nextBoolean();
      contents.add(Samples.bytes(random, isLarge ? HeldDraft.LOG_FROM_BYTES + i : 10 + i));
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 20 * IDS; i++) {
      Bytes content = contents.get(random.nextInt(IDS));
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      boolean alive = random.nextInt(3) > 0;
      Bytes bytes = kind == Kind.BLOB ? content : anyBytes(random);
      entries.add(
          new Entry(
              Id.sha256(content), kind, random.nextInt(3), alive, alive ? bytes : Bytes.EMPTY));
    }
    return entries;
  }

  private static Bytes anyBytes(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? HeldDraft.LOG_FROM_BYTES : 3];
    bytes[0] = (byte) random.nextInt();
    return Bytes.wrap(bytes);
  }

  private static List<Entry> shuffledAndRepeated(List<Entry> entries, Random random) {
    List<Entry> twice = new ArrayList<>(entries);
    twice.addAll(entries);
    Collections.shuffle(twice, random);
    return twice;
  }

  /** In keeps of some entries each, several of which may come to be one group. */
  private static void give(Path store, List<Entry> entries, Random random) throws IOException {
    for (int next = 0; next < entries.size(); ) {
      try (Asked asked = new Asked(store)) {
        for (int burst = 1 + random.nextInt(4); burst > 0 && next < entries.size(); burst--) {
          List<Long> tickets = new ArrayList<>();
          for (int keeps = 1 + random.nextInt(10); keeps > 0 && next < entries.size(); keeps--) {
            int end = Math.min(entries.size(), next + 1 + random.nextInt(5));
            tickets.add(asked.keep(entries.subList(next, end).toArray(Entry[]::new)));
            next = end;
          }
          tickets.forEach(asked::await);
        }
        asked.assertTheBooksAgree();
      }
    }
  }

  private static void assertHolds(Path store, Map<Id, Entry> model, String what)
      throws IOException {
    try (Asked asked = new Asked(store)) {
      List<EntryInfo> rows = model.values().stream().map(Entry::info).toList();
      assertEquals(rows, asked.rows(Book.HELD), what);
      for (Entry entry : model.values()) {
        Optional<Entry> living = Optional.of(entry).filter(Entry::alive);
        assertEquals(living, asked.loaded(entry.id()).entry(), what);
      }
    }
  }

  @Test
  void anOutcomeSaysWhetherWhatIsHeldHasWhatWasKept() throws IOException {
    Random random = new Random(5);
    Entry blob = Samples.blob(random, Samples.SMALL_BYTES);
    Entry record = Samples.record(blob.id(), 9, Bytes.EMPTY);
    try (Asked asked = new Asked(folder)) {
      assertEquals(List.of(Outcome.STORED), asked.kept(blob).outcomes());
      assertEquals(List.of(Outcome.PRESENT), asked.kept(blob).outcomes());
      assertEquals(List.of(Outcome.REFUSED), asked.kept(record).outcomes());
      assertEquals(List.of(Outcome.STORED), asked.kept(Samples.dead(blob, 1)).outcomes());
      assertEquals(List.of(Outcome.REFUSED), asked.kept(blob).outcomes());
      assertEquals(List.of(Outcome.PRESENT), asked.kept(Samples.dead(blob, 0)).outcomes());
    }
  }
}
