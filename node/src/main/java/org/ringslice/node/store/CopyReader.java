package org.ringslice.node.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads copies, and sees to those that can't be read. What it returns it has verified: bytes that
 * are not those that were stored are damage, not an item. For one thread, which must never be
 * interrupted.
 */
final class CopyReader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyReader.class);

  private final Database database;
  private final Damage damage;
  private final SegmentReader segments;
  private final Consumer<Job.GiveUp> writer;

  /** What is read of a row; told apart from the disk's own failures. */
  @FunctionalInterface
  private interface Attempt<T> {
    T read(IndexRow row) throws RocksDBException, IOException;
  }

  /** A copy can't be read. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(Path folder, Id id) {
      super(DiskTrouble.damagedItem(folder, id), null, false, false);
    }
  }

  /**
   * @param writer takes what is to be given up
   */
  CopyReader(Database database, Damage damage, Consumer<Job.GiveUp> writer) {
    this.database = database;
    this.damage = damage;
    this.writer = writer;
    this.segments = new SegmentReader(Database.blocks(database.folder()));
  }

  /** The living entry of an id. */
  Optional<Entry> load(Id id) throws RocksDBException, IOException, DamagedException {
    return readPresent(id, database.read(tables -> tables.row(id)), this::entry);
  }

  private boolean isGivenUp(Id id) throws RocksDBException, IOException {
    return database.read(tables -> tables.damagedRow(id)) != null;
  }

  /** The entry of a row; nothing when it was replaced in the meantime. */
  Optional<Entry> load(IndexRow row) throws RocksDBException, IOException, DamagedException {
    return readPresent(row.info().id(), row, seen -> seen.equals(row) ? entry(seen) : null);
  }

  /** Whether the bytes of a row, or of one that took its place, are known to be there. */
  boolean verify(IndexRow row, Verified.Glance glance) throws RocksDBException, IOException {
    return glance.has(row) || read(row, glance);
  }

  /** The same, read now whatever is known; a row that is gone by now is well. */
  boolean read(IndexRow row, Verified.Glance glance) throws RocksDBException, IOException {
    try {
      readPresent(
          row.info().id(),
          row,
          seen -> {
            check(seen);
            glance.add(seen);
            return seen;
          });
      return true;
    } catch (DamagedException e) {
      return false;
    }
  }

  /** Whether a row that was given up can be read after all. */
  boolean isReadable(IndexRow row) {
    try {
      check(row);
      return true;
    } catch (RocksDBException | IOException e) {
      return false;
    }
  }

  private <T> Optional<T> readPresent(Id id, IndexRow first, Attempt<T> attempt)
      throws RocksDBException, IOException, DamagedException {
    IndexRow row = first;
    while (row != null && row.info().alive()) {
      try {
        return Optional.ofNullable(attempt.read(row));
      } catch (RocksDBException | IOException e) {
        IndexRow now = database.read(tables -> tables.row(id));
        if (row.equals(now)) {
          return Optional.ofNullable(again(row, attempt, e));
        }
        row = now; // the writer replaced it meanwhile, and took its bytes away
      }
    }
    if (row == null && damage.givenUp() > 0 && isGivenUp(id)) {
      throw new DamagedException(database.folder(), id);
    }
    return Optional.empty();
  }

  /** Looks again before it tells, lest the writer has healed it in the meantime. */
  private <T> T again(IndexRow row, Attempt<T> attempt, Exception cause) throws DamagedException {
    boolean news = damage.note(row);
    try {
      if (row.where() == IndexRow.Where.SEGMENT) {
        segments.reopen(row.segment());
      }
      T healed = attempt.read(row);
      if (news) {
        damage.forget(row);
      }
      return healed;
    } catch (RocksDBException | IOException e) {
      DamagedException failure = new DamagedException(database.folder(), row.info().id());
      if (news) {
        damage.tell(LOG, failure.getMessage(), cause);
        writer.accept(new Job.GiveUp(row));
      }
      throw failure;
    }
  }

  private Entry entry(IndexRow row) throws RocksDBException, IOException {
    return row.entryOf(
        row.where() == IndexRow.Where.SEGMENT ? segments.read(row) : value(row.info().id()));
  }

  private void check(IndexRow row) throws RocksDBException, IOException {
    boolean intact =
        row.where() == IndexRow.Where.SEGMENT
            ? segments.isIntact(row)
            : row.isOf(value(row.info().id()));
    if (!intact) {
      throw new IOException("the bytes are not those that were stored");
    }
  }

  private Bytes value(Id id) throws RocksDBException, IOException {
    byte[] value = database.read(tables -> tables.value(id));
    if (value == null) {
      throw new IOException("its bytes are gone");
    }
    return Bytes.wrap(value);
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }
}
