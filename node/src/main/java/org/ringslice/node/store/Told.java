package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;

/**
 * What the rest of the node was told of the books, as the tables have it before the index is made
 * anew; nothing where they can't be read. Books that turn out to be the same go on with the
 * journals that others know.
 */
@SuppressWarnings("ArrayRecordComponent") // rows as they are on disk, which nobody compares
record Told(long commits, byte[] heldState, byte[] watchedState, List<Arc> covered) {
  /**
   * @param tables may be null
   */
  static Told of(Tables tables) {
    try {
      if (tables != null) {
        return new Told(
            tables.commits(),
            Ledger.state(tables, Book.HELD),
            Ledger.state(tables, Book.WATCHED),
            Covered.get(tables));
      }
    } catch (RocksDBException | IOException e) {
      // then nobody knows
    }
    return new Told(0, null, null, List.of());
  }

  /** The book with the journal that was told, if it is the same. */
  Optional<Ledger> held(Ledger now) {
    return goOn(now, heldState);
  }

  /** The same of the other book. */
  Optional<Ledger> watched(Ledger now) {
    return goOn(now, watchedState);
  }

  private static Optional<Ledger> goOn(Ledger now, byte[] state) {
    return state == null ? Optional.empty() : now.goingOn(ByteBuffer.wrap(state));
  }

  void putCovered(Tables.Batch batch) throws RocksDBException {
    Covered.put(covered, batch);
  }
}
