package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import org.ringslice.messages.Id;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One open handle of the database. After a failed write the handle stays failed, reads excepted.
 * May be used by any thread, but by none once it is closed: {@link Database} sees to that.
 */
final class Tables implements AutoCloseable {
  /** What this version writes. */
  private static final long FORMAT = 3;

  /**
   * The first had no journals and no sums, which are begun when it is opened; the second wrote
   * blocks without headers, which are read as they are, and never appended to.
   */
  private static final long FORMAT_MIN = 1;

  private static final byte[] FORMAT_KEY = "format".getBytes(US_ASCII);
  private static final byte[] OPENED = "opened".getBytes(US_ASCII);
  private static final byte[] COMMITS_KEY = "commits".getBytes(US_ASCII);

  private static final int BUFFERS_MAX = 3;
  private static final long CACHE_BYTES = 32 << 20;

  /**
   * The cache in one piece: in RocksDB's own 64 no filter and no index of a table of a million rows
   * has room, so that each look-up read them anew (60 us instead of 4, measured).
   */
  private static final int CACHE_SHARD_BITS = 0;

  // As measured to do well with synced groups; see NOTES.md.
  private static final long WAL_BYTES_MAX = 128 << 20;
  private static final int BACKGROUND_JOBS_MAX = 2;
  private static final int OPEN_FILES_MAX = 256;

  /** What a disk reads nearly as fast as the next byte. A guess. */
  private static final long READ_AHEAD_BYTES = 2 << 20;

  private static final double BLOOM_BITS_PER_KEY = 10;

