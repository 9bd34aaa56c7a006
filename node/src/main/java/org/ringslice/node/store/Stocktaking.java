package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Inventory;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is in a book that was just opened: the index that was saved last, brought up to
 * date by the journal, or else made anew of all rows. Either is only given out when its count and
 * its fingerprint are those that the {@link Ledger} has of the rows, so no start is with a wrong
 * one.
 */
final class Stocktaking {
  private static final Logger LOG = LoggerFactory.getLogger(Stocktaking.class);

  /** Lines that are read at once. */
  private static final int LINES = 4096;

  /**
   * Lines are only taken in up to this share of the entries: about here it is faster to go through
   * all rows, by measurement, and leaves of the index would become too large.
   */
  private static final int LINES_SHARE = 2;

  private final Database database;
  private final EntryDigest key;

  private final List<Job.SaveIndex> unsaved = new ArrayList<>();

  Stocktaking(Database database, EntryDigest key) {
    this.database = database;
    this.key = key;
  }

  /** What is in both; when the rows can't be read, or are not those counted, they are rebuilt. */
  Books books() throws RocksDBException, IOException {
    try {
      return both();
    } catch (RocksDBException | IOException e) {
      if (!IndexFault.stopsOpening(e)) {
        throw e;
      }
      unsaved.clear();
      database.rebuild(e);
      return both();
    }
  }

  private Books both() throws RocksDBException, IOException {
    Inventory held = of(Book.HELD);
    Inventory watched = of(Book.WATCHED);
    return new Books(held, watched, Covered.get(database.tables()));
  }

  /** What is in a book. */
  private Inventory of(Book book) throws RocksDBException, IOException {
    Ledger ledger = database.ledger(book);
    Journal journal = ledger.journal();
    Index index = ofFile(book);
    List<EntryInfo> apart = new ArrayList<>();
    if (index == null) {
      index = ofRows(book, apart);
      // a saved index with rows that are kept from others is none that the core works with; so
      // where there are some, all rows are gone through at each opening
      if (apart.isEmpty()) {
        unsaved.add(new Job.SaveIndex(book, index.save(), journal.head()));
      }
    }
    if (!isOf(index, ledger)) {
      throw new IOException("it has other rows than it counted");
    }
    return new Inventory(index, journal.openings(), journal.head(), ledger.sizeBytes(), apart);
  }

  /** The indexes that had to be made anew. */
  List<Job.SaveIndex> unsaved() {
    return unsaved;
  }

  /** The index that was saved, with all that has changed since; null when it is of no use. */
  private Index ofFile(Book book) throws RocksDBException, IOException {
    Ledger ledger = database.ledger(book);
    Journal journal = ledger.journal();
    SavedIndex saved;
    Index index;
    try {
      saved = SavedIndex.read(database.folder(), book);
      if (saved == null || !isOf(saved, journal)) {
        return null;
      }
      index = Index.load(key, saved.index());
    } catch (IOException | IllegalArgumentException e) {
      LOG.info("the saved index of {} is made anew", database.folder(), e);
      return null;
    }
    boolean reaches = saved.sequence() >= journal.forgotten();
    return reaches && replay(book, saved.sequence(), index) && isOf(index, ledger) ? index : null;
  }

  /** Whether it was saved in this history of the journal, and not in one that was undone. */
  private static boolean isOf(SavedIndex saved, Journal journal) {
    OptionalLong last = journal.openings().lastOf(saved.journal(), journal.head());
    return last.isPresent() && saved.sequence() <= last.getAsLong();
  }

  private boolean replay(Book book, long sequence, Index index)
      throws RocksDBException, IOException {
    int linesLeft = LINES + index.size() / LINES_SHARE;
    Family journal = Family.journal(book);
    long after = sequence;
    List<Change> lines = Journal.read(database.tables(), journal, after, LINES);
    while (!lines.isEmpty() && linesLeft > 0) {
      for (Change line : lines) {
        if (line.after().isPresent() && !Admission.admits(line.after().get())) {
          return false; // what is kept from others is found by going through the rows
        }
        line.before().ifPresent(index::remove);
        line.after().ifPresent(index::add);
      }
      linesLeft -= lines.size();
      after = lines.get(lines.size() - 1).sequence();
      lines = Journal.read(database.tables(), journal, after, LINES);
    }
    return lines.isEmpty();
  }

  /**
   * @param apart gets the rows that are kept from others
   */
  private Index ofRows(Book book, List<EntryInfo> apart) throws IOException {
    try (Rows rows = new Rows(database.tables(), book)) {
      return Index.of(key, () -> new Sorting(rows, apart));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Goes through rows, and puts those apart that are kept from others. */
  private record Sorting(Rows rows, List<EntryInfo> apart) implements Iterator<EntryInfo> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public EntryInfo next() {
      EntryInfo row = rows.next();
      if (!Admission.admits(row)) {
        apart.add(row);
      }
      return row;
    }
  }

  private static boolean isOf(Index index, Ledger ledger) {
    Summary all = index.summary(Arc.wholeRing(Id.ZERO));
    return all.count() == ledger.rows() && all.fingerprint() == ledger.fingerprint();
  }
}
