package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index of a store anew, out of all that can be read of a damaged one and of the
 * segments, so that a fault costs what it touches.
 *
 * <ol>
 *   <li>The write-ahead logs: the last word of what was written lately, in its order.
 *   <li>Each table by itself, rows before values. Nobody knows any more which table is newer, so
 *       old rows are found again beside new ones; {@link Gathering} tells them apart.
 *   <li>The blocks of all segments, by their headers. What no row names is believed when its
 *       SHA-256 is its id.
 * </ol>
 *
 * <p>What a row says was deleted stays deleted. The copy of an item may come back that was dropped
 * because others hold it, or of which no row tells any more that it was deleted: other nodes tell.
 * Journals begin anew under other numbers, so that followers compare and cursors of watchers are
 * refused; the watched book is kept as far as it can be read, for it spares the comparing.
 *
 * <p>Nothing of the damaged index is changed: the new one grows beside it, and takes its place when
 * it is whole ({@link IndexFolder}). The disk needs room for both.
 */
final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  /**
   * The new index may be so much larger than the old one, since it is not compacted yet. A guess.
   */
  private static final int GROWTH = 2;

  /** And has so much beside: logs, and tables that are being merged. A guess. */
  private static final long ROOM_BYTES = 64 << 20;

  private final Path store;
  private final Path index;
  private final NavigableMap<Integer, Path> files;
  private final Tables fresh;
  private final Gathering gathering;

  // of the segments that are there
  private final Map<Integer, Long> liveBytes = new HashMap<>();
  private int lastSegment;

  private long living;
  private long unreadable;

  // rows of segments that are not there: these died long ago, most likely
  private long ofNoFile;

  /**
   * What came of it.
   *
   * @param living items of which the new index says that they are there
   * @param unreadable of these, items of which not all bytes are there
   */
  record Outcome(long living, long unreadable) {}

  private Rebuild(
      Path store, NavigableMap<Integer, Path> files, Tables fresh, SegmentReader segments) {
    this.store = store;
    this.index = IndexFolder.of(store);
    this.files = files;
    this.fresh = fresh;
    this.gathering = new Gathering(fresh, segments);
  }

  /**
   * Makes the index of this store anew.
   *
   * @param source what is open of it, and is closed before the new one takes its place; null when
   *     it can't be opened. Where it is open only rows in bad blocks are missing, and no old ones
   *     come up
   */
  static Outcome run(Path store, Tables source) throws RocksDBException, IOException {
    checkRoom(store);
    Path building = IndexFolder.building(store);
    IndexFolder.delete(building);
    NavigableMap<Integer, Path> files = SegmentNames.in(Database.blocks(store));
    Outcome outcome;
    try (Tables fresh = Tables.open(building);
        SegmentReader segments = new SegmentReader(Database.blocks(store))) {
      outcome = new Rebuild(store, files, fresh, segments).all(source);
    } finally {
      if (source != null) {
        source.close();
      }
    }
    IndexFolder.install(store);
    return outcome;
  }

  private static void checkRoom(Path store) throws IOException {
    long wantedBytes = GROWTH * IndexFolder.sizeBytes(IndexFolder.of(store)) + ROOM_BYTES;
    if (store.toFile().getUsableSpace() < wantedBytes) {
      throw new IOException(
          "No space left: the index is to be made anew, and takes up to " + wantedBytes + " bytes");
    }
  }

  private Outcome all(Tables source) throws RocksDBException, IOException {
    boolean complete = false;
    if (source != null) {
      complete = readThrough(source);
    } else if (Files.isDirectory(index)) {
      readLogs();
      for (Path table : TableFile.in(index)) {
        readTable(table, false);
      }
      for (Path table : TableFile.in(index)) {
        readTable(table, true);
      }
    }
    if (!complete) {
      for (Map.Entry<Integer, Path> segment : files.entrySet()) {
        readBlocks(segment.getKey(), segment.getValue());
      }
    }
    countRows();
    putSegments();
    LOG.info("{} rows of {} named segments that are not there", ofNoFile, store);
    return new Outcome(living, unreadable);
  }

  /** Reads what the database has; whether it has all rows. */
  private boolean readThrough(Tables source) throws RocksDBException, IOException {
    List<Interval> gaps = readFamily(source, Family.INDEX, Id.BYTES, gathering::row);
    gathering.lacksOnly(gaps, true);
    if (!gaps.isEmpty()) {
      List<Interval> end = readFamily(source, Family.JOURNAL, Long.BYTES, gathering::line);
      gathering.lacksOnly(gaps, end.isEmpty());
    }
    if (!readFamily(source, Family.VALUES, Id.BYTES, gathering::value).isEmpty()) {
      gathering.lacksOnly(gaps, false); // what follows is in no order
      for (Path table : TableFile.in(index)) {
        readTable(table, true);
      }
    }
    if (!readFamily(source, Family.WATCHED, Id.BYTES, gathering::watched).isEmpty()) {
      readFamily(source, Family.WATCHED_JOURNAL, Long.BYTES, gathering::watchedLine);
    }
    return gaps.isEmpty();
  }

  /** Reads a family; where it could not be read. */
  private static List<Interval> readFamily(
      Tables source, Family family, int keyBytes, SoundRows.Taker rows)
      throws RocksDBException, IOException {
    try (SoundRows all =
        new SoundRows(() -> source.iterateThrough(family), "the " + family, keyBytes)) {
      all.forEach(rows);
      return all.gaps();
    }
  }

  private void readLogs() throws RocksDBException, IOException {
    LoggedRows rows = new LoggedRows(fresh);
    WriteAheadLog.readAll(index, record -> LoggedBatch.read(record, rows));
  }

  private void readTable(Path file, boolean values) throws RocksDBException, IOException {
    try (TableFile table = new TableFile(file)) {
      Optional<Family> family = table.family();
      if (values && (family.isEmpty() || family.get() == Family.VALUES)) {
        List<Interval> lacking = table.forEach(Id.BYTES, gathering::value);
        if (!lacking.isEmpty()) {
          readRaw(file);
        }
      } else if (!values && family.isEmpty()) {
        table.forEach(Id.BYTES, gathering::rowOrNot);
      } else if (!values) {
        readRows(table, family.get());
      }
    } catch (RocksDBException e) {
      if (values) {
        LOG.warn("{} can't be opened; only values that prove their ids are taken of it", file, e);
        readRaw(file);
      }
    }
  }

  /** What can be found of a table without its own index must prove itself, as a value does. */
  private void readRaw(Path file) throws RocksDBException {
    try {
      RawTable.forEach(file, gathering::value);
    } catch (IOException e) {
      LOG.warn("nothing can be read of {}", file, e);
    }
  }

  private void readRows(TableFile table, Family family) throws RocksDBException, IOException {
    switch (family) {
      case INDEX -> table.forEach(Id.BYTES, gathering::row);
      case JOURNAL -> table.forEach(Long.BYTES, gathering::line);
      case WATCHED -> table.forEach(Id.BYTES, gathering::watched);
      default -> {} // made anew
    }
  }

  private void readBlocks(int number, Path file) throws RocksDBException {
    try (BlockScan scan = new BlockScan(file, 0)) {
      while (scan.next()) {
        gathering.block(scan, number);
      }
    } catch (IOException e) {
      LOG.warn("{} can't be read", file, e);
    }
  }

  /** Counts what is there, and forgets rows of segments that are not. */
  private void countRows() throws RocksDBException, IOException {
    try (RowCursor rows = RowCursor.through(fresh, Book.HELD)) {
      for (rows.seek(Id.ZERO); rows.isValid(); rows.next()) {
        IndexRow row = rows.row(rows.id());
        lastSegment = Math.max(lastSegment, row.segment());
        if (row.isLost()) {
          living++;
          unreadable++;
        } else if (isOfNoFile(row)) {
          fresh.deleteQuickly(Family.INDEX, row.info().id().toBytes());
          ofNoFile++;
        } else if (row.info().alive()) {
          count(row);
        }
      }
    }
  }

  private boolean isOfNoFile(IndexRow row) {
    return row.where() == IndexRow.Where.SEGMENT && !files.containsKey(row.segment());
  }

  private void count(IndexRow row) throws RocksDBException, IOException {
    living++;
    if (row.where() == IndexRow.Where.VALUES) {
      unreadable += fresh.value(row.info().id()) == null ? 1 : 0;
      return;
    }
    liveBytes.merge(row.segment(), (long) row.info().size(), Long::sum);
    long endBytes = (long) row.offset() + row.info().size();
    unreadable += endBytes > Files.size(files.get(row.segment())) ? 1 : 0;
  }

  /** The list of segments, and behind them a new one: nothing is appended to those that are. */
  private void putSegments() throws RocksDBException, IOException {
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      int number = file.getKey();
      lastSegment = Math.max(lastSegment, number);
      long live = liveBytes.getOrDefault(number, 0L);
      if (live == 0 && BlockScan.first(file.getValue()) == null) {
        setAside(file.getValue());
      } else {
        put(new Segment(number, Files.size(file.getValue()), live));
      }
    }
    put(new Segment(lastSegment + 1, 0, 0));
    fresh.flush();
  }

  private void put(Segment segment) throws RocksDBException {
    fresh.putQuickly(Family.SEGMENTS, segment.key(), segment.value());
  }

  /** A segment whose blocks have no names, and no rows any more. */
  private void setAside(Path file) throws IOException {
    if (Files.size(file) == 0) {
      Files.delete(file);
      return;
    }
    Path aside = Files.createDirectories(store.resolve("blocks.unnamed"));
    Files.move(file, aside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    LOG.warn(
        "{} has bytes that nothing names any more, and was moved to {}; delete it when all items"
            + " are there",
        file,
        aside);
  }
}
