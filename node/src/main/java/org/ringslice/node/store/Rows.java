package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;

/**
 * All rows of a book, dead ones too, in the order of their ids, as they were at the beginning. To
 * be closed. A row that can't be read ends in an {@link UncheckedIOException}.
 */
final class Rows implements Iterator<EntryInfo>, AutoCloseable {
  private final RowCursor cursor;

  Rows(Tables tables, Book book) {
    cursor = RowCursor.through(tables, book);
    cursor.seek(Id.ZERO);
  }

  @Override
  public boolean hasNext() {
    try {
      return cursor.isValid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public EntryInfo next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      EntryInfo row = cursor.info(cursor.id());
      cursor.next();
      return row;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cursor.close();
  }
}
