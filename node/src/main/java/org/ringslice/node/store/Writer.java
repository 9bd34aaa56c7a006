package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all writes that wait, up to a limit, commits them as one
 * {@link Group}, and answers each; so the disk is synced as often as it can be, whatever the number
 * of those who wait (group commit, DeWitt et al., SIGMOD 1984). A group is durable as a whole or
 * fails as a whole; after a failure the database is opened anew before the next group. When it
 * turns out then that the failed one is durable after all, the next answer tells what it changed.
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
  private final Verified verified;
  private final Compaction compaction;
  private final JobQueue checks;
  private final EventSink sink;
  private final long reserveBytes;
  private final RoomWatch room;

  private volatile long living;
  private volatile long heldBytes;

  // of the last group that failed
  private String failure = "the index of the store is being made anew; try again";

  // whose commit failed; null once it is known whether it is durable
  private Group inDoubt;

  // what became durable and was not told yet
  private final EnumMap<Book, List<Change>> untold = new EnumMap<>(Book.class);

  private long recoverAfterNanos = System.nanoTime();

  /**
   * @param checks takes keeps that find something there which is to be read before
   * @param reserveBytes of free space that is left to the database's own work and to deletes
   */
  Writer(
      JobQueue jobs,
      Database database,
      Damage damage,
      Verified verified,
      Compaction compaction,
      JobQueue checks,
      EventSink sink,
      long reserveBytes) {
    this.jobs = jobs;
    this.database = database;
    this.damage = damage;
    this.verified = verified;
    this.compaction = compaction;
    this.checks = checks;
    this.sink = sink;
    this.reserveBytes = reserveBytes;
    room = new RoomWatch(database.folder(), sink, reserveBytes);
    count();
  }

  private void count() {
    living = database.ledger(Book.HELD).living();
    heldBytes = database.ledger(Book.HELD).sizeBytes();
  }

  /** Living entries; any thread may ask. */
  long living() {
    return living;
  }

  /** Bytes of living entries; any thread may ask. */
  long heldBytes() {
    return heldBytes;
  }

  @Override
  public void run() {
    try {
      while (true) {
        compaction.consider();
        room.look();
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        } else if (job instanceof Job.Write first) {
          store(drain(first));
        } else if (job instanceof Job.Mend mend) {
          jobs.done(mend);
          store(List.of());
        } else if (job instanceof Job.Refused refused) {
          jobs.done(refused);
          sink.put(refused.replied());
        } else {
          throw new IllegalStateException("this is nothing to write: " + job);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private List<Job.Write> drain(Job.Write first) {
    List<Job.Write> group = new ArrayList<>();
    int entriesLeft = GROUP_ENTRIES_MAX;
    long bytesLeft = GROUP_BYTES_MAX;
    for (Job.Write next = first; next != null; next = jobs.pollWrite(entriesLeft, bytesLeft)) {
      group.add(next);
      entriesLeft -= next.count();
      bytesLeft -= next.sizeBytes();
    }
    return group;
  }

  private void store(List<Job.Write> writes) {
    Group done = null;
    String why = "";
    Set<Job.Write> deferred = Set.of();
    try {
      if (database.hasFailed()) {
        recover();
      }
      Group group = new Group(writes, database, damage, verified);
      deferred = defer(group);
      commit(group);
      done = group;
    } catch (Refusal refusal) {
      why = refusal.getMessage();
    } catch (Exception e) {
      database.fail(e);
      failure = DiskTrouble.ofWriting(database.folder(), e);
      LOG.error(failure, e);
      why = failure;
    }
    for (int i = 0; i < writes.size(); i++) {
      if (!deferred.contains(writes.get(i))) {
        answer(writes.get(i), i, done, why);
      }
    }
  }

  /** What a keep finds there is read before it is said to be there, and not in a group. */
  private Set<Job.Write> defer(Group group) {
    Set<Job.Write> deferred = Collections.newSetFromMap(new IdentityHashMap<>());
    group
        .deferred()
        .forEach(
            check -> {
              deferred.add(check.keep());
              checks.again(new Job.Check(check.keep().onceChecked(), check.rows()));
            });
    return deferred;
  }

  private void answer(Job.Write write, int index, Group done, String why) {
    jobs.done(write);
    if (write instanceof Job.Move move) {
      compaction.moved(move, done != null);
      return;
    }
    if (done == null && write instanceof Job.Amend amend) {
      damage.forget(amend.row());
    }
    List<Change> before = takeUntold(write.book());
    StoreReply<?> reply = done != null ? done.reply(index, before) : StoreReply.failed(why, before);
    sink.put(
        write instanceof Job.Writing asked
            ? asked.replied(reply)
            : new Event.Amended(reply.changes()));
  }

  private List<Change> takeUntold(Book book) {
    List<Change> taken = untold.remove(book);
    return taken == null ? List.of() : taken;
  }

  private void commit(Group group) throws RocksDBException, IOException, Refusal {
    if (group.changesNothing()) {
      group.confirm();
      return;
    }
    long sizeBytes = group.sizeBytes();
    if (sizeBytes > 0 && !hasRoomFor(sizeBytes)) {
      throw new Refusal(DiskTrouble.noRoom(database.folder()));
    }
    inDoubt = group;
    group.commit();
    inDoubt = null;
    count();
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
    boolean isMadeAnew = database.needsRebuild();
    database.recover();
    verified.reopened();
    if (isMadeAnew) {
      verified.distrust();
    }
    damage.counted(database.tables().damagedCount());
    count();
    settleDoubt();
    if (database.changedByRebuild()) {
      sink.put(new Event.Broken(DiskTrouble.changedByRebuild(database.folder())));
    }
    LOG.info("the store in {} is open again", database.folder());
  }

  private void settleDoubt() {
    if (inDoubt != null && inDoubt.number() == database.commits()) {
      inDoubt.confirm();
      for (Book book : Book.values()) {
        untold.computeIfAbsent(book, any -> new ArrayList<>()).addAll(inDoubt.changes(book));
      }
    }
    inDoubt = null;
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
