package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Id;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads bytes only to know that they are there: of what somebody is about to be
 * told that it is held, and, while nobody asks, of everything in turn ({@link Scrub}). It tells the
 * core what is known of the {@linkplain DiskHealth health} of the store.
 */
final class Verifier implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  /** What is read for one question before the next has its turn: a fifth of a second. A guess. */
  private static final long TURN_BYTES = 64 << 20;

  /** Between two words on the health of the store. */
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two looks at the files of all segments, some 2 us each. A guess. */
  private static final long LOOK_AROUND_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final JobQueue jobs;
  private final JobQueue writes;
  private final Database database;
  private final Damage damage;
  private final Verified verified;
  private final CopyReader copies;
  private final Scrub scrub;
  private final Writer writer;
  private final EventSink sink;

  // nothing before the first word, which comes at once
  private DiskHealth told;
  private long toldNanos = System.nanoTime() - TELL_NANOS;
  private long lookedNanos = System.nanoTime();
  private boolean isBroken;
  private final TableWatch tableWatch = new TableWatch();

  /**
   * @param copies for this thread alone
   */
  Verifier(
      JobQueue jobs,
      JobQueue writes,
      Database database,
      Damage damage,
      Verified verified,
      CopyReader copies,
      Scrub scrub,
      Writer writer,
      EventSink sink) {
    this.jobs = jobs;
    this.writes = writes;
    this.database = database;
    this.damage = damage;
    this.verified = verified;
    this.copies = copies;
    this.scrub = scrub;
    this.writer = writer;
    this.sink = sink;
  }

  @Override
  public void run() {
    try (copies) {
      while (true) {
        Job job = jobs.poll(waitNanos());
        if (job instanceof Job.Stop) {
          return;
        } else if (job instanceof Job.Reading reading) {
          look(reading, (StoreRequest.Look) reading.request());
        } else if (job instanceof Job.Check check) {
          check(check);
        } else if (job instanceof Job.Refused refused) {
          jobs.done(refused);
          sink.put(refused.replied());
        } else if (job != null) {
          throw new IllegalStateException("this is nothing to verify: " + job);
        } else if (scrub.restNanos() == 0) {
          scrub.step(copies);
        }
        tell();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  private long waitNanos() {
    return Math.min(scrub.restNanos(), TELL_NANOS);
  }

  /** What is there, of some ids; goes on later when it takes long. */
  private void look(Job.Reading job, StoreRequest.Look request) {
    List<Id> ids = request.ids();
    StoreReply<StoreAnswer.Looked> reply;
    try {
      List<IndexRow> rows = rows(ids);
      if (!verify(rows)) {
        jobs.again(job);
        return;
      }
      BitSet present = new BitSet(ids.size());
      for (int i = 0; i < ids.size(); i++) {
        present.set(i, isServed(ids.get(i)));
      }
      reply = StoreReply.of(new StoreAnswer.Looked(present));
    } catch (RocksDBException | IOException | RuntimeException e) {
      String failure = DiskTrouble.ofReading(database.folder(), e);
      LOG.error(failure, e);
      reply = StoreReply.failed(failure);
    }
    jobs.done(job);
    sink.put(job.replied(reply));
  }

  /** In the order in which they lie on the disk. */
  private List<IndexRow> rows(List<Id> ids) throws RocksDBException, IOException {
    List<IndexRow> rows = new ArrayList<>();
    for (Id id : ids) {
      IndexRow row = database.read(tables -> tables.row(id));
      if (row != null && row.info().alive() && !damage.has(row)) {
        rows.add(row);
      }
    }
    rows.sort(Comparator.comparingInt(IndexRow::segment).thenComparingInt(IndexRow::offset));
    return rows;
  }

  /** Whether all were read or known; what was read is known from then on. */
  private boolean verify(List<IndexRow> rows) throws RocksDBException, IOException {
    Verified.Glance glance = verified.glance();
    long bytesLeft = TURN_BYTES;
    for (IndexRow row : rows) {
      if (!glance.has(row)) {
        if (bytesLeft <= 0) {
          return false;
        }
        copies.read(row, glance);
        bytesLeft -= row.where() == IndexRow.Where.SEGMENT ? row.info().size() : 0;
      }
    }
    return true;
  }

  private boolean isServed(Id id) throws RocksDBException, IOException {
    Set<IndexRow> damaged = damage.snapshot();
    IndexRow row = database.read(tables -> tables.row(id));
    return row != null && row.info().alive() && !damaged.contains(row) && !damage.has(row);
  }

  private void check(Job.Check job) {
    try {
      Verified.Glance glance = verified.glance();
      for (IndexRow row : job.rows()) {
        copies.verify(row, glance);
      }
    } catch (RocksDBException | IOException | RuntimeException e) {
      // the writer will meet with the same, and tell
      LOG.debug("what is there could not be read", e);
    }
    writes.again(job.keep());
  }

  private void tell() {
    long nowNanos = System.nanoTime();
    if (nowNanos - toldNanos < TELL_NANOS) {
      return;
    }
    toldNanos = nowNanos;
    if (nowNanos - lookedNanos > LOOK_AROUND_NANOS) {
      lookedNanos = nowNanos;
      lookAround();
    }
    if (database.needsRebuild()) {
      writes.offer(new Job.Mend(), Long.MAX_VALUE);
    }
    DiskHealth now = health();
    if (!now.equals(told)) {
      told = now;
      sink.put(new Event.Examined(now));
    }
  }

  /** Misses files that are gone though nobody asks for what is in them. */
  private void lookAround() {
    verified.lookAround();
    try {
      if (!isBroken && !database.isIndexInPlace()) {
        isBroken = true;
        sink.put(new Event.Broken(DiskTrouble.indexTaken(database.folder())));
      } else if (!isBroken
          && tableWatch.look(IndexFolder.of(database.folder()))
          && !database.verifyTables()) {
        LOG.warn("somebody else wrote to the index in {}, and damaged it", database.folder());
      }
    } catch (RocksDBException | IOException e) {
      LOG.debug("the folder of the index can't be looked at", e);
    }
  }

  private DiskHealth health() {
    List<Id> first = List.of();
    if (damage.givenUp() > 0) {
      try {
        first =
            database.read(tables -> tables.damagedRows(DiskHealth.FIRST_MAX)).stream()
                .map(row -> row.info().id())
                .toList();
      } catch (RocksDBException | IOException e) {
        LOG.debug("what is damaged can't be listed", e);
      }
    }
    long unverifiedBytes = (long) (scrub.share() * writer.heldBytes());
    long damaged = Math.max(damage.givenUp(), first.size());
    return new DiskHealth(damaged, first, unverifiedBytes, scrub.isUrgent());
  }

  /** Once the thread has ended and the store is closed as a node closes it. */
  void closed() {
    scrub.close();
  }
}
