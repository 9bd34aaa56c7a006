package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.rocksdb.RocksDBException;

/**
 * Some writes that become durable together, or not at all: rows, bytes, journals and sums in one
 * batch. A commit that fails leaves it open whether they are; its {@link #number} tells, when the
 * database is open again. Belongs to the writer's thread.
 */
final class Group {
  private final List<Job.Write> jobs;
  private final List<List<Outcome>> outcomes = new ArrayList<>();
  private final Lines lines = new Lines();
  private final Database database;
  private final HeldDraft held;
  private final WatchedDraft watched;
  private final long number;

  // keeps that are no part of it: what they would find there is to be read before
  private final List<Job.Check> deferred = new ArrayList<>();

  /**
   * @param jobs in their order
   */
  Group(List<Job.Write> jobs, Database database, Damage damage, Verified verified)
      throws RocksDBException, IOException {
    this.jobs = jobs;
    this.database = database;
    Tables tables = database.tables();
    held =
        new HeldDraft(
            tables,
            database.log(),
            database.ledger(Book.HELD),
            database.dropped(),
            damage,
            verified,
            database.contents());
    watched = new WatchedDraft(tables, database.ledger(Book.WATCHED));
    number = database.commits() + 1;
    for (int i = 0; i < jobs.size(); i++) {
      outcomes.add(draft(i, jobs.get(i)));
    }
  }

  private List<Outcome> draft(int index, Job.Write job) throws RocksDBException, IOException {
    if (job instanceof Job.Keep keep) {
      List<IndexRow> unverified = keep.checked() ? List.of() : held.unverified(keep.entries());
      if (unverified.isEmpty()) {
        return held.keep(index, keep.entries());
      }
      deferred.add(new Job.Check(keep, unverified));
    } else if (job instanceof Job.Amend amend) {
      held.amend(index, amend);
    } else if (job instanceof Job.Forget forget) {
      held.forget(forget.ids());
    } else if (job instanceof Job.Drop drop) {
      held.drop(index, drop.copies());
    } else if (job instanceof Job.Move move) {
      held.move(move);
    } else if (job instanceof Job.Note note) {
      watched.note(index, note.infos(), note.told());
    } else if (job instanceof Job.Cover cover) {
      watched.cover(index, cover.arcs());
    }
    return List.of();
  }

  /** Keeps that are to come again once these rows have been read. */
  List<Job.Check> deferred() {
    return deferred;
  }

  boolean changesNothing() {
    return held.changesNothing() && watched.changesNothing();
  }

  /** Bytes to be written, but those that free others. */
  long sizeBytes() {
    return held.sizeBytes() + watched.sizeBytes();
  }

  /** Makes all of it durable. */
  void commit() throws RocksDBException, IOException {
    try (Tables.Batch batch = database.tables().batch()) {
      if (!held.changesNothing()) {
        held.write(batch, lines);
      }
      watched.write(batch, lines);
      database.commit(batch, number);
    }
    held.committed();
  }

  /** The number of its batch. */
  long number() {
    return number;
  }

  /** The answer to one of its jobs, once it is committed. */
  Event answer(int job, List<Change> before) {
    return jobs.get(job).answer(outcomes.get(job), concat(before, lines.of(job)), Optional.empty());
  }

  /** The group is durable after all, and the database open again. */
  void confirm() {
    held.healed();
  }

  /** All changes of a book, in their order. */
  List<Change> changes(Book book) {
    List<Change> all = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (jobs.get(i).book() == book) {
        all.addAll(lines.of(i));
      }
    }
    return all;
  }

  private static List<Change> concat(List<Change> first, List<Change> second) {
    if (first.isEmpty()) {
      return second;
    }
    List<Change> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
