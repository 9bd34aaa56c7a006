package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** One run through the rows of an arc. */
final class RowScan {
  private final Job.Scan job;
  private final Damage damage;
  private final int rowsMax;
  private final List<EntryInfo> found;
  private int rows;

  /**
   * @param rowsMax rows to look at, before it gives up
   */
  RowScan(Job.Scan job, Damage damage, int rowsMax) {
    this.job = job;
    this.damage = damage;
    this.rowsMax = rowsMax;
    this.found = new ArrayList<>(Math.min(job.count(), 256));
  }

  /** What was found, as of one moment; null when that takes more rows than were allowed. */
  List<EntryInfo> run(Tables tables) throws RocksDBException, IOException {
    try (RocksIterator at = tables.iterate(Family.rows(job.book()))) {
      for (Interval interval : Interval.of(job.arc(), job.direction())) {
        collect(at, interval);
      }
      at.status();
    }
    return rows > rowsMax ? null : found;
  }

  private void collect(RocksIterator at, Interval interval) throws IOException {
    boolean up = job.direction() == Direction.NEXT;
    if (up) {
      at.seek(interval.least().toBytes());
    } else {
      at.seekForPrev(interval.greatest().toBytes());
    }
    while (at.isValid() && found.size() < job.count()) {
      Id id = Id.of(at.key());
      if (!interval.contains(id) || ++rows > rowsMax) {
        return;
      }
      take(id, at.value());
      if (up) {
        at.next();
      } else {
        at.prev();
      }
    }
  }

  private void take(Id id, byte[] row) throws IOException {
    EntryInfo info = InfoBytes.get(id, ByteBuffer.wrap(row));
    boolean wanted = info.alive() || job.dead();
    boolean damaged =
        job.book() == Book.HELD && !damage.isEmpty() && damage.has(IndexRow.decode(id, row));
    if (wanted && !damaged) {
      found.add(info);
    }
  }
}
