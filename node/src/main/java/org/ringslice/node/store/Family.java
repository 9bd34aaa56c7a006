package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.ringslice.node.event.Book;

/** The column families of the database. Their names are on disk. */
enum Family {
  STATE("default", Family.SMALL_BUFFER_BYTES),
  INDEX("index", Family.SMALL_BUFFER_BYTES),
  VALUES("values", Family.LARGE_BUFFER_BYTES),
  SEGMENTS("segments", Family.SMALL_BUFFER_BYTES),
  JOURNAL("journal", Family.SMALL_BUFFER_BYTES),
  WATCHED("watched", Family.SMALL_BUFFER_BYTES),
  WATCHED_JOURNAL("watched-journal", Family.SMALL_BUFFER_BYTES),
  DAMAGED("damaged", Family.SMALL_BUFFER_BYTES),
  DROPPED("dropped", Family.SMALL_BUFFER_BYTES),
  CONTENTS("contents", Family.SMALL_BUFFER_BYTES);

  // The memory of the database: at most 3 buffers each of what is written, and the cache.
  private static final long SMALL_BUFFER_BYTES = 8 << 20;
  private static final long LARGE_BUFFER_BYTES = 16 << 20;

  private final String title;
  private final long bufferBytes;

  Family(String title, long bufferBytes) {
    this.title = title;
    this.bufferBytes = bufferBytes;
  }

  byte[] title() {
    return title.getBytes(US_ASCII);
  }

  /** Of what is written and not yet in a table on disk. */
  long bufferBytes() {
    return bufferBytes;
  }

  static Family rows(Book book) {
    return book == Book.HELD ? INDEX : WATCHED;
  }

  static Family journal(Book book) {
    return book == Book.HELD ? JOURNAL : WATCHED_JOURNAL;
  }
}
