package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.port.EventSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads. It sees what is committed when it begins with a job, so every write that was
 * answered before the job was asked for. What it serves it has verified: bytes that are not those
 * that were stored are damage, not an item.
 */
final class Reader implements Runnable, StoreRequest.Reads<Exception> {
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
        Event replied =
            job instanceof Job.Refused refused ? refused.replied() : reply((Job.Reading) job);
        jobs.done(job);
        if (replied != null) {
          sink.put(replied);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  /** The reply; null when it takes too long for this thread, and another one gives it. */
  private Event reply(Job.Reading job) {
    try {
      StoreAnswer answer = job.request().answerBy(this);
      if (answer != null) {
        return job.replied(StoreReply.of(answer));
      }
      (job.request() instanceof StoreRequest.Look ? checks : longer).put(job);
      return null;
    } catch (CopyReader.DamagedException e) {
      return job.replied(StoreReply.failed(e.getMessage()));
    } catch (Exception e) {
      String failure = DiskTrouble.ofReading(database.folder(), e);
      LOG.error(failure, e);
      return job.replied(StoreReply.failed(failure));
    }
  }

  @Override
  public StoreAnswer.Loaded load(StoreRequest.Load request) throws Exception {
    return new StoreAnswer.Loaded(copies.load(request.id()));
  }

  /** One that can't be read is told of in the log; the others are not held up by it. */
  @Override
  public StoreAnswer.LoadedAll loadAll(StoreRequest.LoadAll request) throws Exception {
    List<Entry> entries = new ArrayList<>(request.ids().size());
    for (Id id : request.ids()) {
      try {
        copies.load(id).ifPresent(entries::add);
      } catch (CopyReader.DamagedException e) {
        LOG.debug("left out", e);
      }
    }
    return new StoreAnswer.LoadedAll(entries);
  }

  /** What is there; null when bytes have to be read to tell. */
  @Override
  public StoreAnswer.Looked look(StoreRequest.Look request) throws Exception {
    List<Id> ids = request.ids();
    BitSet present = new BitSet(ids.size());
    Verified.Glance glance = verified.glance();
    Set<IndexRow> damaged = damage.snapshot();
    for (int i = 0; i < ids.size(); i++) {
      Id id = ids.get(i);
      IndexRow row = database.read(tables -> tables.row(id));
      boolean isServed =
          row != null && row.info().alive() && !damaged.contains(row) && !damage.has(row);
      if (isServed && !glance.has(row)) {
        return null;
      }
      present.set(i, isServed);
    }
    return new StoreAnswer.Looked(present);
  }

  /** What is found; null when it takes more rows than this thread goes through. */
  @Override
  public StoreAnswer.Scanned scan(StoreRequest.Scan request) throws Exception {
    List<EntryInfo> found =
        database.read(tables -> new RowScan(request, damage).tryFew(tables, SCANNED_ROWS_MAX));
    return found == null ? null : new StoreAnswer.Scanned(found);
  }

  @Override
  public StoreAnswer.Described describe(StoreRequest.Describe request) throws Exception {
    return new StoreAnswer.Described(
        database.read(tables -> ContentRow.find(tables, request.arc(), DESCRIBED_MAX)));
  }

  @Override
  public StoreAnswer.JournalRead readJournal(StoreRequest.ReadJournal request) throws Exception {
    return database.read(
        tables -> {
          Family journal = Family.journal(request.book());
          List<Change> found = Journal.read(tables, journal, request.after(), request.count());
          // asked for last: what was forgotten in between is not taken for read
          return new StoreAnswer.JournalRead(Ledger.forgotten(tables, request.book()), found);
        });
  }

  @Override
  public StoreAnswer.DroppedRead readDropped(StoreRequest.ReadDropped request) throws Exception {
    return new StoreAnswer.DroppedRead(
        database.read(
            tables ->
                DroppedIds.read(tables, request.arc(), DroppedIds.hourNow(), request.count())));
  }
}
