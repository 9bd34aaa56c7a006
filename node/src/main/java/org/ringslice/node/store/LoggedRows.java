package org.ringslice.node.store;

import java.io.IOException;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;

/**
 * Writes what the {@link LoggedBatch}es of a store say of its books into fresh tables, each change
 * over those before it. For one thread.
 */
final class LoggedRows implements LoggedBatch.Changes {
  private static final Family[] FAMILIES = Family.values();

  private final Tables fresh;

  LoggedRows(Tables fresh) {
    this.fresh = fresh;
  }

  @Override
  public void put(int family, byte[] key, byte[] value) throws IOException {
    if (isOfABook(family, key)) {
      try {
        fresh.putQuickly(FAMILIES[family], key, value);
      } catch (RocksDBException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  @Override
  public void delete(int family, byte[] key) throws IOException {
    if (isOfABook(family, key)) {
      try {
        fresh.deleteQuickly(FAMILIES[family], key);
      } catch (RocksDBException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  /** Families were made in their order, so that their numbers are those of the database. */
  private static boolean isOfABook(int family, byte[] key) {
    if (key.length != Id.BYTES || family < 0 || family >= FAMILIES.length) {
      return false;
    }
    return switch (FAMILIES[family]) {
      case INDEX, VALUES, WATCHED -> true;
      default -> false;
    };
  }
}
