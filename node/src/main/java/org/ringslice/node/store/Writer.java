package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all keeps that wait, up to a limit, commits them as one
 * {@link Group}, and answers each; so the disk is synced as often as it can be, whatever the number
 * of those who wait (group commit, DeWitt et al., SIGMOD 1984). A group is durable as a whole or
 * fails as a whole; after a failure the database is opened anew before the next group.
 */
final class Writer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  /** Entries of one group; what does not fit waits for the next. A guess. */
  private static final int GROUP_ENTRIES_MAX = 1024;

  /**
   * Bytes of one group: 4 and 16 MiB were measured to be equally fast, and a group that is twice as
   * large takes twice as long. A single keep that is larger is a group of its own.
   */
  private static final long GROUP_BYTES_MAX = 8 << 20;

  /** The least time between two attempts to open the database after a failure. A guess. */
  private static final long RECOVER_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final JobQueue jobs;
  private final Database database;
  private final Damage damage;
  private final EventSink sink;
  private final long reserveBytes;

  private volatile long living;

  // of the last group that failed
  private String failure;
  private long recoverAfterNanos = System.nanoTime();

  /**
   * @param reserveBytes of free space that is left to the database's own work and to deletes
   */
  Writer(JobQueue jobs, Database database, Damage damage, EventSink sink, long reserveBytes)
      throws RocksDBException {
    this.jobs = jobs;
    this.database = database;
    this.damage = damage;
    this.sink = sink;
    this.reserveBytes = reserveBytes;
    this.living = database.tables().living();
  }

  /** Living entries; any thread may ask. */
  long living() {
    return living;
  }

  @Override
  public void run() {
    try {
      while (true) {
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        } else if (job instanceof Job.Keep first) {
          store(drain(first));
        } else if (job instanceof Job.Refused refused) {
          jobs.done(refused);
          sink.put(refused.answer());
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private List<Job.Keep> drain(Job.Keep first) {
    List<Job.Keep> group = new ArrayList<>();
    int entriesLeft = GROUP_ENTRIES_MAX;
    long bytesLeft = GROUP_BYTES_MAX;
    for (Job.Keep keep = first; keep != null; keep = jobs.pollKeep(entriesLeft, bytesLeft)) {
      group.add(keep);
      entriesLeft -= keep.entries().size();
      bytesLeft -= keep.sizeBytes();
    }
    return group;
  }

  private void store(List<Job.Keep> keeps) {
    List<Event> answers = new ArrayList<>(keeps.size());
    try {
      if (database.hasFailed()) {
        recover();
      }
      commit(keeps, answers);
    } catch (Refusal refusal) {
      failAll(keeps, refusal.getMessage(), answers);
    } catch (RocksDBException | IOException | RuntimeException e) {
      database.fail();
      failure = DiskTrouble.ofWriting(database.folder(), e);
      LOG.error(failure, e);
      failAll(keeps, failure, answers);
    }
    for (int i = 0; i < keeps.size(); i++) {
      jobs.done(keeps.get(i));
      sink.put(answers.get(i));
    }
  }

  private static void failAll(List<Job.Keep> keeps, String why, List<Event> answers) {
    answers.clear();
    keeps.forEach(keep -> answers.add(keep.failed(why)));
  }

  private void commit(List<Job.Keep> keeps, List<Event> answers)
      throws RocksDBException, IOException, Refusal {
    Group group = new Group(database.tables(), database.log(), damage);
    for (Job.Keep keep : keeps) {
      List<Outcome> outcomes = group.judge(keep.entries());
      answers.add(new Event.Kept(keep.ticket(), outcomes, List.of(), Optional.empty()));
    }
    if (group.changesNothing()) {
      return;
    }
    long sizeBytes = group.sizeBytes();
    if (sizeBytes > 0 && !hasRoomFor(sizeBytes)) {
      throw new Refusal(DiskTrouble.noRoom(database.folder()));
    }
    living = group.commit(living);
  }

  private void recover() throws RocksDBException, IOException, Refusal {
    long nowNanos = System.nanoTime();
    if (nowNanos - recoverAfterNanos < 0) {
      throw new Refusal(failure);
    }
    if (!hasRoomFor(0)) {
      throw new Refusal(DiskTrouble.noRoom(database.folder()));
    }
    recoverAfterNanos = nowNanos + RECOVER_PAUSE_NANOS;
    database.recover();
    living = database.tables().living();
    LOG.info("the store in {} is open again", database.folder());
  }

  private boolean hasRoomFor(long sizeBytes) {
    return database.folder().toFile().getUsableSpace() >= reserveBytes + sizeBytes;
  }

  /** Nothing was tried, so nothing broke. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String why) {
      super(why, null, false, false);
    }
  }
}
