package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Goes through the rows of a book, in the order of their ids, as they were when it was made. It
 * copies each row into the same two buffers: arrays of their own took half of the time of a long
 * scan. For one thread; to be closed.
 */
final class RowCursor implements AutoCloseable {
  private final RocksIterator rows;
  private final ByteBuffer key = ByteBuffer.allocate(Id.BYTES);
  private final ByteBuffer value = ByteBuffer.allocate(IndexRow.BYTES);

  RowCursor(RocksIterator rows) {
    this.rows = rows;
  }

  /** For any few rows. */
  static RowCursor near(Tables tables, Book book) {
    return new RowCursor(tables.iterate(Family.rows(book)));
  }

  /** For very many rows, which would only drive others out of the cache. */
  static RowCursor through(Tables tables, Book book) {
    return new RowCursor(tables.iterateThrough(Family.rows(book)));
  }

  /** Goes to the first row from an id on. */
  void seek(Id least) {
    rows.seek(least.toBytes());
  }

  /** Goes to the last row up to an id. */
  void seekBack(Id greatest) {
    rows.seekForPrev(greatest.toBytes());
  }

  void next() {
    rows.next();
  }

  void previous() {
    rows.prev();
  }

  /**
   * Whether there is a row here, and not the end.
   *
   * @throws IOException when it is the end because the next row can't be read
   */
  boolean isValid() throws IOException {
    if (rows.isValid()) {
      return true;
    }
    try {
      rows.status();
      return false;
    } catch (RocksDBException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  Id id() throws IOException {
    if (rows.key(key.clear()) != Id.BYTES) {
      throw new IOException("the database has a key that is no id");
    }
    return Id.ofWords(key.getLong(0), key.getLong(8), key.getLong(16), key.getLong(24));
  }

  EntryInfo info(Id id) throws IOException {
    rows.value(value.clear());
    return InfoBytes.get(id, value);
  }

  /** All that {@link Book#HELD} has of it. */
  IndexRow row(Id id) throws IOException {
    return IndexRow.decode(id, rows.value());
  }

  @Override
  public void close() {
    rows.close();
  }
}
