package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.rocksdb.RocksDBException;

/**
 * Takes what is found of a damaged index and of its segments, in any order and any repetition, and
 * keeps of each id what is right, in tables of its own. Of two rows {@link Merge} says which; where
 * they name the same bytes at two places, the place at which they can be read is believed. So a row
 * that is long out of date does no harm. Memory is bounded by that of the tables. For one thread.
 */
final class Gathering {
  private final Tables fresh;
  private final SegmentReader segments;

  Gathering(Tables fresh, SegmentReader segments) {
    this.fresh = fresh;
    this.segments = segments;
  }

  /** A row of what is held, as it lies in a table; one that makes no sense is passed over. */
  void row(byte[] key, byte[] value) throws RocksDBException {
    IndexRow found;
    try {
      found = IndexRow.decode(Id.of(key), value);
    } catch (IOException e) {
      return;
    }
    IndexRow there = row(found.info().id());
    if (there == null) {
      put(found);
    } else if (!there.equals(found)) {
      put(better(there, found));
    }
  }

  /** The same of a table that does not say whose rows it has: a row must prove itself. */
  void rowOrNot(byte[] key, byte[] value) throws RocksDBException {
    try {
      IndexRow found = IndexRow.decode(Id.of(key), value);
      if (found.where() == IndexRow.Where.SEGMENT && isReadable(found)) {
        row(key, value);
      }
    } catch (IOException e) {
      return; // it is none
    }
  }

  private IndexRow better(IndexRow there, IndexRow found) {
    boolean wins = Merge.wins(found.info(), there.info());
    IndexRow right = wins ? found : there;
    IndexRow other = wins ? there : found;
    return haveTheSameBytes(right, other) && !isReadable(right) && isReadable(other)
        ? at(other, right.info())
        : right;
  }

  private static boolean haveTheSameBytes(IndexRow one, IndexRow other) {
    EntryInfo first = one.info();
    EntryInfo second = other.info();
    return first.alive()
        && second.alive()
        && first.kind() == second.kind()
        && (first.kind() == Kind.BLOB || first.stamp() == second.stamp())
        && first.size() == second.size()
        && one.crc32c() == other.crc32c();
  }

  private static IndexRow at(IndexRow place, EntryInfo info) {
    return new IndexRow(info, place.where(), place.crc32c(), place.segment(), place.offset());
  }

  /** Whether the bytes that a row names are where it says; of the values this is not known yet. */
  private boolean isReadable(IndexRow row) {
    if (row.where() != IndexRow.Where.SEGMENT) {
      return true;
    }
    try {
      return row.entryOf(segments.read(row)).isGenuine();
    } catch (IOException e) {
      return false;
    }
  }

  /** The bytes of a small entry, after all rows. What no row names must be a blob. */
  void value(byte[] key, byte[] value) throws RocksDBException {
    Bytes bytes = Bytes.wrap(value);
    Id id = Id.of(key);
    IndexRow there = row(id);
    boolean proves = Id.sha256(bytes).equals(id);
    if (there == null && proves) {
      there = IndexRow.inValues(Entry.blob(bytes));
      put(there);
    }
    if (there != null && there.where() == IndexRow.Where.VALUES && isOf(there, bytes, proves)) {
      fresh.putQuickly(Family.VALUES, key, value);
    }
  }

  private static boolean isOf(IndexRow row, Bytes bytes, boolean proves) {
    try {
      row.entryOf(bytes);
      return proves || row.info().kind() != Kind.BLOB;
    } catch (IOException e) {
      return false;
    }
  }

  /** A block of a segment, after all rows. */
  void block(BlockScan scan, int segment) throws RocksDBException {
    IndexRow found = scan.row(segment);
    EntryInfo info = found.info();
    IndexRow there = row(info.id());
    boolean wins = there == null || Merge.wins(info, there.info());
    boolean helps =
        there != null
            && !there.equals(found)
            && haveTheSameBytes(there, found)
            && !isReadable(there);
    if ((wins || helps) && scan.isSound()) {
      put(wins ? found : at(found, there.info()));
    }
  }

  /** A row of what others hold. */
  void watched(byte[] key, byte[] value) throws RocksDBException {
    try {
      Id id = Id.of(key);
      EntryInfo found = InfoBytes.get(id, ByteBuffer.wrap(value));
      byte[] row = fresh.get(Family.WATCHED, key);
      if (row == null || Merge.wins(found, InfoBytes.get(id, ByteBuffer.wrap(row)))) {
        fresh.putQuickly(Family.WATCHED, key, value);
      }
    } catch (IOException e) {
      return; // it makes no sense
    }
  }

  private IndexRow row(Id id) throws RocksDBException {
    try {
      return fresh.row(id);
    } catch (IOException e) {
      throw new IllegalStateException("a row that was just written makes no sense", e);
    }
  }

  private void put(IndexRow row) throws RocksDBException {
    fresh.putQuickly(Family.INDEX, row.info().id().toBytes(), row.encode());
  }
}
