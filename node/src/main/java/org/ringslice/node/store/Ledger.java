package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.sync.EntryDigest;
import org.rocksdb.RocksDBException;

/**
 * What is durably known of a book beside its rows: its {@link Journal}, and how many rows it has,
 * dead ones too, with the sums of their sizes and of their digests, by which a saved index is
 * proved. All of it is one row of the state, written with each batch that changes the book, so that
 * it is true of the rows after any crash. The digests are under the key of a network; under another
 * key the sums are taken anew.
 *
 * <p>Belongs to the writer's thread. After a batch that failed it must be opened anew.
 */
final class Ledger {
  /** Something to be told apart by: keys under which it has one digest are one key. */
  private static final EntryInfo PROBE = new EntryInfo(Id.ZERO, Kind.BLOB, 0, false, 0);

  private static final int SUMS_BYTES = 5 * Long.BYTES;

  private final Book book;
  private final EntryDigest key;
  private final Journal journal;
  private long rows;
  private long living;
  private long sizeBytes;
  private long fingerprint;

  /** Opens a book, and leaps to a new opening of its journal; durable with {@link #putState}. */
  static Ledger open(Tables tables, Book book, EntryDigest key)
      throws RocksDBException, IOException {
    byte[] state = state(tables, book);
    Ledger ledger =
        state == null
            ? new Ledger(book, key, new Journal(Family.journal(book), drawNumber()))
            : new Ledger(book, key, ByteBuffer.wrap(state));
    if (state == null || ByteBuffer.wrap(state).getLong() != key.of(PROBE)) {
      ledger.count(tables);
    }
    ledger.journal.leap();
    return ledger;
  }

  private Ledger(Book book, EntryDigest key, Journal journal) {
    this.book = book;
    this.key = key;
    this.journal = journal;
  }

  private Ledger(Book book, EntryDigest key, ByteBuffer state) {
    this.book = book;
    this.key = key;
    state.getLong();
    rows = state.getLong();
    living = state.getLong();
    sizeBytes = state.getLong();
    fingerprint = state.getLong();
    journal = new Journal(Family.journal(book), state);
  }

  private static long drawNumber() {
    long drawn = new SecureRandom().nextLong();
    return drawn == 0 ? 1 : drawn;
  }

  /** What is durable of a book beside its rows, or null. */
  static byte[] state(Tables tables, Book book) throws RocksDBException {
    return tables.get(Family.STATE, stateKey(book));
  }

  /** This book with a journal that it had before, if its sums are those before; no line is left. */
  Optional<Ledger> goingOn(ByteBuffer state) {
    boolean sameKey = state.getLong(state.position()) == key.of(PROBE);
    Ledger before = new Ledger(book, key, state);
    if (!sameKey
        || before.rows != rows
        || before.living != living
        || before.sizeBytes != sizeBytes
        || before.fingerprint != fingerprint) {
      return Optional.empty();
    }
    before.journal.forgetAll();
    before.journal.leap();
    return Optional.of(before);
  }

  private static byte[] stateKey(Book book) {
    return book.name().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
  }

  private void count(Tables tables) {
    rows = 0;
    living = 0;
    sizeBytes = 0;
    fingerprint = 0;
    try (Rows all = new Rows(tables, book)) {
      all.forEachRemaining(row -> replace(Optional.empty(), Optional.of(row)));
    }
  }

  Journal journal() {
    return journal;
  }

  long rows() {
    return rows;
  }

  long living() {
    return living;
  }

  /** Of the bytes of all living entries. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** The sum of the digests of all rows, modulo 2^64. */
  long fingerprint() {
    return fingerprint;
  }

  /** Takes the change of a row into the sums. */
  void replace(Optional<EntryInfo> before, Optional<EntryInfo> after) {
    before.ifPresent(info -> shift(info, -1));
    after.ifPresent(info -> shift(info, 1));
  }

  private void shift(EntryInfo info, int by) {
    rows += by;
    living += info.alive() ? by : 0;
    sizeBytes += (long) by * info.size();
    fingerprint += by * key.of(info);
  }

  Change append(Optional<EntryInfo> before, Optional<EntryInfo> after, Tables.Batch batch)
      throws RocksDBException {
    return journal.append(before, after, batch);
  }

  void putState(Tables.Batch batch) throws RocksDBException {
    ByteBuffer state = ByteBuffer.allocate(SUMS_BYTES + journal.stateBytes());
    state.putLong(key.of(PROBE)).putLong(rows).putLong(living).putLong(sizeBytes);
    state.putLong(fingerprint);
    journal.putState(state);
    batch.put(Family.STATE, stateKey(book), state.array());
  }

  /** The last sequence that the journal of a book has forgotten. Any thread may call it. */
  static long forgotten(Tables tables, Book book) throws RocksDBException, IOException {
    byte[] state = tables.get(Family.STATE, stateKey(book));
    if (state == null) {
      throw new IOException("it was not opened to the end");
    }
    return Journal.forgotten(ByteBuffer.wrap(state).position(SUMS_BYTES));
  }
}
