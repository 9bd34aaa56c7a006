package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * All rows of a book, dead ones too, in the order of their ids, as they were at the beginning. To
 * be closed. A row that can't be read ends in an {@link UncheckedIOException}.
 */
final class Rows implements Iterator<EntryInfo>, AutoCloseable {
  private final RocksIterator rows;

  Rows(Tables tables, Book book) {
    rows = tables.iterate(Family.rows(book));
    rows.seekToFirst();
  }

  @Override
  public boolean hasNext() {
    if (rows.isValid()) {
      return true;
    }
    try {
      rows.status();
      return false;
    } catch (RocksDBException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }

  @Override
  public EntryInfo next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      EntryInfo row = InfoBytes.get(Id.of(rows.key()), ByteBuffer.wrap(rows.value()));
      rows.next();
      return row;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
