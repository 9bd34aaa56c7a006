package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.rocksdb.RocksDBException;

/**
 * Some writes that become durable together, or not at all: rows, bytes, journals and sums in one
 * batch. A commit that fails leaves it open whether they are; its {@link #number} tells, when the
 * database is open again. Belongs to the writer's thread.
 */
final class Group {
  private final List<Job.Write> jobs;
  private final List<StoreAnswer> answers = new ArrayList<>();
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
      throws Exception {
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
      answers.add(draft(i, jobs.get(i)));
    }
  }

  private StoreAnswer draft(int index, Job.Write job) throws Exception {
    if (job instanceof Job.Amend amend) {
      held.amend(index, amend);
    } else if (job instanceof Job.Move move) {
      held.move(move);
    } else {
      return draft(index, (Job.Writing) job);
    }
    return new StoreAnswer.Done();
  }

  private StoreAnswer draft(int index, Job.Writing job) throws Exception {
    if (job.request() instanceof StoreRequest.Keep keep && !job.checked()) {
      List<IndexRow> unverified = held.unverified(keep.entries());
      if (!unverified.isEmpty()) {
        deferred.add(new Job.Check(job, unverified));
        return new StoreAnswer.Done();
      }
    }
    return job.request().answerBy(new Drafting(index));
  }

  /** What each kind of request does to the drafts. */
  private final class Drafting implements StoreRequest.Writes<Exception> {
    private final int job;

    Drafting(int job) {
      this.job = job;
    }

    @Override
    public StoreAnswer.Kept keep(StoreRequest.Keep request) throws Exception {
      return new StoreAnswer.Kept(held.keep(job, request.entries()));
    }

    @Override
    public StoreAnswer.Done drop(StoreRequest.Drop request) throws Exception {
      held.drop(job, request.copies());
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done forgetDamaged(StoreRequest.ForgetDamaged request) throws Exception {
      held.forget(request.ids());
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done note(StoreRequest.Note request) throws Exception {
      watched.note(job, request.infos(), request.told());
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done cover(StoreRequest.Cover request) {
      watched.cover(job, request.arcs());
      return new StoreAnswer.Done();
    }
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

  /** The reply to one of its jobs, once it is committed. */
  StoreReply<?> reply(int job, List<Change> before) {
    return StoreReply.of(answers.get(job), concat(before, lines.of(job)));
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
