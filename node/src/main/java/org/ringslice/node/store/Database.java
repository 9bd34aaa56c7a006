package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ringslice.node.event.Book;
import org.ringslice.node.port.ContentReader;
import org.ringslice.sync.EntryDigest;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables, the block log and the books of a folder, and how to get over a failed write: then
 * none may be written to again, and all are opened anew while the readers are held off for a
 * moment. When that can't be done the tables stay readable if they can.
 *
 * <p>{@link #tables}, {@link #log}, {@link #ledger}, {@link #commit}, {@link #fail}, {@link
 * #recover} belong to the writer's thread; {@link #read} may be called by any.
 */
class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

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
  private DroppedIds dropped;
  private long commits;

  // of this opening of the journals: drawn once, however often the tables must be opened anew
  private final long mark = drawMark();
  private boolean wasOpened;

  // tells the folder of the tables from another of its name; null while it is made anew
  private Object indexKey;

  private boolean failed;

  // any thread may find that the index is damaged
  private volatile String damage;

  // until others may have been told what is in the books
  private boolean isOpening = true;
  private boolean foundFaults;
  private boolean changedByRebuild;

  // of an index that is being made anew
  private Told told;

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

  DroppedIds dropped() {
    return dropped;
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
    } catch (RocksDBException | IOException | UncheckedIOException e) {
      noteDamage(e);
      throw e;
    } finally {
      gate.readLock().unlock();
    }
  }

  private void noteDamage(Exception e) {
    if (IndexFault.isCorruption(e)) {
      damage = String.valueOf(e.getMessage());
    }
  }

  /**
   * Reads all tables; whether they are sound. If not, the index is to be made anew. Any thread may
   * call it, and should do so seldom: it takes as long as the disk takes to read them.
   */
  boolean verifyTables() throws RocksDBException, IOException {
    try {
      read(
          tables -> {
            tables.verify();
            return true;
          });
      return true;
    } catch (RocksDBException e) {
      if (IndexFault.isCorruption(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Whether the folder of the open tables has its name still: what is written to one that was
   * deleted, moved or replaced is gone with the process. Any thread may ask.
   */
  boolean isIndexInPlace() throws IOException {
    gate.readLock().lock();
    try {
      return indexKey == null || indexKey.equals(IndexFolder.key(IndexFolder.of(folder)));
    } finally {
      gate.readLock().unlock();
    }
  }

  /**
   * Whether the index is known to be damaged; {@link #recover} makes it anew. Any thread may ask.
   */
  boolean needsRebuild() {
    return damage != null;
  }

  /**
   * Whether the last opening found that bytes are missing, or made the index anew: then all that is
   * held should be read, to find what was lost.
   */
  boolean foundFaults() {
    return foundFaults;
  }

  /** Whether the books have changed by a rebuild while they were open, and nobody was told how. */
  boolean changedByRebuild() {
    return changedByRebuild;
  }

  /** Nothing may be written from now on until {@link #recover}. */
  void fail(Exception cause) {
    failed = true;
    noteDamage(cause);
  }

  boolean hasFailed() {
    return failed || needsRebuild();
  }

  /**
   * Opens all anew; what was committed is there again, and nothing else. An index that is damaged
   * is made anew; when that leaves the books as they were they go on, but for their journals'
   * lines.
   */
  void recover() throws RocksDBException, IOException {
    gate.writeLock().lock();
    try {
      isOpening = false;
      if (!isIndexInPlace()) {
        // what is there now is somebody else's, and nothing is to be written to it
        throw new IOException(DiskTrouble.indexTaken(folder));
      }
      try {
        if (needsRebuild()) {
          told = told == null ? Told.of(tables) : told;
          rebuild(damage, tables);
        }
        closeHandles();
        open();
        if (told != null) {
          goOn();
          told = null;
        }
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
    IndexFolder.settle(folder);
    if (IndexFolder.lacksSomething(folder)) {
      rebuild("files of it are gone, or what was written last", null);
    }
    try {
      openHandles();
    } catch (RocksDBException | IOException | UncheckedIOException e) {
      if (!IndexFault.stopsOpening(e)) {
        throw e;
      }
      rebuild(String.valueOf(e.getMessage()), null);
      openHandles();
    }
  }

  /**
   * @param source the tables, if they are open
   */
  private void rebuild(String reason, Tables source) throws RocksDBException, IOException {
    LOG.warn("the index of the store in {} is damaged ({}); it is made anew", folder, reason);
    indexKey = null;
    Rebuild.Outcome outcome = Rebuild.run(folder, source);
    LOG.warn(DiskTrouble.rebuilt(folder, reason, outcome));
    damage = null;
    foundFaults = true;
    wasOpened = false; // its journals begin anew
  }

  /** Makes the index anew, right after it was opened and turned out to be senseless. */
  void rebuild(Exception reason) throws RocksDBException, IOException {
    rebuild(String.valueOf(reason.getMessage()), tables);
    closeHandles();
    openHandles();
  }

  /** Keeps the journals that the rest of the node knows, if nothing else has changed. */
  private void goOn() throws RocksDBException {
    Optional<Ledger> sameHeld = told.held(held);
    Optional<Ledger> sameWatched = told.watched(watched);
    if (sameHeld.isEmpty() || sameWatched.isEmpty()) {
      changedByRebuild = true;
      return;
    }
    held = sameHeld.get();
    watched = sameWatched.get();
    commits = told.commits();
    try (Tables.Batch batch = tables.batch()) {
      batch.putCommits(commits);
      held.putOpening(batch);
      watched.putOpening(batch);
      told.putCovered(batch);
      batch.commit();
    }
  }

  private void openHandles() throws RocksDBException, IOException {
    tables = Tables.open(IndexFolder.of(folder));
    try {
      indexKey = IndexFolder.key(IndexFolder.of(folder));
      Orphans orphans = new Orphans(tables);
      log = new BlockLog(blocks(folder), tables.segments(), segmentBytes, adoption(orphans));
      foundFaults |= log.foundFaults();
      commits = tables.commits();
      held = ledger(tables, Book.HELD);
      watched = ledger(tables, Book.WATCHED);
      dropped = DroppedIds.open(tables);
      try (Tables.Batch batch = tables.batch()) {
        batch.putFormat();
        orphans.write(log, held, batch);
        batch.put(log.changes());
        held.putOpening(batch);
        watched.putOpening(batch);
        batch.commit();
      }
      log.committed();
      wasOpened = true;
    } catch (RocksDBException | IOException | RuntimeException e) {
      closeHandles();
      throw e;
    }
  }

  /** Only at the first opening: later nobody would be told. */
  private BlockLog.Adoption adoption(Orphans orphans) {
    return isOpening ? orphans::takes : row -> false;
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
      tables = Tables.openReadOnly(IndexFolder.of(folder));
      indexKey = IndexFolder.key(IndexFolder.of(folder));
    } catch (RocksDBException | IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void closeHandles() throws IOException {
    if (tables != null) {
      if (isIndexInPlace()) {
        tables.close();
      } else {
        // at its end RocksDB would write its list of tables anew, to where it does not find its own
        LOG.debug("the tables of {} are left open", folder);
      }
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