  private final Deque<AbstractImmutableNativeReference> natives = new ArrayDeque<>();
  private final LRUCache cache = own(new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS));
  private final RocksDB db;
  private final EnumMap<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final WriteOptions synced;
  private final WriteOptions quickly;
  private final ReadOptions through;

  /** The store is whole, but of another version. */
  static final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    FormatException(String sentence) {
      super(sentence);
    }
  }

  private Tables(Path folder, boolean readOnly) throws RocksDBException, IOException {
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    try {
      DBOptions options = own(options());
      List<ColumnFamilyDescriptor> wanted = new ArrayList<>();
      for (Family family : Family.values()) {
        wanted.add(new ColumnFamilyDescriptor(family.title(), options(family)));
      }
      String path = folder.toString();
      db =
          own(
              readOnly
                  ? RocksDB.openReadOnly(options, path, wanted, opened)
                  : RocksDB.open(options, path, wanted, opened));
      for (Family family : Family.values()) {
        families.put(family, own(opened.get(family.ordinal())));
      }
      synced = own(new WriteOptions().setSync(true));
      quickly = own(new WriteOptions().setDisableWAL(true));
      through = own(new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES));
      if (!readOnly) {
        beginLog(own(new WriteOptions()));
      }
      checkFormat();
    } catch (RocksDBException | IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static Tables open(Path folder) throws RocksDBException, IOException {
    Files.createDirectories(folder);
    return new Tables(folder, false);
  }

  /** For a disk so full that the database can't be opened to write. */
  static Tables openReadOnly(Path folder) throws RocksDBException, IOException {
    return new Tables(folder, true);
  }

  /** Writes a record that changes nothing, so that a log without one is known to have lost it. */
  private void beginLog(WriteOptions how) throws RocksDBException {
    try (WriteBatch note = new WriteBatch()) {
      note.putLogData(OPENED);
      db.write(how, note);
    }
  }

  /** What a family has under a key, or null. */
  byte[] get(Family family, byte[] key) throws RocksDBException {
    return db.get(families.get(family), key);
  }

  /** The row of what is held under an id, or null. */
  IndexRow row(Id id) throws RocksDBException, IOException {
    byte[] value = get(Family.INDEX, id.toBytes());
    return value == null ? null : IndexRow.decode(id, value);
  }

  /** The row of an id that was given up, or null. */
  IndexRow damagedRow(Id id) throws RocksDBException, IOException {
    byte[] value = get(Family.DAMAGED, id.toBytes());
    return value == null ? null : IndexRow.decode(id, value);
  }

  /** The first rows that were given up. */
  List<IndexRow> damagedRows(int count) throws RocksDBException, IOException {
    List<IndexRow> found = new ArrayList<>();
    try (RocksIterator all = iterate(Family.DAMAGED)) {
      for (all.seekToFirst(); all.isValid() && found.size() < count; all.next()) {
        found.add(IndexRow.decode(Id.of(all.key()), all.value()));
      }
      all.status();
    }
    return found;
  }

  /** How many rows were given up. */
  long damagedCount() throws RocksDBException {
    long count = 0;
    try (RocksIterator all = iterate(Family.DAMAGED)) {
      for (all.seekToFirst(); all.isValid(); all.next()) {
        count++;
      }
      all.status();
    }
    return count;
  }

  /** The bytes of a small entry, or null. */
  byte[] value(Id id) throws RocksDBException {
    return get(Family.VALUES, id.toBytes());
  }

  /** All of a family, in the order of its keys, as it is now. To be closed. */
  RocksIterator iterate(Family family) {
    return db.newIterator(families.get(family));
  }

  /** The same, for those who go through very much of it once. To be closed. */
  RocksIterator iterateThrough(Family family) {
    return db.newIterator(families.get(family), through);
  }

  List<Segment> segments() throws RocksDBException, IOException {
    List<Segment> found = new ArrayList<>();
    try (RocksIterator all = iterate(Family.SEGMENTS)) {
      for (all.seekToFirst(); all.isValid(); all.next()) {
        found.add(Segment.decode(all.key(), all.value()));
      }
      all.status();
    }
    return found;
  }

  /** The number of the last batch that was committed. */
  long commits() throws RocksDBException {
    return number(COMMITS_KEY);
  }

  /** A set of changes that become durable together, or not at all. To be closed. */
  final class Batch implements AutoCloseable {
    private final WriteBatch writes = new WriteBatch();

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
      writes.put(families.get(family), key, value);
    }

    void delete(Family family, byte[] key) throws RocksDBException {
      writes.delete(families.get(family), key);
    }

    /**
     * @param end excluded
     */
    void deleteRange(Family family, byte[] begin, byte[] end) throws RocksDBException {
      writes.deleteRange(families.get(family), begin, end);
    }

    void put(BlockLog.Changes changes) throws RocksDBException {
      for (Segment segment : changes.present()) {
        put(Family.SEGMENTS, segment.key(), segment.value());
      }
      for (int number : changes.gone()) {
        delete(Family.SEGMENTS, new Segment(number, 0, 0).key());
      }
    }

    void putFormat() throws RocksDBException {
      put(Family.STATE, FORMAT_KEY, bytes(FORMAT));
    }

    /** Gives the batch a number, by which {@link #commits} tells that it was committed. */
    void putCommits(long number) throws RocksDBException {
      put(Family.STATE, COMMITS_KEY, bytes(number));
    }

    /** Makes all of it durable: one sync. */
    void commit() throws RocksDBException {
      db.write(synced, writes);
    }

    @Override
    public void close() {
      writes.close();
    }
  }

  Batch batch() {
    return new Batch();
  }

  /** Writes a row that need not be durable before {@link #flush}. */
  void putQuickly(Family family, byte[] key, byte[] value) throws RocksDBException {
    db.put(families.get(family), quickly, key, value);
  }

  /** Deletes a row; durable with {@link #flush}. */
  void deleteQuickly(Family family, byte[] key) throws RocksDBException {
    db.delete(families.get(family), quickly, key);
  }

  /** Reads all tables. */
  void verify() throws RocksDBException {
    db.verifyChecksum();
  }

  /** Makes all durable that was written quickly. */
  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, List.copyOf(families.values()));
    }
    beginLog(synced); // there is a new one now
  }

  private void checkFormat() throws RocksDBException, IOException {
    long found = number(FORMAT_KEY);
    if (found != 0 && (found < FORMAT_MIN || found > FORMAT)) {
      throw new FormatException(
          "it has format " + found + " and this version of Ringslice reads only up to " + FORMAT);
    }
  }

  private long number(byte[] key) throws RocksDBException {
    byte[] value = get(Family.STATE, key);
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static DBOptions options() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setMaxTotalWalSize(WAL_BYTES_MAX)
        .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(1 << 20)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0);
  }

  private ColumnFamilyOptions options(Family family) {
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
            .setCacheIndexAndFilterBlocks(true)
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setPinTopLevelIndexAndFilter(true);
    return own(
        new ColumnFamilyOptions()
            .setTableFormatConfig(tables)
            .setWriteBufferSize(family.bufferBytes())
            .setMaxWriteBufferNumber(BUFFERS_MAX)
            .setCompressionType(CompressionType.LZ4_COMPRESSION));
  }

  private <T extends AbstractImmutableNativeReference> T own(T handle) {
    natives.push(handle);
    return handle;
  }

  /** Closes in the reverse order: families before their database, and that before its options. */
  @Override
  public void close() {
    while (!natives.isEmpty()) {
      natives.pop().close();
    }
  }
}
