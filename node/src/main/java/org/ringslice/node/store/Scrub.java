package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that is held, once round the ring of ids a week, so that a copy that has gone
 * bad is found while there are others (the scrubber of ZFS; how often latent errors are found
 * decides how much is lost: Schwarz et al., "Disk Scrubbing in Large Archival Storage Systems",
 * MASCOTS 2004). It lists a page of rows by id, and reads them in the order in which they lie on
 * the disk.
 *
 * <p>Where it is is kept in a file, so that it goes on there after a restart. After a stop that was
 * none of the node's own, and where somebody else wrote to a segment, it begins at once with all
 * anew, and faster. For one thread.
 */
final class Scrub {
  private static final Logger LOG = LoggerFactory.getLogger("org.ringslice.node");

  /** From the beginning of one pass to that of the next, where nothing is amiss. */
  private static final long PERIOD_MILLIS = TimeUnit.DAYS.toMillis(7);

  /** How it paces itself: after some work it rests so many times as long. */
  enum Pace {
    /** 2 % of the time of a core and of the disk. */
    EASY(49),
    /** A fifth, while it is not known whether a crash has left bad copies. A guess. */
    SOON(4),
    /** As fast as the disk can. */
    FULL(0);

    private final int rests;

    Pace(int rests) {
      this.rests = rests;
    }
  }

  /** Rows that are listed at once: 4 MB of heap. */
  private static final int PAGE_ROWS = 32_768;

  /** What is read before a rest, so that nobody waits for it: some milliseconds. */
  private static final int STEP_BYTES = 1 << 20;

  private static final int STEP_ROWS = 256;

  /** The place is written down so often; what was read since is read again after a kill. */
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Database database;
  private final Damage damage;
  private final Verified verified;
  private final Consumer<Job.Restore> writer;

  private ScrubState state;
  private boolean full;

  // of the page that is being read
  private List<IndexRow> page = List.of();
  private int next;
  private Id pageEnd;

  // of this pass in this process
  private long items;
  private long bytes;
  private long damaged;

  private long savedNanos = System.nanoTime();
  private long restUntilNanos = System.nanoTime();

  /**
   * @param state what was written down last, with what this opening says about it
   * @param full whether this pass takes all the time that there is
   * @param writer takes what can be read after all
   */
  Scrub(
      Database database,
      Damage damage,
      Verified verified,
      ScrubState state,
      boolean full,
      Consumer<Job.Restore> writer) {
    this.database = database;
    this.damage = damage;
    this.verified = verified;
    this.state = state;
    this.full = full;
    this.writer = writer;
    verified.beginAfter(state.cursor());
  }

  /** Nanoseconds until the next step. */
  long restNanos() {
    if (verified.isSurprised() && !state.urgent()) {
      return 0;
    }
    if (!state.underway()) {
      long dueMillis = state.beganMillis() + PERIOD_MILLIS - System.currentTimeMillis();
      return TimeUnit.MILLISECONDS.toNanos(Math.max(0, Math.min(dueMillis, PERIOD_MILLIS)));
    }
    return Math.max(0, restUntilNanos - System.nanoTime());
  }

  private Pace pace() {
    if (full) {
      return Pace.FULL;
    }
    return state.urgent() ? Pace.SOON : Pace.EASY;
  }

  /** Whether a crash, or somebody else's hand, may have left bad copies that were not found yet. */
  boolean isUrgent() {
    return state.urgent() && state.underway();
  }

  /** The share of the ring that this process has not read yet, in [0, 1]. */
  double share() {
    if (verified.isAll() || !state.underway()) {
      return verified.isAll() ? 0 : 1;
    }
    double passed = fraction(state.cursor()) - fraction(state.from());
    boolean justBegun = state.cursor().equals(state.from());
    return 1 - (justBegun ? 0 : passed <= 0 ? passed + 1 : passed);
  }

  private static double fraction(Id id) {
    return (id.word(0) >>> 1) / (double) Long.MAX_VALUE;
  }

