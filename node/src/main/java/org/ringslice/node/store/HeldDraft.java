package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
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
  private final DroppedIds dropped;
  private final Damage damage;
  private final Verified verified;
  private final Verified.Glance glance;
  private final ContentReader contents;

  /**
   * What is to be there of an id, which is nothing after a drop, and which job says so.
   *
   * @param amend null unless the store itself gives the copy up, or takes it back
   */
  private record Last(Optional<Entry> entry, int job, Job.Amend amend) {
    EntryInfo info() {
      return entry.map(Entry::info).orElse(null);
    }
  }

  /**
   * What was there of an id before the group.
   *
   * @param row may be null
   * @param damaged whether its bytes can't be read, and it is about to be given up
   * @param lost the row that was given up; may be null, and is where there is a row
   */
  private record Before(IndexRow row, boolean damaged, IndexRow lost) {
    Optional<EntryInfo> info() {
      return Optional.ofNullable(row).map(IndexRow::info);
    }

    boolean is(Optional<EntryInfo> info) {
      return !damaged && info().equals(info);
    }
  }

  // in the order of the jobs of its values
  private final LinkedHashMap<Id, Last> last = new LinkedHashMap<>();

  // of all ids that were looked at
  private final Map<Id, Before> before = new HashMap<>();

  private final List<Job.Move> moves = new ArrayList<>();

  private final List<IndexRow> amended = new ArrayList<>();

  private final List<IndexRow> appended = new ArrayList<>();
  private final List<Id> gone = new ArrayList<>();
  private final TreeSet<Id> forgotten = new TreeSet<>();
  private int mended;

  HeldDraft(
      Tables tables,
      BlockLog log,
      Ledger ledger,
      DroppedIds dropped,
      Damage damage,
      Verified verified,
      ContentReader contents) {
    this.contents = contents;
    this.tables = tables;
    this.log = log;
    this.ledger = ledger;
    this.dropped = dropped;
    this.damage = damage;
    this.verified = verified;
    this.glance = verified.glance();
  }

  /** Of what these would find to be there already: what has to be read before it is said so. */
  List<IndexRow> unverified(List<Entry> entries) throws RocksDBException, IOException {
    List<IndexRow> found = new ArrayList<>();
    for (Entry entry : entries) {
      Before there = look(entry.id());
      if (!last.containsKey(entry.id())
          && there.row() != null
          && isHere(entry, there)
          && !glance.has(there.row())) {
        found.add(there.row());
      }
    }
    return found;
  }

  List<Outcome> keep(int job, List<Entry> entries) throws RocksDBException, IOException {
    List<Outcome> outcomes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Before found = look(entry.id());
      Last rival = last.get(entry.id());
      EntryInfo held = rival != null ? rival.info() : found.info().orElse(null);
      Optional<Entry> joined = joined(entry, rival, found);
      joined.ifPresent(result -> set(entry.id(), new Last(Optional.of(result), job, null)));
      outcomes.add(joined.isPresent() ? Outcome.STORED : unchanged(entry, held));
    }
    return outcomes;
  }

  private static boolean isHere(Entry entry, Before there) {
    EntryInfo held = there.row().info();
    boolean stays = Merge.join(held, entry.info()).equals(held);
    return stays && !mends(entry, there) && Merge.has(held, entry.info());
  }

  /**
   * Whether the bytes of an entry are those that a damaged row lacks; a blob's are, at any stamp.
   */
  private static boolean mends(Entry entry, Before there) {
    EntryInfo held = there.row() == null ? null : there.row().info();
    return there.damaged()
        && (entry.info().equals(held)
            || (entry.kind() == Kind.BLOB && entry.alive() && Merge.has(entry.info(), held)));
  }

  /** What somebody is told who had an entry kept that changes nothing. */
  private static Outcome unchanged(Entry entry, EntryInfo held) {
    return Merge.has(held, entry.info()) ? Outcome.PRESENT : Outcome.REFUSED;
  }

  /** What takes the place of what is held when an entry is kept; nothing where that stays. */
  private Optional<Entry> joined(Entry entry, Last rival, Before found) throws RocksDBException {
    EntryInfo held = rival != null ? rival.info() : found.info().orElse(null);
    if (held == null) {
      return Optional.of(entry);
    }
    EntryInfo joined = Merge.join(held, entry.info());
    if (rival == null && mends(entry, found)) {
      return Optional.of(
          new Entry(joined.id(), joined.kind(), joined.stamp(), true, entry.bytes()));
    }
    if (!Merge.needsBytes(held, entry.info())) {
      return joined.equals(held) ? Optional.empty() : Optional.of(entry);
    }
    Optional<Entry> here = rival != null ? rival.entry() : read(found.row());
    Entry result = here.map(there -> Merge.join(there, entry)).orElse(entry);
    return here.equals(Optional.of(result)) ? Optional.empty() : Optional.of(result);
  }

  /** The entry of a row; nothing where it can't be read, so that it is written anew. */
  private Optional<Entry> read(IndexRow row) throws RocksDBException {
    try (SegmentReader segments = new SegmentReader(log.folder())) {
      byte[] value = tables.value(row.info().id());
      boolean isSmall = row.where() == IndexRow.Where.VALUES && value != null;
      return Optional.of(row.entryOf(isSmall ? Bytes.wrap(value) : segments.read(row)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Drops copies, each unless another is there. */
  void drop(int job, List<EntryInfo> copies) throws RocksDBException, IOException {
    for (EntryInfo copy : copies) {
      Before found = look(copy.id());
      Last rival = last.get(copy.id());
      EntryInfo held = rival != null ? rival.info() : found.info().orElse(null);
      if (copy.equals(held)) {
        set(copy.id(), new Last(Optional.empty(), job, null));
      }
    }
  }

  /** Moves entries within the log, each unless something else becomes of it. */
  void move(Job.Move step) {
    if (!step.rows().isEmpty()) {
      moves.add(step);
    }
  }

  /** Gives a copy up, or takes it back, unless something else has become of it. */
  void amend(int job, Job.Amend amend) throws RocksDBException, IOException {
    IndexRow row = amend.row();
    Id id = row.info().id();
    amended.add(row);
    Before found = look(id);
    boolean isAsBefore =
        amend instanceof Job.GiveUp
            ? row.equals(found.row()) && found.damaged()
            : row.equals(found.lost());
    if (isAsBefore && !last.containsKey(id)) {
      set(id, new Last(Optional.empty(), job, amend));
    }
  }

  /** Forgets what was given up of these, unless it is kept again. */
  void forget(List<Id> ids) throws RocksDBException, IOException {
    for (Id id : ids) {
      if (look(id).lost() != null) {
        forgotten.add(id);
      }
    }
  }

  private Before look(Id id) throws RocksDBException, IOException {
    Before known = before.get(id);
    if (known == null) {
      IndexRow row = tables.row(id);
      IndexRow lost = row == null && damage.givenUp() > 0 ? tables.damagedRow(id) : null;
      known = new Before(row, damage.has(row), lost);
      before.put(id, known);
    }
    return known;
  }

  private void set(Id id, Last now) {
    last.remove(id);
    last.put(id, now);
  }

  boolean changesNothing() {
    return last.isEmpty() && moves.isEmpty() && forgotten.isEmpty();
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
    if (log.active().isPresent() && !verified.writing(log.active().get())) {
      log.leaveActive();
    }
    for (Map.Entry<Id, Last> each : last.entrySet()) {
      if (each.getValue().amend() != null) {
        amend(each.getValue(), batch, lines);
      } else {
        write(each.getKey(), each.getValue(), batch, lines);
      }
    }
    for (Job.Move step : moves) {
      for (int i = 0; i < step.rows().size(); i++) {
        move(step.rows().get(i), step.entries().get(i), batch);
      }
    }
    for (Id id : forgotten) {
      if (!last.containsKey(id)) {
        release(id, look(id).lost(), batch);
        batch.delete(Family.DAMAGED, id.toBytes());
        mended++;
      }
    }
    if (!gone.isEmpty()) {
      dropped.add(gone, DroppedIds.hourNow(), batch);
    }
    log.sync();
    batch.put(log.changes());
    ledger.putState(batch);
  }

  private void write(Id id, Last now, Tables.Batch batch, Lines lines)
      throws RocksDBException, IOException {
    Before old = look(id);
    Optional<EntryInfo> after = now.entry().map(Entry::info);
    boolean mayBeOther =
        after.isPresent() && old.row() != null && Merge.needsBytes(old.row().info(), after.get());
    if (old.is(after) && !mayBeOther) {
      return; // dropped and kept again, or the other way round
    }
    release(id, old.row(), batch);
    if (now.entry().isPresent()) {
      if (old.lost() != null) {
        release(id, old.lost(), batch);
        batch.delete(Family.DAMAGED, id.toBytes());
        mended++;
      }
      IndexRow row = place(now.entry().get(), batch);
      batch.put(Family.INDEX, id.toBytes(), row.encode());
    } else {
      batch.delete(Family.INDEX, id.toBytes());
      gone.add(id);
    }
    // what is mended before it was given up is what it was, to everybody
    if (!old.info().equals(after)) {
      change(now.job(), old.info(), after, batch, lines);
    }
  }

  private void change(
      int job,
      Optional<EntryInfo> before,
      Optional<EntryInfo> after,
      Tables.Batch batch,
      Lines lines)
      throws RocksDBException {
    ledger.replace(before, after);
    lines.add(job, ledger.append(before, after, batch));
  }

  private void move(IndexRow row, Entry entry, Tables.Batch batch)
      throws RocksDBException, IOException {
    Id id = entry.id();
    if (!last.containsKey(id) && row.equals(tables.row(id)) && !damage.has(row)) {
      log.release(row);
      batch.put(Family.INDEX, id.toBytes(), append(entry).encode());
    }
  }

  private void amend(Last now, Tables.Batch batch, Lines lines) throws RocksDBException {
    IndexRow row = now.amend().row();
    byte[] id = row.info().id().toBytes();
    Optional<EntryInfo> copy = Optional.of(row.info());
    if (now.amend() instanceof Job.GiveUp) {
      // its bytes stay where they are, for they may come to be readable
      batch.delete(Family.INDEX, id);
      batch.put(Family.DAMAGED, id, row.encode());
      // before it is committed, so that who finds no row any more looks where it went
      damage.changed(1);
      change(now.job(), copy, Optional.empty(), batch, lines);
    } else {
      batch.delete(Family.DAMAGED, id);
      batch.put(Family.INDEX, id, row.encode());
      mended++;
      change(now.job(), Optional.empty(), copy, batch, lines);
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
      return append(entry);
    }
    batch.put(Family.VALUES, entry.id().toBytes(), entry.bytes().unsafeArray());
    return IndexRow.inValues(entry);
  }

  private IndexRow append(Entry entry) throws IOException {
    IndexRow row = log.append(entry);
    appended.add(row);
    return row;
  }

  /** Frees what is of no use any more, once the batch is committed. */
  void committed() {
    verified.appended(appended);
    // before they go, so that nobody misses them, and after, for somebody may have looked meanwhile
    log.emptied().forEach(verified::gone);
    log.committed().forEach(verified::gone);
    damage.changed(-mended);
    healed();
  }

  /** What was replaced, or given up, is about to be so no more. */
  void healed() {
    for (Id id : last.keySet()) {
      IndexRow old = before.get(id).row();
      if (old != null) {
        damage.forget(old);
      }
    }
    amended.forEach(damage::forget);
  }
}
