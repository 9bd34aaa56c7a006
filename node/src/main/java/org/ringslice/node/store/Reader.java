package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads. It sees what is committed when it begins with a job, so every write that was
 * answered before the job was asked for. What it serves it has verified: bytes that are not those
 * that were stored are damage, not an item.
 */
final class Reader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

  /**
   * A scan that goes through more rows is left to {@link LongReader}, so that no load waits for it
   * longer than for a cold block. A guess: 2 ms.
   */
  static final int SCANNED_ROWS_MAX = 4096;

  /** Items of an arc that are described; of the others nothing is told. Four pages of a walk. */
  static final int DESCRIBED_MAX = 4 * Limits.ITEMS_MAX;

  private final JobQueue jobs;
  private final JobQueue longer;
  private final Database database;
  private final Damage damage;
  private final EventSink sink;

  /**
   * @param longer takes what it would be too long busy with
   */
  Reader(JobQueue jobs, JobQueue longer, Database database, Damage damage, EventSink sink) {
    this.jobs = jobs;
    this.longer = longer;
    this.database = database;
    this.damage = damage;
    this.sink = sink;
  }

  @Override
  public void run() {
    try (SegmentReader segments = new SegmentReader(Database.blocks(database.folder()))) {
      while (true) {
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        }
        Optional<Event> answer = answer(job, segments);
        jobs.done(job);
        answer.ifPresentOrElse(sink::put, () -> longer.put(job));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  /** The answer, or nothing when it would take too long. */
  private Optional<Event> answer(Job job, SegmentReader segments) {
    try {
      if (job instanceof Job.Load load) {
        return Optional.of(load(load, segments));
      } else if (job instanceof Job.LoadAll load) {
        return Optional.of(loadAll(load, segments));
      } else if (job instanceof Job.Look look) {
        return Optional.of(database.read(tables -> look(look, tables)));
      } else if (job instanceof Job.Describe describe) {
        return Optional.of(database.read(tables -> describe(describe, tables)));
      } else if (job instanceof Job.ReadJournal read) {
        return Optional.of(database.read(tables -> readJournal(read, tables)));
      } else if (job instanceof Job.Scan scan) {
        List<EntryInfo> found =
            database.read(tables -> new RowScan(scan, damage).tryFew(tables, SCANNED_ROWS_MAX));
        return Optional.ofNullable(found)
            .map(items -> new Event.Scanned(scan.ticket(), items, Optional.empty()));
      }
      return Optional.of(job.failed(""));
    } catch (RocksDBException | IOException | RuntimeException e) {
      String failure = DiskTrouble.ofReading(database.folder(), e);
      LOG.error(failure, e);
      return Optional.of(job.failed(failure));
    }
  }

  /** One that can't be read is told of in the log; the others are not held up by it. */
  private Event loadAll(Job.LoadAll job, SegmentReader segments)
      throws RocksDBException, IOException {
    List<Entry> entries = new ArrayList<>(job.ids().size());
    for (Id id : job.ids()) {
      load(new Job.Load(job.ticket(), id), segments).entry().ifPresent(entries::add);
    }
    return new Event.LoadedAll(job.ticket(), entries);
  }

  private Event.Loaded load(Job.Load job, SegmentReader segments)
      throws RocksDBException, IOException {
    IndexRow row = database.read(tables -> tables.row(job.id()));
    while (row != null && row.info().alive()) {
      try {
        return loaded(job, row, segments);
      } catch (RocksDBException | IOException e) {
        IndexRow now = database.read(tables -> tables.row(job.id()));
        if (row.equals(now)) {
          return damaged(job, row, segments, e);
        }
        row = now; // the writer replaced it meanwhile, and took its bytes away
      }
    }
    return new Event.Loaded(job.ticket(), Optional.empty(), Optional.empty());
  }

  private Event.Loaded loaded(Job.Load job, IndexRow row, SegmentReader segments)
      throws RocksDBException, IOException {
    Entry entry = row.entryOf(bytes(row, segments));
    return new Event.Loaded(job.ticket(), Optional.of(entry), Optional.empty());
  }

  /** Looks again before it tells, lest the writer has healed it in the meantime. */
  private Event.Loaded damaged(
      Job.Load job, IndexRow row, SegmentReader segments, Exception cause) {
    boolean news = damage.note(row);
    try {
      Event.Loaded healed = loaded(job, row, segments);
      if (news) {
        damage.forget(row);
      }
      return healed;
    } catch (RocksDBException | IOException e) {
      String failure = DiskTrouble.damagedItem(database.folder(), job.id());
      LOG.error(failure, cause);
      if (news) {
        sink.put(new Event.Damaged(row.info()));
      }
      return job.failed(failure);
    }
  }

  private Bytes bytes(IndexRow row, SegmentReader segments) throws RocksDBException, IOException {
    if (row.where() == IndexRow.Where.SEGMENT) {
      return segments.read(row);
    }
    byte[] value = database.read(tables -> tables.value(row.info().id()));
    if (value == null) {
      throw new IOException("its bytes are gone");
    }
    return Bytes.wrap(value);
  }

  private Event look(Job.Look job, Tables tables) throws RocksDBException, IOException {
    BitSet present = new BitSet(job.ids().size());
    for (int i = 0; i < job.ids().size(); i++) {
      present.set(i, isServed(tables.row(job.ids().get(i))));
    }
    return new Event.Looked(job.ticket(), present, Optional.empty());
  }

  private boolean isServed(IndexRow row) {
    return row != null && row.info().alive() && !damage.has(row);
  }

  private static Event describe(Job.Describe job, Tables tables)
      throws RocksDBException, IOException {
    return new Event.Described(job.ticket(), ContentRow.find(tables, job.arc(), DESCRIBED_MAX));
  }

  private static Event readJournal(Job.ReadJournal job, Tables tables)
      throws RocksDBException, IOException {
    List<Change> found = Journal.read(tables, Family.journal(job.book()), job.after(), job.count());
    // asked for last: what was forgotten in between is not taken for read
    long forgotten = Ledger.forgotten(tables, job.book());
    return new Event.JournalRead(job.ticket(), forgotten, found, Optional.empty());
  }
}
