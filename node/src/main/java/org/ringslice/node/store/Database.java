package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ringslice.node.event.Book;
import org.ringslice.node.port.ContentReader;
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
  private final ContentReader contents;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  // changed under the write lock
  private Tables tables;
  private BlockLog log;
  private Ledger held;
  private Ledger watched;
  private long commits;

  // of this opening of the journals: drawn once, however often the tables must be opened anew
  private final long mark = drawMark();
  private boolean wasOpened;

  private boolean failed;

  /** Something that is read; may be run again by a caller when what it saw has changed. */
  interface Query<T> {
    T ask(Tables tables) throws RocksDBException, IOException;
  }

  /**
   * @param key under which the books are summed up
   */
  Database(Path folder, int segmentBytes, EntryDigest key) throws IOException {
    this(folder, segmentBytes, key, ContentReader.NONE);
  }

  /**
   * @param key under which the books are summed up
   * @param contents reads what is kept
   */
  Database(Path folder, int segmentBytes, EntryDigest key, ContentReader contents)
      throws IOException {
    this.contents = contents;
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.key = key;
    try {
      NativeCode.load();
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      throw new IOException(DiskTrouble.ofLoading(e), e);
    }
    try {
      Files.createDirectories(folder);
      open();
    } catch (RocksDBException | IOException | UncheckedIOException e) {
      throw new IOException(DiskTrouble.ofOpening(folder, e), e);
    }
  }

  private static long drawMark() {
    long drawn = new SecureRandom().nextLong();
    return drawn == 0 ? 1 : drawn;
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

  ContentReader contents() {
    return contents;
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
      held = ledger(tables, Book.HELD);
      watched = ledger(tables, Book.WATCHED);
      try (Tables.Batch batch = tables.batch()) {
        batch.putFormat();
        held.putOpening(batch);
        watched.putOpening(batch);
        batch.commit();
      }
      wasOpened = true;
    } catch (RocksDBException | IOException | RuntimeException e) {
      closeHandles();
      throw e;
    }
  }

  /**
   * Opens a book. What this process has told of its lines is true of no other, so it does not go on
   * with one that took its place meanwhile.
   */
  private Ledger ledger(Tables opened, Book book) throws RocksDBException, IOException {
    if (wasOpened && !Ledger.isMarked(opened, book, mark)) {
      throw new IOException("it was put back or replaced while the node ran; start the node again");
    }
    return Ledger.open(opened, book, key, mark);
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
