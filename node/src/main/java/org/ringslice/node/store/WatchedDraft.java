package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Merge;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.rocksdb.RocksDBException;

/**
 * What a group does to {@link Book#WATCHED}: takes notes in their order, and writes for each id
 * only what is left at the end. It is told of when any of those that it covers was to be told.
 * Belongs to the writer's thread.
 */
final class WatchedDraft {
  /** The sequence of a change that is in no journal. */
  private static final long UNTOLD = 0;

  private final Tables tables;
  private final Ledger ledger;

  private record Last(Optional<EntryInfo> before, EntryInfo info, boolean told, int job) {}

  // in the order of the jobs of its values
  private final LinkedHashMap<Id, Last> last = new LinkedHashMap<>();
  private Optional<List<Arc>> covered = Optional.empty();
  private int coveringJob;

  WatchedDraft(Tables tables, Ledger ledger) {
    this.tables = tables;
    this.ledger = ledger;
  }

  void note(int job, List<EntryInfo> infos, boolean told) throws RocksDBException, IOException {
    for (EntryInfo info : infos) {
      Last rival = last.get(info.id());
      Optional<EntryInfo> before = rival != null ? rival.before() : row(info.id());
      Optional<EntryInfo> known = rival != null ? Optional.of(rival.info()) : before;
      EntryInfo joined = known.map(there -> Merge.join(there, info)).orElse(info);
      if (!known.equals(Optional.of(joined))) {
        last.remove(info.id());
        last.put(info.id(), new Last(before, joined, told || (rival != null && rival.told()), job));
      }
    }
  }

  private Optional<EntryInfo> row(Id id) throws RocksDBException, IOException {
    byte[] row = tables.get(Family.WATCHED, id.toBytes());
    return row == null ? Optional.empty() : Optional.of(InfoBytes.get(id, ByteBuffer.wrap(row)));
  }

  void cover(int job, List<Arc> arcs) {
    coveringJob = job;
    covered = Optional.of(arcs);
  }

  boolean changesNothing() {
    return last.isEmpty() && covered.isEmpty();
  }

  /** Bytes to be written: rows, lines and keys. */
  long sizeBytes() {
    return (long) last.size() * 2 * (Id.BYTES + InfoBytes.BYTES);
  }

  /** Writes all of it, and tells each change with the job that it belongs to. */
  void write(Tables.Batch batch, Lines lines) throws RocksDBException {
    if (covered.isPresent()) {
      Covered.put(covered.get(), batch);
      // what is told of these arcs is told from here on
      lines.add(coveringJob, ledger.skip());
    }
    if (changesNothing()) {
      return;
    }
    for (Map.Entry<Id, Last> each : last.entrySet()) {
      Last now = each.getValue();
      Optional<EntryInfo> after = Optional.of(now.info());
      batch.put(Family.WATCHED, each.getKey().toBytes(), InfoBytes.encode(now.info()));
      ledger.replace(now.before(), after);
      lines.add(
          now.job(),
          now.told()
              ? ledger.append(now.before(), after, batch)
              : new Change(UNTOLD, now.before(), after));
    }
    ledger.putState(batch);
  }
}