  /** Reads a little more. */
  void step(CopyReader copies) {
    long beganNanos = System.nanoTime();
    try {
      if (verified.isSurprised()) {
        begin(true);
        LOG.warn(
            "files in {} were written by somebody else, or its index was made anew: all that is held"
                + " is verified",
            database.folder());
      } else if (!state.underway()) {
        begin(false);
      }
      if (next == page.size()) {
        list(copies);
      } else {
        read(copies);
      }
    } catch (RocksDBException | IOException | RuntimeException e) {
      LOG.warn("{}; it is tried again", DiskTrouble.ofReading(database.folder(), e), e);
      restUntilNanos = System.nanoTime() + RETRY_NANOS;
      return;
    }
    long nowNanos = System.nanoTime();
    restUntilNanos = nowNanos + pace().rests * (nowNanos - beganNanos);
    if (nowNanos - savedNanos > SAVE_NANOS) {
      save(state);
    }
  }

  private void begin(boolean urgent) {
    state = state.begin(System.currentTimeMillis(), urgent || state.urgent());
    verified.beginAfter(state.cursor());
    page = List.of();
    pageEnd = null;
    next = 0;
    items = 0;
    bytes = 0;
    damaged = 0;
    save(state);
  }

  /** Finds what is to be read next, up to the end of the ids or of this pass. */
  private void list(CopyReader copies) throws RocksDBException, IOException {
    if (pageEnd != null) {
      pass(pageEnd);
      if (!state.underway()) {
        return;
      }
    } else {
      retry(copies);
    }
    Id first = state.cursor().next();
    Id to = state.from().compareTo(first) >= 0 ? state.from() : Id.MAX;
    List<IndexRow> rows = database.read(tables -> rows(tables, first, to));
    pageEnd = rows.size() < PAGE_ROWS ? to : rows.get(rows.size() - 1).info().id();
    rows.removeIf(row -> !row.info().alive());
    rows.sort(Comparator.comparingInt(IndexRow::segment).thenComparingInt(IndexRow::offset));
    page = rows;
    next = 0;
  }

  private static List<IndexRow> rows(Tables tables, Id first, Id to) throws IOException {
    List<IndexRow> rows = new ArrayList<>();
    try (RowCursor cursor = RowCursor.through(tables, Book.HELD)) {
      for (cursor.seek(first); rows.size() < PAGE_ROWS && cursor.isValid(); cursor.next()) {
        Id id = cursor.id();
        if (id.compareTo(to) > 0) {
          break;
        }
        rows.add(cursor.row(id));
      }
    }
    return rows;
  }

  private void pass(Id to) throws RocksDBException, IOException {
    pageEnd = null;
    state = state.at(to);
    if (!to.equals(state.from())) {
      verified.passed(to);
      return;
    }
    if (full && !database.verifyTables()) {
      LOG.warn("a table of the index in {} is damaged", database.folder());
    }
    verified.passedAll();
    boolean wasUrgent = state.urgent();
    state = state.ended();
    save(state);
    if (wasUrgent || full || damaged > 0) {
      LOG.info(
          "verified {} items of {} MB in {}: {} were damaged",
          items,
          bytes / 1_000_000,
          database.folder(),
          damaged);
    }
    full = false;
  }

  /** What was given up may be readable after all, as when a disk had failed for a moment. */
  private void retry(CopyReader copies) throws RocksDBException, IOException {
    if (damage.givenUp() == 0) {
      return;
    }
    for (IndexRow row : database.read(tables -> tables.damagedRows(PAGE_ROWS))) {
      if (copies.isReadable(row)) {
        writer.accept(new Job.Restore(row));
      }
    }
  }

  private void read(CopyReader copies) throws RocksDBException, IOException {
    Verified.Glance glance = verified.glance();
    long stepBytes = 0;
    for (int rows = 0; next < page.size() && rows < STEP_ROWS && stepBytes < STEP_BYTES; rows++) {
      IndexRow row = page.get(next);
      damaged += copies.read(row, glance) ? 0 : 1;
      next++;
      items++;
      bytes += row.info().size();
      stepBytes += row.info().size();
    }
  }

  private void save(ScrubState now) {
    savedNanos = System.nanoTime();
    try {
      if (database.isIndexInPlace()) {
        now.write(database.folder());
      }
    } catch (IOException e) {
      LOG.debug("how far the scrub is is not written down", e);
    }
  }

  /** The store is closed as a node closes it. */
  void close() {
    save(state.stopped());
  }
}
