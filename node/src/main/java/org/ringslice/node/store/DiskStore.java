package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.port.ContentReader;
import org.ringslice.node.port.EventSink;
import org.ringslice.node.port.ItemStore;
import org.ringslice.sync.EntryDigest;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in a folder of a disk; what is in the folder, the package says. It queues each request
 * and returns at once: writes go to the {@link Writer}, everything else to the {@link Reader}s, so
 * that a read waits for no sync, and from there to the {@link LongReader} what takes long and to
 * the {@link Verifier} what is to be read before it is said to be there. Past the limits below, a
 * request is answered with the failure "the disk is behind; try again".
 *
 * <p>All methods but {@link #living} are called by one thread, the node's loop. The sink is called
 * by the threads of the store.
 */
public final class DiskStore implements ItemStore {
  private static final Logger LOG = LoggerFactory.getLogger(DiskStore.class);

  /** Writes that wait or are being written. A guess: four full groups of the smallest keeps. */
  private static final int WRITES_MAX = 4096;

  /** Bytes of these. A quarter of a heap of 256 MB, and eight full groups. */
  private static final long WRITE_BYTES_MAX = 64 << 20;

  /** Reads that wait. A guess. */
  private static final int READS_MAX = 4096;

  /**
   * Bytes of saved indexes that wait to be written; one is always taken. Past that, the next start
   * makes do with the one before. Seven million entries.
   */
  private static final long SAVE_BYTES_MAX = 64 << 20;

  /** Threads that read: two, so that a look need not wait for a cold block. A guess. */
  private static final int READERS = 2;

  /**
   * Free space that is left to the database for merging its tables, and to deletes: twice all its
   * write buffers. A guess.
   */
  static final long RESERVE_BYTES = 128 << 20;

  /**
   * What was asked is finished within this time of a close, or left to the next start to find
   * undone.
   */
  private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final JobQueue writes = new JobQueue(WRITES_MAX, WRITE_BYTES_MAX);
  private final JobQueue reads = new JobQueue(READS_MAX, Long.MAX_VALUE);
  private final JobQueue longReads = new JobQueue(READS_MAX, Long.MAX_VALUE);

  // asked within what the readers and the writer take
  private final JobQueue checks = new JobQueue(READS_MAX, Long.MAX_VALUE);

  private final Database database;
  private final Writer writer;
  private final Verifier verifier;
  private final List<Thread> readers = new ArrayList<>();
  private final List<Thread> others = new ArrayList<>();
  private final Books books;
  private volatile boolean closed;
  private volatile boolean abandoned;

  private DiskStore(
      Database database,
      Books books,
      List<StoreRequest.SaveIndex> unsaved,
      EventSink sink,
      long reserveBytes,
      boolean scrubsFully)
      throws RocksDBException, IOException {
    this.database = database;
    this.books = books;
    Damage damage = new Damage();
    damage.counted(database.tables().damagedCount());
    Verified verified = new Verified(Database.blocks(database.folder()));
    Compaction compaction = new Compaction(database, writes, longReads, reserveBytes);
    writer = new Writer(writes, database, damage, verified, compaction, checks, sink, reserveBytes);
    boolean isEmpty = writer.living() == 0 && damage.givenUp() == 0;
    ScrubState state =
        ScrubState.open(
            database.folder(),
            isEmpty,
            scrubsFully,
            database.foundFaults(),
            System.currentTimeMillis());
    Scrub scrub = new Scrub(database, damage, verified, state, scrubsFully, this::amend);
    if (isEmpty) {
      verified.passedAll();
    }
    Supplier<CopyReader> copies = () -> new CopyReader(database, damage, this::amend);
    for (int i = 1; i <= READERS; i++) {
      Reader reader =
          new Reader(reads, longReads, checks, database, damage, verified, copies.get(), sink);
      readers.add(start(reader, "store-reader-" + i));
    }
    others.add(start(writer, "store-writer"));
    others.add(
        start(
            new LongReader(
                longReads, database, books, unsaved, damage, compaction, copies.get(), sink),
            "store-long-reader"));
    verifier =
        new Verifier(checks, writes, database, damage, verified, copies.get(), scrub, writer, sink);
    others.add(start(verifier, "store-verifier"));
  }

  /** Past no limit: there are no more of these than are noted. */
  private void amend(Job.Amend amend) {
    writes.offer(amend, Long.MAX_VALUE);
  }

  private static Thread start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Opens the store in this folder, which is made if it is not there.
   *
   * @throws IOException with a sentence for people: the folder is in use, can't be written to, is
   *     damaged, …
   */
  public static DiskStore open(Path folder, EntryDigest key, EventSink sink) throws IOException {
    return open(folder, key, ContentReader.NONE, sink, false);
  }

  /**
   * The same.
   *
   * @param contents reads what is kept from then on
   * @param scrubsFully whether to begin with reading everything, as fast as the disk can
   */
  public static DiskStore open(
      Path folder, EntryDigest key, ContentReader contents, EventSink sink, boolean scrubsFully)
      throws IOException {
    return open(folder, key, contents, sink, RESERVE_BYTES, BlockLog.SEGMENT_BYTES, scrubsFully);
  }

  static DiskStore open(
      Path folder,
      EntryDigest key,
      EventSink sink,
      long reserveBytes,
      int segmentBytes,
      boolean scrubsFully)
      throws IOException {
    return open(folder, key, ContentReader.NONE, sink, reserveBytes, segmentBytes, scrubsFully);
  }

  private static DiskStore open(
      Path folder,
      EntryDigest key,
      ContentReader contents,
      EventSink sink,
      long reserveBytes,
      int segmentBytes,
      boolean scrubsFully)
      throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    Database database = new Database(absolute, segmentBytes, key, contents);
    try {
      Stocktaking stocktaking = new Stocktaking(database, key);
      Books books = stocktaking.books();
      List<StoreRequest.SaveIndex> unsaved = stocktaking.unsaved();
      return new DiskStore(database, books, unsaved, sink, reserveBytes, scrubsFully);
    } catch (RocksDBException | IOException e) {
      IOException failure = new IOException(DiskTrouble.ofOpening(absolute, e), e);
      database.abandon(failure);
      throw failure;
    }
  }

  @Override
  public void ask(long ticket, StoreRequest<?> request) {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    if (request instanceof StoreRequest.Read<?> read) {
      reads.put(new Job.Reading(ticket, read));
    } else if (request instanceof StoreRequest.Write<?> write) {
      writes.put(Job.Writing.of(ticket, write));
    } else {
      Job.Saving saving = new Job.Saving(ticket, (StoreRequest.SaveIndex) request);
      longReads.put(saving, SAVE_BYTES_MAX);
    }
  }

  /** What was in the store when it was opened; for one taker, who changes it. */
  public Books books() {
    return books;
  }

  /** The number of living entries that are held, as of the last group that was committed. */
  public long living() {
    return writer.living();
  }

  /** The folder is not this store's any more: its end is not written down there. */
  public void abandon() {
    abandoned = true;
  }

  /**
   * Finishes what was asked and closes. When that takes longer than ten seconds, or the caller is
   * interrupted, the files are left as a kill would leave them.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    writes.stop(1);
    reads.stop(READERS);
    long deadlineNanos = System.nanoTime() + CLOSE_WAIT_NANOS;
    boolean finished = true;
    try {
      finished &= join(readers, deadlineNanos);
      // what the readers left to them comes before
      longReads.stop(1);
      checks.stop(1);
      finished &= join(others, deadlineNanos);
      finished = finished && database.close(deadlineNanos - System.nanoTime());
      if (finished && !abandoned) {
        verifier.closed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finished = false;
    } catch (IOException e) {
      LOG.warn("closing the store in {}", database.folder(), e);
    }
    if (!finished) {
      LOG.warn("the store in {} did not finish what it was asked", database.folder());
    }
  }

  private static boolean join(List<Thread> threads, long deadlineNanos)
      throws InterruptedException {
    boolean finished = true;
    for (Thread thread : threads) {
      TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNanos - System.nanoTime());
      finished &= !thread.isAlive();
    }
    return finished;
  }
}
