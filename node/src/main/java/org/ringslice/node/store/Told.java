package org.ringslice.node.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;

/**
 * What the rest of the node was told of the books, as the tables have it before the index is made
 * anew; nothing where they can't be read. Books that turn out to be the same go on with the
 * journals that others know.
 */
record Told(long commits, Bytes heldState, Bytes watchedState, List<Arc> covered) {
  /**
   * @param tables may be null
   */
  static Told of(Tables tables) {
    try {
      if (tables != null) {
        return new Told(
            tables.commits(),
            state(tables, Book.HELD),
            state(tables, Book.WATCHED),
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

  private static Bytes state(Tables tables, Book book) throws RocksDBException {
    byte[] state = Ledger.state(tables, book);
    return state == null ? null : Bytes.wrap(state);
  }

  private static Optional<Ledger> goOn(Ledger now, Bytes state) {
    return state == null ? Optional.empty() : now.goingOn(state.asBuffer());
  }

  void putCovered(Tables.Batch batch) throws RocksDBException {
    Covered.put(covered, batch);
  }
}
