package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets back the space of segments of which more than half is dead: what still lives in one is
 * appended to the log once more and its rows are changed in the same batch, step by step, until all
 * of it is dead (the cleaner of a log-structured file system, Rosenblum and Ousterhout, SOSP 1991).
 * So each byte that is freed costs less than one that is written. An entry does not change by it,
 * and no journal tells of it.
 *
 * <p>One segment at a time, and one step after the other: the thread for what takes long
 * {@linkplain #read reads} one, then the writer {@linkplain #moved commits} it with its next group.
 * What could not be done for some reason is begun again after a later write.
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /** Bytes that one step moves, or a single entry of more: an eighth of a group. */
  private static final long STEP_BYTES = 1 << 20;

  /** Rows that one step looks at: 20 ms, by measurement. */
  private static final int STEP_ROWS = 1 << 16;

  /** Bytes of writes that may wait before a step: a group. Past that it is not the time for it. */
  private static final long WAITING_BYTES_MAX = 8 << 20;

  private final Database database;
  private final JobQueue writes;
  private final JobQueue longReads;
  private final long leastFreeBytes;

  // handed over with the job: whoever has that may change it
  private volatile boolean running;

  private volatile boolean broken;

  /**
   * @param reserveBytes of free space, of which it takes up to half
   */
  Compaction(Database database, JobQueue writes, JobQueue longReads, long reserveBytes) {
    this.database = database;
    this.writes = writes;
    this.longReads = longReads;
    this.leastFreeBytes = reserveBytes / 2 + 2 * STEP_BYTES;
  }

  /** Begins with a segment, if there is one to begin with. By the writer, between groups. */
  void consider() {
    if (running || broken || database.hasFailed()) {
      return;
    }
    Optional<Integer> segment = database.log().sparse();
    if (segment.isPresent()) {
      running = true;
      ask(new Job.Compact(segment.get(), Id.ZERO));
    }
  }

  private void ask(Job.Compact step) {
    if (!longReads.offer(step, Long.MAX_VALUE)) {
      running = false;
    }
  }

  /** Reads what one step moves, and passes it to the writer. By the thread for what takes long. */
  void read(Job.Compact step, CopyReader copies) {
    try {
      if (mayMove() && writes.offer(collect(step, copies), WAITING_BYTES_MAX)) {
        return;
      }
    } catch (RocksDBException | IOException | RuntimeException e) {
      LOG.warn("segments of {} are not compacted before the next start", database.folder(), e);
      broken = true;
    }
    running = false;
  }

  private boolean mayMove() {
    return writes.fits(STEP_BYTES, WAITING_BYTES_MAX)
        && database.folder().toFile().getUsableSpace() >= leastFreeBytes;
  }

  private Job.Move collect(Job.Compact step, CopyReader copies)
      throws RocksDBException, IOException {
    Page page = database.read(tables -> list(step, tables));
    List<IndexRow> rows = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    long sizeBytes = 0;
    for (IndexRow row : page.rows()) {
      try {
        copies.load(row).ifPresent(entries::add);
      } catch (CopyReader.DamagedException e) {
        LOG.debug("it stays, and the segment with it", e);
      }
      if (entries.size() > rows.size()) {
        rows.add(row);
        sizeBytes += row.info().size();
      }
    }
    return new Job.Move(step.segment(), rows, entries, sizeBytes, page.next());
  }

  /** Rows to move, and where to go on. */
  private record Page(List<IndexRow> rows, Optional<Id> next) {}

  private static Page list(Job.Compact step, Tables tables) throws IOException {
    List<IndexRow> rows = new ArrayList<>();
    long sizeBytes = 0;
    int rowsLeft = STEP_ROWS;
    try (RowCursor cursor = RowCursor.through(tables, Book.HELD)) {
      for (cursor.seek(step.from()); cursor.isValid(); cursor.next()) {
        Id id = cursor.id();
        if (--rowsLeft < 0 || sizeBytes >= STEP_BYTES) {
          return new Page(rows, Optional.of(id));
        }
        IndexRow row = cursor.row(id);
        if (row.where() == IndexRow.Where.SEGMENT && row.segment() == step.segment()) {
          rows.add(row);
          sizeBytes += row.info().size();
        }
      }
    }
    return new Page(rows, Optional.empty());
  }

  /** Goes on after a step. By the writer. */
  void moved(Job.Move step, boolean committed) {
    boolean isThere = committed && database.log().has(step.segment());
    if (isThere && step.next().isPresent()) {
      ask(new Job.Compact(step.segment(), step.next().get()));
      return;
    }
    if (isThere) {
      database.log().compacted(step.segment());
    }
    running = false;
  }
}
