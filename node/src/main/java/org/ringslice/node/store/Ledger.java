package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
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

  /**
   * Opens a book, and leaps to new lines of its journal; durable with {@link #putOpening}.
   *
   * @param mark of this opening, not 0; one that the journal has already goes on
   */
  static Ledger open(Tables tables, Book book, EntryDigest key, long mark)
      throws RocksDBException, IOException {
    byte[] state = state(tables, book);
    Ledger ledger =
        state == null
            ? new Ledger(book, key, new Journal(Family.journal(book), mark))
            : new Ledger(book, key, ByteBuffer.wrap(state), earlier(tables, book));
    if (state == null || ByteBuffer.wrap(state).getLong() != key.of(PROBE)) {
      ledger.count(tables);
    }
    ledger.journal.begin(mark);
    ledger.journal.leap();
    return ledger;
  }

  private Ledger(Book book, EntryDigest key, Journal journal) {
    this.book = book;
    this.key = key;
    this.journal = journal;
  }

  private Ledger(Book book, EntryDigest key, ByteBuffer state, ByteBuffer earlier) {
    this.book = book;
    this.key = key;
    state.getLong();
    rows = state.getLong();
    living = state.getLong();
    sizeBytes = state.getLong();
    fingerprint = state.getLong();
    journal = new Journal(Family.journal(book), state, earlier);
  }

  private static ByteBuffer earlier(Tables tables, Book book) throws RocksDBException, IOException {
    byte[] row = tables.get(Family.STATE, openingsKey(book));
    if (row == null) {
      return ByteBuffer.allocate(0);
    }
    if (row.length % Journal.EARLIER_BYTES != 0) {
      throw new IOException("the list of the openings of a journal makes no sense");
    }
    return ByteBuffer.wrap(row);
  }

  /** What is durable of a book beside its rows, or null. */
  static byte[] state(Tables tables, Book book) throws RocksDBException {
    return tables.get(Family.STATE, stateKey(book));
  }

  /** This book with a journal that it had before, if its sums are those before; no line is left. */
  Optional<Ledger> goingOn(ByteBuffer state) {
    boolean sameKey = state.getLong(state.position()) == key.of(PROBE);
    // what earlier openings told is forgotten with the lines
    Ledger before = new Ledger(book, key, state, ByteBuffer.allocate(0));
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

  private static byte[] openingsKey(Book book) {
    return (book.name().toLowerCase(Locale.ROOT) + "-openings").getBytes(US_ASCII);
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

  /** As {@link Journal#skip}. */
  Change skip() {
    return journal.skip();
  }

  /** The state, with what changes only when a book is opened. */
  void putOpening(Tables.Batch batch) throws RocksDBException {
    ByteBuffer earlier = ByteBuffer.allocate(journal.earlierBytes());
    journal.putEarlier(earlier);
    batch.put(Family.STATE, openingsKey(book), earlier.array());
    putState(batch);
  }

  void putState(Tables.Batch batch) throws RocksDBException {
    ByteBuffer state = ByteBuffer.allocate(SUMS_BYTES + journal.stateBytes());
    state.putLong(key.of(PROBE)).putLong(rows).putLong(living).putLong(sizeBytes);
    state.putLong(fingerprint);
    journal.putState(state);
    batch.put(Family.STATE, stateKey(book), state.array());
  }

  /** Whether the present opening of the journal of a book has a mark. */
  static boolean isMarked(Tables tables, Book book, long mark)
      throws RocksDBException, IOException {
    byte[] state = tables.get(Family.STATE, stateKey(book));
    return state != null && Journal.mark(ByteBuffer.wrap(state).position(SUMS_BYTES)) == mark;
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
