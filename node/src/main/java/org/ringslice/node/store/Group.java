package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt.Outcome;
import org.rocksdb.RocksDBException;

/**
 * One group commit: takes entries in their order, tells what becomes of each as if they were stored
 * one by one, and writes for each id only what is left at the end. Belongs to the writer's thread.
 */
final class Group {
  /**
   * Bytes from which on an entry goes to the block log. Measured: the log is faster in groups of 64
   * at any size and writes each byte once, where the values write it 4 to 6 times; but a single
   * store takes a second sync (0.30 ms instead of 0.20), and only the values get back the space of
   * each small entry that dies, such as the records of a name.
   */
  static final int LOG_FROM_BYTES = 1024;

  private final Tables tables;
  private final BlockLog log;
  private final Damage damage;

  private final Map<Id, Entry> winners = new LinkedHashMap<>();

  // of the winners; an id that is not in here was not held
  private final Map<Id, IndexRow> before = new HashMap<>();

  Group(Tables tables, BlockLog log, Damage damage) {
    this.tables = tables;
    this.log = log;
    this.damage = damage;
  }

  List<Outcome> judge(List<Entry> entries) throws RocksDBException, IOException {
    List<Outcome> outcomes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      outcomes.add(judge(entry));
    }
    return outcomes;
  }

  private Outcome judge(Entry entry) throws RocksDBException, IOException {
    Entry rival = winners.get(entry.id());
    IndexRow row = rival == null ? tables.row(entry.id()) : null;
    EntryInfo held = rival != null ? rival.info() : row != null ? row.info() : null;
    Outcome outcome = judge(entry, held, damage.has(row));
    if (outcome == Outcome.STORED) {
      winners.put(entry.id(), entry);
      if (row != null) {
        before.put(entry.id(), row);
      }
    }
    return outcome;
  }

  private static Outcome judge(Entry entry, EntryInfo held, boolean damaged) {
    if (held == null || (entry.kind() == held.kind() && entry.supersedes(held))) {
      return Outcome.STORED;
    }
    if (entry.kind() != held.kind()) {
      // Nobody honest makes such a pair. An order of kinds, with the blob first as it proves its
      // id,
      // leaves the same one at every holder.
      return entry.kind().compareTo(held.kind()) < 0 ? Outcome.STORED : Outcome.REFUSED;
    }
    return damaged && entry.info().equals(held) ? Outcome.STORED : Outcome.PRESENT;
  }

  boolean changesNothing() {
    return winners.isEmpty();
  }

  /** Bytes to be written, without keys. */
  long sizeBytes() {
    long sizeBytes = 0;
    for (Entry entry : winners.values()) {
      sizeBytes += entry.bytes().size();
    }
    return sizeBytes;
  }

  /**
   * Makes all of it durable.
   *
   * @param living entries before this group
   * @return living entries after it
   */
  long commit(long living) throws RocksDBException, IOException {
    long livingAfter = living;
    try (Tables.Batch batch = tables.batch()) {
      for (Entry entry : winners.values()) {
        IndexRow old = before.get(entry.id());
        livingAfter += (entry.alive() ? 1 : 0) - (old != null && old.info().alive() ? 1 : 0);
        batch.put(place(entry, old, batch));
      }
      log.sync();
      batch.put(log.changes());
      batch.putLiving(livingAfter);
      batch.commit();
    }
    log.committed();
    before.values().forEach(damage::forget);
    return livingAfter;
  }

  private IndexRow place(Entry entry, IndexRow old, Tables.Batch batch)
      throws RocksDBException, IOException {
    if (old != null && old.where() == IndexRow.Where.SEGMENT) {
      log.release(old);
    } else if (old != null && old.where() == IndexRow.Where.VALUES) {
      batch.deleteValue(entry.id());
    }
    if (!entry.alive()) {
      return IndexRow.dead(entry);
    }
    if (entry.bytes().size() >= LOG_FROM_BYTES) {
      return log.append(entry);
    }
    batch.putValue(entry.id(), entry.bytes().unsafeArray());
    return IndexRow.inValues(entry);
  }
}
