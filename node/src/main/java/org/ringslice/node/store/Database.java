package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ringslice.node.event.Book;
import org.ringslice.sync.EntryDigest;
import org.rocksdb.RocksDBException;

/**
 * The tables, the block log and the books of a folder, and how to get over a failed write: then
 * none may be written to again, and all are opened anew while the readers are held off for a
 * moment. When that can't be done the tables stay readable if they can.
 *
 * <p>{@link #tables}, {@link #log}, {@link #ledger}, {@link #commit}, {@link #fail}, {@link
 * #recover} belong to the writer's thread; {@link #read} may be called by any.
 */
class Database {
  private final Path folder;
  private final int segmentBytes;
  private final EntryDigest key;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  // changed under the write lock
  private Tables tables;
  private BlockLog log;
  private Ledger held;
  private Ledger watched;
  private long commits;

  private boolean failed;

  /** Something that is read; may be run again by a caller when what it saw has changed. */
  interface Query<T> {
    T ask(Tables tables) throws RocksDBException, IOException;
  }

  /**
   * @param key under which the books are summed up
   */
  Database(Path folder, int segmentBytes, EntryDigest key) throws IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.key = key;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException(DiskTrouble.ofOpening(folder, e), e);
    }
    NativeCode.load(folder);
    try {
      open();
    } catch (RocksDBException | IOException | UncheckedIOException e) {
      throw new IOException(DiskTrouble.ofOpening(folder, e), e);
    }
  }

  Path folder() {
    return folder;
  }

  static Path blocks(Path folder) {
    return folder.resolve("blocks");
  }

  Tables tables() {
    return tables;
  }

  BlockLog log() {
    return log;
  }

  Ledger ledger(Book book) {
    return book == Book.HELD ? held : watched;
  }

  /** The number of the last batch that was committed. */
  long commits() {
    return commits;
  }

  /** Makes a batch durable, and gives it a number. */
  void commit(Tables.Batch batch, long number) throws RocksDBException {
    batch.putCommits(number);
    batch.commit();
    commits = number;
  }

  <T> T read(Query<T> query) throws RocksDBException, IOException {
    gate.readLock().lock();
    try {
      if (tables == null) {
        throw new IOException("it could not be opened again after a failure");
      }
      return query.ask(tables);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Nothing may be written from now on until {@link #recover}. */
  void fail() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Opens all anew; what was committed is there again, and nothing else. */
  void recover() throws RocksDBException, IOException {
    gate.writeLock().lock();
    try {
      closeHandles();
      try {
        open();
        failed = false;
      } catch (RocksDBException | IOException | UncheckedIOException e) {
        closeHandles();
        readOnly(e);
        throw e;
      }
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void open() throws RocksDBException, IOException {
    tables = Tables.open(folder.resolve("index"));
    try {
      log = new BlockLog(blocks(folder), tables.segments(), segmentBytes);
      commits = tables.commits();
      held = Ledger.open(tables, Book.HELD, key);
      watched = Ledger.open(tables, Book.WATCHED, key);
      try (Tables.Batch batch = tables.batch()) {
        batch.putFormat();
        held.putState(batch);
        watched.putState(batch);
        batch.commit();
      }
    } catch (RocksDBException | IOException | RuntimeException e) {
      closeHandles();
      throw e;
    }
  }

  private void readOnly(Exception cause) {
    try {
      tables = Tables.openReadOnly(folder.resolve("index"));
    } catch (RocksDBException | IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void closeHandles() throws IOException {
    if (tables != null) {
      tables.close();
      tables = null;
    }
    if (log != null) {
      BlockLog closing = log;
      log = null;
      closing.close();
    }
  }

  /** Closes what was just opened, and is of no use for some reason. */
  void abandon(Exception reason) {
    try {
      closeHandles();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Closes, unless a reader is still busy after this time: what it reads must not be closed under
   * it.
   *
   * @return whether it is closed
   */
  boolean close(long waitNanos) throws IOException, InterruptedException {
    if (!gate.writeLock().tryLock(waitNanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      closeHandles();
      return true;
    } finally {
      gate.writeLock().unlock();
    }
  }
}
