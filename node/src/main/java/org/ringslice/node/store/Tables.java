package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
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
  /** What this version writes, and the only thing that it reads. */
  private static final long FORMAT = 1;

  private static final byte[] FORMAT_KEY = "format".getBytes(US_ASCII);
  private static final byte[] LIVING_KEY = "living".getBytes(US_ASCII);

  // The memory of the database: at most 3 buffers each of the index and the values, and the cache.
  private static final long INDEX_BUFFER_BYTES = 8 << 20;
  private static final long VALUES_BUFFER_BYTES = 16 << 20;
  private static final int BUFFERS_MAX = 3;
  private static final long CACHE_BYTES = 32 << 20;

  // As measured to do well with synced groups; see NOTES.md.
  private static final long WAL_BYTES_MAX = 128 << 20;
  private static final int BACKGROUND_JOBS_MAX = 2;
  private static final int OPEN_FILES_MAX = 256;
  private static final double BLOOM_BITS_PER_KEY = 10;

  private final Deque<AbstractImmutableNativeReference> natives = new ArrayDeque<>();
  private final LRUCache cache = own(new LRUCache(CACHE_BYTES));
  private final RocksDB db;
  private final ColumnFamilyHandle state;
  private final ColumnFamilyHandle index;
  private final ColumnFamilyHandle values;
  private final ColumnFamilyHandle segments;
  private final WriteOptions synced;

  /** The store is whole, but of another version. */
  static final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    FormatException(String sentence) {
      super(sentence);
    }
  }

  private Tables(Path folder, boolean readOnly) throws RocksDBException, IOException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      DBOptions options = own(options());
      ColumnFamilyOptions small = family(INDEX_BUFFER_BYTES);
      ColumnFamilyOptions large = family(VALUES_BUFFER_BYTES);
      List<ColumnFamilyDescriptor> wanted =
          List.of(
              new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small),
              new ColumnFamilyDescriptor("index".getBytes(US_ASCII), small),
              new ColumnFamilyDescriptor("values".getBytes(US_ASCII), large),
              new ColumnFamilyDescriptor("segments".getBytes(US_ASCII), small));
      String path = folder.toString();
      db =
          own(
              readOnly
                  ? RocksDB.openReadOnly(options, path, wanted, families)
                  : RocksDB.open(options, path, wanted, families));
      families.forEach(this::own);
      state = families.get(0);
      index = families.get(1);
      values = families.get(2);
      segments = families.get(3);
      synced = own(new WriteOptions().setSync(true));
      checkFormat(readOnly);
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

  /** The row of an id, or null. */
  IndexRow row(Id id) throws RocksDBException, IOException {
    byte[] value = db.get(index, id.toBytes());
    return value == null ? null : IndexRow.decode(id, value);
  }

  /** The bytes of a small entry, or null. */
  byte[] value(Id id) throws RocksDBException {
    return db.get(values, id.toBytes());
  }

  /** All rows, ordered by id, as they are now. To be closed. */
  RocksIterator rows() {
    return db.newIterator(index);
  }

  List<Segment> segments() throws RocksDBException, IOException {
    List<Segment> found = new ArrayList<>();
    try (RocksIterator all = db.newIterator(segments)) {
      for (all.seekToFirst(); all.isValid(); all.next()) {
        found.add(Segment.decode(all.key(), all.value()));
      }
      all.status();
    }
    return found;
  }

  long living() throws RocksDBException {
    return number(LIVING_KEY);
  }

  /** A set of changes that become durable together, or not at all. To be closed. */
  final class Batch implements AutoCloseable {
    private final WriteBatch writes = new WriteBatch();

    void put(IndexRow row) throws RocksDBException {
      writes.put(index, row.info().id().toBytes(), row.encode());
    }

    void putValue(Id id, byte[] bytes) throws RocksDBException {
      writes.put(values, id.toBytes(), bytes);
    }

    void deleteValue(Id id) throws RocksDBException {
      writes.delete(values, id.toBytes());
    }

    void put(BlockLog.Changes changes) throws RocksDBException {
      for (Segment segment : changes.present()) {
        writes.put(segments, segment.key(), segment.value());
      }
      for (int number : changes.gone()) {
        writes.delete(segments, new Segment(number, 0, 0).key());
      }
    }

    void putLiving(long count) throws RocksDBException {
      writes.put(state, LIVING_KEY, bytes(count));
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

  private void checkFormat(boolean readOnly) throws RocksDBException, IOException {
    long found = number(FORMAT_KEY);
    if (found == 0 && !readOnly) {
      db.put(state, synced, FORMAT_KEY, bytes(FORMAT));
    } else if (found != FORMAT) {
      throw new FormatException(
          "it has format " + found + " and this version of Ringslice reads only " + FORMAT);
    }
  }

  private long number(byte[] key) throws RocksDBException {
    byte[] value = db.get(state, key);
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

  private ColumnFamilyOptions family(long bufferBytes) {
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
            .setCacheIndexAndFilterBlocks(true);
    return own(
        new ColumnFamilyOptions()
            .setTableFormatConfig(tables)
            .setWriteBufferSize(bufferBytes)
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
