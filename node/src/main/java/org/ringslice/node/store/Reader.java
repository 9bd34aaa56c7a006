package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
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
  private final JobQueue checks;
  private final Database database;
  private final Damage damage;
  private final Verified verified;
  private final CopyReader copies;
  private final EventSink sink;

  /**
   * @param longer takes what it would be too long busy with
   * @param checks takes the question what is there, where something has to be read for it
   * @param copies for this thread alone
   */
  Reader(
      JobQueue jobs,
      JobQueue longer,
      JobQueue checks,
      Database database,
      Damage damage,
      Verified verified,
      CopyReader copies,
      EventSink sink) {
    this.jobs = jobs;
    this.longer = longer;
    this.checks = checks;
    this.database = database;
    this.damage = damage;
    this.verified = verified;
    this.copies = copies;
    this.sink = sink;
  }

  @Override
  public void run() {
    try (copies) {
      while (true) {
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        }
        Optional<Event> answer = answer(job);
        jobs.done(job);
        answer.ifPresentOrElse(
            sink::put, () -> (job instanceof Job.Look ? checks : longer).put(job));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  /** The answer, or nothing when it would take too long. */
  private Optional<Event> answer(Job job) {
    try {
      if (job instanceof Job.Load load) {
        return Optional.of(load(load));
      } else if (job instanceof Job.LoadAll load) {
        return Optional.of(loadAll(load));
      } else if (job instanceof Job.Look look) {
        return look(look);
      } else if (job instanceof Job.Describe describe) {
        return Optional.of(database.read(tables -> describe(describe, tables)));
      } else if (job instanceof Job.ReadJournal read) {
        return Optional.of(database.read(tables -> readJournal(read, tables)));
      } else if (job instanceof Job.ReadDropped read) {
        return Optional.of(database.read(tables -> readDropped(read, tables)));
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

  private Event load(Job.Load job) throws RocksDBException, IOException {
    try {
      return new Event.Loaded(job.ticket(), copies.load(job.id()), Optional.empty());
    } catch (CopyReader.DamagedException e) {
      return job.failed(e.getMessage());
    }
  }

  /** One that can't be read is told of in the log; the others are not held up by it. */
  private Event loadAll(Job.LoadAll job) throws RocksDBException, IOException {
    List<Entry> entries = new ArrayList<>(job.ids().size());
    for (Id id : job.ids()) {
      try {
        copies.load(id).ifPresent(entries::add);
      } catch (CopyReader.DamagedException e) {
        LOG.debug("left out", e);
      }
    }
    return new Event.LoadedAll(job.ticket(), entries);
  }

  /** What is there; nothing when bytes have to be read to tell. */
  private Optional<Event> look(Job.Look job) throws RocksDBException, IOException {
    BitSet present = new BitSet(job.ids().size());
    Verified.Glance glance = verified.glance();
    for (int i = 0; i < job.ids().size(); i++) {
      Id id = job.ids().get(i);
      IndexRow row = database.read(tables -> tables.row(id));
      boolean isServed = row != null && row.info().alive() && !damage.has(row);
      if (isServed && !glance.has(row)) {
        return Optional.empty();
      }
      present.set(i, isServed);
    }
    return Optional.of(new Event.Looked(job.ticket(), present, Optional.empty()));
  }

  private static Event readDropped(Job.ReadDropped job, Tables tables)
      throws RocksDBException, IOException {
    List<Id> found = DroppedIds.read(tables, job.arc(), DroppedIds.hourNow(), job.count());
    return new Event.DroppedRead(job.ticket(), found, Optional.empty());
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
