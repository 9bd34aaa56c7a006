package org.ringslice.node.store;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Merge;
import org.rocksdb.RocksDBException;

/**
 * Blocks that lie whole in a segment behind what was committed: of a group that a crash overtook,
 * or of rows that went with the end of the database's log. Nobody knows which, so they are taken,
 * each unless the index has its like or a later one. One that the index names was committed, and it
 * is the list of segments that is behind. For one opening, and one thread.
 */
final class Orphans {
  private final Tables tables;
  private final Set<Id> taken = new HashSet<>();

  Orphans(Tables tables) {
    this.tables = tables;
  }

  boolean takes(IndexRow row) throws RocksDBException, IOException {
    IndexRow there = tables.row(row.info().id());
    boolean isNews = there == null || !Merge.join(there.info(), row.info()).equals(there.info());
    return row.equals(there) || (isNews && taken.add(row.info().id()));
  }

  /** Writes the rows of those that were taken, as if they had just come. */
  void write(BlockLog log, Ledger held, Tables.Batch batch) throws RocksDBException, IOException {
    for (IndexRow row : log.adopted()) {
      byte[] key = row.info().id().toBytes();
      IndexRow there = tables.row(row.info().id());
      if (row.equals(there)) {
        continue;
      }
      Optional<EntryInfo> before = Optional.ofNullable(there).map(IndexRow::info);
      if (there != null && there.where() == IndexRow.Where.VALUES) {
        batch.delete(Family.VALUES, key);
      } else if (there != null && there.where() == IndexRow.Where.SEGMENT) {
        log.release(there);
      }
      batch.put(Family.INDEX, key, row.encode());
      held.replace(before, Optional.of(row.info()));
      held.append(before, Optional.of(row.info()), batch);
    }
  }
}
