package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.sync.Index;
import org.rocksdb.RocksDBException;

/** A commit that fails may be durable or not; what is told is what turns out. */
final class FailedCommitTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  @TempDir Path folder;

  private final Random random = new Random(29);
  private final JobQueue jobs = new JobQueue(100, Long.MAX_VALUE);
  private final JobQueue checks = new JobQueue(1, 0);
  private final Thread checker = new Thread(this::check);
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Index held = new Index(Asked.KEY);
  private final Index watched = new Index(Asked.KEY);
  private final List<Change> told = new ArrayList<>();
  private FaultyDatabase database;
  private Thread writer;
  private long tickets;

  /** Fails a commit when it is told to, before or after it is durable. */
  private static final class FaultyDatabase extends Database {
    private volatile boolean failsBefore;
    private volatile boolean failsAfter;

    FaultyDatabase(Path folder) throws IOException {
      super(folder, BlockLog.SEGMENT_BYTES, Asked.KEY);
    }

    @Override
    void commit(Tables.Batch batch, long number) throws RocksDBException {
      failIf(failsBefore);
      super.commit(batch, number);
      failIf(failsAfter);
    }

    private static void failIf(boolean fails) throws RocksDBException {
      if (fails) {
        throw new RocksDBException("the disk did not say that it has synced");
      }
    }
  }

  @BeforeEach
  void open() throws IOException {
    database = new FaultyDatabase(folder);
    Verified verified = new Verified(Database.blocks(folder));
    writer =
        new Thread(
            new Writer(
                jobs, database, new Damage(), verified, compaction(), checks, events::add, 0));
    writer.start();
    checker.start();
  }

  /** What is there is there. */
  private void check() {
    try {
      while (checks.take() instanceof Job.Check check) {
        jobs.again(check.keep());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Compaction compaction() {
    return new Compaction(database, jobs, new JobQueue(1, 0), 0);
  }

  @AfterEach
  void close() throws Exception {
    jobs.stop(1);
    writer.join();
    checks.stop(1);
    checker.join();
    assertTrue(database.close(PATIENCE_NANOS));
  }

  @Test
  void aCommitThatIsDurableAfterAllIsToldWithTheNextAnswer() throws Exception {
    Entry first = Samples.blob(random, 5000);
    Entry second = Samples.blob(random, 50);
    database.failsAfter = true;
    StoreReply<?> failed = await(keep(first));
    assertTrue(failed.failure().isPresent());
    assertEquals(List.of(), failed.changes());
    database.failsAfter = false;
    StoreReply<?> kept = await(keep(second, first));
    assertEquals(List.of(first.info(), second.info()), outcomes(kept.changes()));
    assertWhatWasToldIsThere();
  }

  @Test
  void aCommitThatIsNotDurableIsNeverTold() throws Exception {
    Entry first = Samples.blob(random, 5000);
    Entry second = Samples.blob(random, 50);
    database.failsBefore = true;
    await(keep(first));
    database.failsBefore = false;
    StoreReply<?> kept = await(keep(second));
    assertEquals(List.of(second.info()), outcomes(kept.changes()));
    assertWhatWasToldIsThere();
  }

  @Test
  void notesThatAreDurableAfterAllAreToldWithTheNextNote() throws Exception {
    Entry entry = Samples.blob(random, 50);
    EntryInfo silent = Samples.blob(random, 50).info();
    EntryInfo loud = Samples.blob(random, 50).info();
    database.failsAfter = true;
    await(new StoreRequest.Note(List.of(silent), false));
    database.failsAfter = false;
    assertEquals(List.of(entry.info()), outcomes(await(keep(entry)).changes()));
    StoreReply<?> noted = await(new StoreRequest.Note(List.of(loud), true));
    assertEquals(List.of(silent, loud), outcomes(noted.changes()));
    assertWhatWasToldIsThere();
  }

  @Test
  void whateverFailsTheBooksAgree() throws Exception {
    List<Entry> few = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      few.add(Samples.record(Samples.id(random), i, Samples.bytes(random, 300 * i)));
    }
    for (int round = 0; round < 5; round++) {
      database.failsBefore = random.nextBoolean();
      database.failsAfter = true;
      write(few, round);
      database.failsBefore = false;
      database.failsAfter = false;
      untilItWorks();
      for (int i = 0; i < 10; i++) {
        write(few, 100 + i);
      }
    }
    assertWhatWasToldIsThere();
  }

  private void write(List<Entry> few, int stamp) throws InterruptedException {
    Entry entry = few.get(random.nextInt(few.size()));
    Entry later = Samples.record(entry.id(), stamp, entry.bytes());
    await(keep(later, entry));
    await(new StoreRequest.Note(List.of(later.info()), random.nextBoolean()));
    await(new StoreRequest.Drop(List.of(later.info())));
  }

  /** The database is opened anew at most once a second. */
  private void untilItWorks() throws InterruptedException {
    long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
    boolean kept;
    do {
      Entry entry = Samples.blob(random, 10);
      kept = !await(keep(entry)).hasFailed();
      assertTrue(System.nanoTime() - deadlineNanos < 0);
    } while (!kept);
    await(new StoreRequest.Note(List.of(Samples.blob(random, 10).info()), true));
  }

  private static StoreRequest.Keep keep(Entry... entries) {
    return new StoreRequest.Keep(List.of(entries));
  }

  private StoreReply<?> await(StoreRequest.Write<?> request) throws InterruptedException {
    jobs.put(Job.Writing.of(++tickets, request));
    Event event = events.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    if (!(event instanceof Event.StoreDone done) || done.ticket() != tickets) {
      throw new AssertionError("not the reply to " + tickets + ": " + event);
    }
    List<Change> changes = done.reply().changes();
    if (request.book() == Book.HELD) {
      told.addAll(changes);
    }
    apply(changes, request.book() == Book.HELD ? held : watched);
    return done.reply();
  }

  private static void apply(List<Change> changes, Index index) {
    for (Change change : changes) {
      change.before().ifPresent(index::remove);
      change.after().ifPresent(index::add);
    }
  }

  private static List<EntryInfo> outcomes(List<Change> changes) {
    return changes.stream().map(change -> change.after().orElseThrow()).toList();
  }

  private void assertWhatWasToldIsThere() throws Exception {
    assertEquals(
        told, database.read(tables -> Journal.read(tables, Family.JOURNAL, 0, Integer.MAX_VALUE)));
    Arc ring = Arc.wholeRing(Id.ZERO);
    assertEquals(rows(Book.HELD).summary(ring), held.summary(ring));
    assertEquals(rows(Book.WATCHED).summary(ring), watched.summary(ring));
  }

  private Index rows(Book book) throws Exception {
    return database.read(
        tables -> {
          try (Rows rows = new Rows(tables, book)) {
            return Index.of(Asked.KEY, () -> rows);
          }
        });
  }
}
