package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringslice.messages.Content;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.port.ContentReader;
import org.rocksdb.RocksDBException;

/**
 * What a group does to {@link Book#HELD}: takes keeps and drops in their order, tells what becomes
 * of each as if they came one by one, and writes for each id only what is left at the end. Its line
 * in the journal belongs to the job that brought that. Belongs to the writer's thread.
 */
final class HeldDraft {
  /**
   * Bytes from which on an entry goes to the block log. Measured: the log is faster in groups of 64
   * at any size and writes each byte once, where the values write it 4 to 6 times; but a single
   * store takes a second sync (0.30 ms instead of 0.20), and only the values get back the space of
   * each small entry that dies, such as the records of a name.
   */
  static final int LOG_FROM_BYTES = 1024;

  private final Tables tables;
  private final BlockLog log;
  private final Ledger ledger;
  private final Damage damage;
  private final ContentReader contents;

  /** What is to be there of an id, which is nothing after a drop, and which job says so. */
  private record Last(Optional<Entry> entry, int job) {
    EntryInfo info() {
      return entry.map(Entry::info).orElse(null);
    }
  }

  /**
   * What was there of an id before the group.
   *
   * @param row may be null
   */
  private record Before(IndexRow row, boolean damaged) {
    Optional<EntryInfo> info() {
      return Optional.ofNullable(row).map(IndexRow::info);
    }

    /** A damaged copy was told to be none already. */
    Optional<EntryInfo> told() {
      return damaged ? Optional.empty() : info();
    }

    boolean is(Optional<EntryInfo> info) {
      return !damaged && info().equals(info);
    }
  }

  // in the order of the jobs of its values
  private final LinkedHashMap<Id, Last> last = new LinkedHashMap<>();

  // of the ids of last
  private final Map<Id, Before> before = new HashMap<>();

  private final List<Job.Move> moves = new ArrayList<>();

  HeldDraft(Tables tables, BlockLog log, Ledger ledger, Damage damage, ContentReader contents) {
    this.contents = contents;
    this.tables = tables;
    this.log = log;
    this.ledger = ledger;
    this.damage = damage;
  }

  List<Outcome> keep(int job, List<Entry> entries) throws RocksDBException, IOException {
    List<Outcome> outcomes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Before found = look(entry.id());
      Last rival = last.get(entry.id());
      EntryInfo held = rival != null ? rival.info() : found.info().orElse(null);
      Outcome outcome = judge(entry, held, rival == null && found.damaged());
      if (outcome == Outcome.STORED) {
        set(entry.id(), new Last(Optional.of(entry), job), found);
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private static Outcome judge(Entry entry, EntryInfo held, boolean damaged) {
    if (held == null || (damaged && entry.info().equals(held))) {
      return Outcome.STORED;
    }
    boolean sameKind = entry.kind() == held.kind();
    if (Merge.wins(entry.info(), held)) {
      return Outcome.STORED;
    }
    return sameKind ? Outcome.PRESENT : Outcome.REFUSED;
  }

  /** Drops copies, each unless another is there. */
  void drop(int job, List<EntryInfo> copies) throws RocksDBException, IOException {
    for (EntryInfo copy : copies) {
      Before found = look(copy.id());
      Last rival = last.get(copy.id());
      EntryInfo held = rival != null ? rival.info() : found.info().orElse(null);
      if (copy.equals(held)) {
        set(copy.id(), new Last(Optional.empty(), job), found);
      }
    }
  }

  /** Moves entries within the log, each unless something else becomes of it. */
  void move(Job.Move step) {
    if (!step.rows().isEmpty()) {
      moves.add(step);
    }
  }

  private Before look(Id id) throws RocksDBException, IOException {
    Before known = before.get(id);
    if (known != null) {
      return known;
    }
    IndexRow row = tables.row(id);
    return new Before(row, damage.has(row));
  }

  private void set(Id id, Last now, Before found) {
    last.remove(id);
    last.put(id, now);
    before.putIfAbsent(id, found);
  }

  boolean changesNothing() {
    return last.isEmpty() && moves.isEmpty();
  }

  /** Bytes to be written, without keys, and without those that are moved, which frees more. */
  long sizeBytes() {
    long sizeBytes = 0;
    for (Last each : last.values()) {
      sizeBytes += each.entry().map(entry -> entry.bytes().size()).orElse(0);
    }
    return sizeBytes;
  }

  /** Writes all of it, and tells each line that it writes with the job that it belongs to. */
  void write(Tables.Batch batch, Lines lines) throws RocksDBException, IOException {
    for (Map.Entry<Id, Last> each : last.entrySet()) {
      Before old = before.get(each.getKey());
      Optional<EntryInfo> now = each.getValue().entry().map(Entry::info);
      if (old.is(now)) {
        continue; // dropped and kept again, or the other way round
      }
      release(each.getKey(), old.row(), batch);
      if (each.getValue().entry().isPresent()) {
        IndexRow row = place(each.getValue().entry().get(), batch);
        batch.put(Family.INDEX, each.getKey().toBytes(), row.encode());
      } else {
        batch.delete(Family.INDEX, each.getKey().toBytes());
      }
      ledger.replace(old.info(), now);
      if (old.told().isPresent() || now.isPresent()) {
        Change line = ledger.append(old.told(), now, batch);
        lines.add(each.getValue().job(), line);
      }
    }
    for (Job.Move step : moves) {
      for (int i = 0; i < step.rows().size(); i++) {
        move(step.rows().get(i), step.entries().get(i), batch);
      }
    }
    log.sync();
    batch.put(log.changes());
    ledger.putState(batch);
  }

  private void move(IndexRow row, Entry entry, Tables.Batch batch)
      throws RocksDBException, IOException {
    Id id = entry.id();
    if (!last.containsKey(id) && row.equals(tables.row(id)) && !damage.has(row)) {
      log.release(row);
      batch.put(Family.INDEX, id.toBytes(), log.append(entry).encode());
    }
  }

  private void release(Id id, IndexRow old, Tables.Batch batch) throws RocksDBException {
    if (old != null && old.where() == IndexRow.Where.SEGMENT) {
      log.release(old);
    } else if (old != null && old.where() == IndexRow.Where.VALUES) {
      batch.delete(Family.VALUES, id.toBytes());
    }
  }

  private IndexRow place(Entry entry, Tables.Batch batch) throws RocksDBException, IOException {
    if (!entry.alive()) {
      return IndexRow.dead(entry);
    }
    for (Content content : contents.read(entry.id(), entry.bytes())) {
      ContentRow.put(content, batch);
    }
    if (entry.bytes().size() >= LOG_FROM_BYTES) {
      return log.append(entry);
    }
    batch.put(Family.VALUES, entry.id().toBytes(), entry.bytes().unsafeArray());
    return IndexRow.inValues(entry);
  }

  /** Frees what is of no use any more, once the batch is committed. */
  void committed() {
    log.committed();
    healed();
  }

  /** What was replaced is damaged no more. */
  void healed() {
    for (Before old : before.values()) {
      if (old.row() != null) {
        damage.forget(old.row());
      }
    }
  }
}
