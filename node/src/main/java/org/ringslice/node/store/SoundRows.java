package org.ringslice.node.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.ringslice.messages.Id;
import org.rocksdb.AbstractRocksIterator;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReaderIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through rows, and where their keys are ids leaps over blocks that are bad. What a bad block
 * covers is unknown, so the first key behind it is looked for, in steps that double and then halve:
 * ids are spread evenly, and a block is read in vain a few dozen times at the most.
 */
final class SoundRows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SoundRows.class);

  private static final BigInteger END = BigInteger.ONE.shiftLeft(Id.BYTES * Byte.SIZE);

  /** The least step over a bad block: less than what lies between two of 2^60 keys. */
  private static final int STEP_BITS = 186;

  /** How near to the first key behind a bad block it comes: a 2^20th of the last step. */
  private static final int HALVINGS = 20;

  private final Supplier<AbstractRocksIterator<?>> iterators;
  private final String title;
  private final int keyBytes;
  private final List<Interval> gaps = new ArrayList<>();
  private AbstractRocksIterator<?> all;

  /** Gets what is there. */
  interface Taker {
    void take(byte[] key, byte[] value) throws RocksDBException, IOException;
  }

  /**
   * @param iterators makes those of RocksDB or of one of its tables. Each is closed here; one that
   *     has met a bad block is of no use any more, for it may pass over others
   * @param keyBytes of what is to be taken; what has other keys is passed over
   */
  SoundRows(Supplier<AbstractRocksIterator<?>> iterators, String title, int keyBytes) {
    this.iterators = iterators;
    this.title = title;
    this.keyBytes = keyBytes;
    this.all = iterators.get();
  }

  /** All rows in the order of their keys, but those in bad blocks. */
  void forEach(Taker rows) throws RocksDBException, IOException {
    BigInteger last = BigInteger.ONE.negate();
    all.seekToFirst();
    while (all.isValid() || leap(last)) {
      byte[] key = key();
      if (key.length == keyBytes) {
        rows.take(key, value());
        last = new BigInteger(1, key);
      }
      all.next();
    }
  }

  /** Where rows may be missing. */
  List<Interval> gaps() {
    return gaps;
  }

  /** Goes to the first key behind a bad block; false when it is the end. */
  private boolean leap(BigInteger last) {
    if (!isBad()) {
      return false;
    }
    if (keyBytes != Id.BYTES) {
      gaps.add(new Interval(Id.ZERO, Id.MAX)); // of a journal: it ends here
      return false;
    }
    BigInteger good = firstGood(last);
    BigInteger end = good.compareTo(END) < 0 ? good : END.subtract(BigInteger.ONE);
    gaps.add(new Interval(id(last.add(BigInteger.ONE)), id(end)));
    return good.compareTo(END) < 0 && seek(good);
  }

  private boolean isBad() {
    try {
      all.status();
      return false;
    } catch (RocksDBException e) {
      LOG.info("a block of {} is bad: {}", title, e.getMessage());
      return true;
    }
  }

  /** A place from which on there is a row, as near to those that can't be read as it is worth. */
  private BigInteger firstGood(BigInteger last) {
    BigInteger step = BigInteger.ONE.shiftLeft(STEP_BITS);
    BigInteger bad = last;
    while (!seek(last.add(step))) {
      bad = last.add(step);
      step = step.shiftLeft(1);
      if (last.add(step).compareTo(END) >= 0) {
        return END;
      }
    }
    BigInteger good = last.add(step);
    for (int i = 0; i < HALVINGS; i++) {
      BigInteger between = good.add(bad).shiftRight(1);
      if (seek(between)) {
        good = between;
      } else {
        bad = between;
      }
    }
    return good;
  }

  /** Whether there is a row at this place or behind it. */
  private boolean seek(BigInteger place) {
    all.close();
    all = iterators.get();
    all.seek(bytes(place));
    return all.isValid();
  }

  private static Id id(BigInteger place) {
    return Id.of(bytes(place));
  }

  private static byte[] bytes(BigInteger place) {
    byte[] digits = place.toByteArray();
    byte[] key = new byte[Id.BYTES];
    int from = Math.max(0, digits.length - Id.BYTES);
    int count = digits.length - from;
    ByteBuffer.wrap(key).position(Id.BYTES - count).put(digits, from, count);
    return key;
  }

  private byte[] key() {
    return all instanceof RocksIterator rows ? rows.key() : ((SstFileReaderIterator) all).key();
  }

  private byte[] value() {
    return all instanceof RocksIterator rows ? rows.value() : ((SstFileReaderIterator) all).value();
  }

  @Override
  public void close() {
    all.close();
  }
}
