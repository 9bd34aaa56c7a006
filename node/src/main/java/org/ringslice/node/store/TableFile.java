package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Id;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One table of RocksDB, read by itself, as far as it can be: a block whose sum is wrong is passed
 * over. What it covers is unknown, so the first key behind it is looked for, in steps that double
 * and then halve. Keys are spread evenly, and a block is never read for nothing more than a few
 * dozen times. To be closed.
 */
final class TableFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);

  static final String SUFFIX = ".sst";

  private static final long READ_AHEAD_BYTES = 1 << 20;

  private static final BigInteger END = BigInteger.ONE.shiftLeft(Id.BYTES * Byte.SIZE);

  /** The least step over a bad block: a billionth of what lies between two of 2^40 keys. */
  private static final int STEP_BITS = 186;

  /** How near to the first key behind a bad block it comes: a 2^20th of the last step. */
  private static final int HALVINGS = 20;

  private final Path file;
  private final Options options = new Options();
  private final ReadOptions reading =
      new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
  private final SstFileReader reader;
  private int gaps;

  /** Gets what the table has. */
  interface Rows {
    void take(byte[] key, byte[] value) throws RocksDBException, IOException;
  }

  /**
   * @throws RocksDBException when nothing can be read of it
   */
  TableFile(Path file) throws RocksDBException {
    this.file = file;
    reader = new SstFileReader(options);
    try {
      reader.open(file.toString());
    } catch (RocksDBException e) {
      close();
      throw e;
    }
  }

  static List<Path> in(Path index) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(index, "*" + SUFFIX)) {
      files.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  /** The family that it is a part of; nothing when it does not say. */
  Optional<Family> family() throws RocksDBException {
    byte[] name = reader.getTableProperties().getColumnFamilyName();
    String title = name == null ? "" : new String(name, US_ASCII);
    for (Family family : Family.values()) {
      if (title.equals(new String(family.title(), US_ASCII))) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /** All rows whose keys are ids, but those that lie in bad blocks. */
  void forEach(Rows rows) throws RocksDBException, IOException {
    BigInteger last = BigInteger.ONE.negate();
    try (SstFileReaderIterator all = reader.newIterator(reading)) {
      all.seekToFirst();
      while (all.isValid() || leap(all, last)) {
        byte[] key = all.key();
        if (key.length == Id.BYTES) {
          rows.take(key, all.value());
          last = new BigInteger(1, key);
        }
        all.next();
      }
    }
  }

  /** Goes to the first key behind a bad block; false when it is the end. */
  private boolean leap(SstFileReaderIterator all, BigInteger last) {
    if (!endsInABadBlock(all)) {
      return false;
    }
    gaps++;
    BigInteger step = BigInteger.ONE.shiftLeft(STEP_BITS);
    BigInteger bad = last;
    while (!seek(all, last.add(step))) {
      bad = last.add(step);
      step = step.shiftLeft(1);
      if (last.add(step).compareTo(END) >= 0) {
        return false;
      }
    }
    BigInteger good = last.add(step);
    for (int i = 0; i < HALVINGS; i++) {
      BigInteger between = good.add(bad).shiftRight(1);
      if (seek(all, between)) {
        good = between;
      } else {
        bad = between;
      }
    }
    return seek(all, good);
  }

  private boolean endsInABadBlock(SstFileReaderIterator all) {
    try {
      all.status();
      return false;
    } catch (RocksDBException e) {
      LOG.info("a block of {} is bad: {}", file, e.getMessage());
      return true;
    }
  }

  /** Whether there is a key at this place or behind it. */
  private static boolean seek(SstFileReaderIterator all, BigInteger place) {
    byte[] digits = place.toByteArray();
    byte[] key = new byte[Id.BYTES];
    int from = Math.max(0, digits.length - Id.BYTES);
    ByteBuffer.wrap(key)
        .position(Id.BYTES - (digits.length - from))
        .put(digits, from, digits.length - from);
    all.seek(key);
    return all.isValid();
  }

  /** How many bad blocks were met, or runs of such. */
  int gaps() {
    return gaps;
  }

  @Override
  public void close() {
    reader.close();
    reading.close();
    options.close();
  }
}
