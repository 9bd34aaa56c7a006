package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;
import org.ringslice.node.event.Change;
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

  // where rows may be missing; null when that is everywhere
  private List<Interval> gaps;
  private boolean linesAreWhole;

  Gathering(Tables fresh, SegmentReader segments) {
    this.fresh = fresh;
    this.segments = segments;
  }

  /**
   * All rows were found but those in these gaps.
   *
   * @param lines whether all lines of the journal follow
   */
  void lacksOnly(List<Interval> found, boolean lines) {
    gaps = found;
    linesAreWhole = lines;
  }

  private boolean mayLack(Id id) {
    return gaps == null || gaps.stream().anyMatch(gap -> gap.contains(id));
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
    boolean wins = isNews(found.info(), there.info());
    IndexRow right = wins ? found : there;
    IndexRow other = wins ? there : found;
    return haveTheSameBytes(right, other) && !isReadable(right) && isReadable(other)
        ? at(other, right.info())
        : right;
  }

  private static boolean isNews(EntryInfo found, EntryInfo there) {
    return !Merge.join(there, found).equals(there);
  }

  private static boolean haveTheSameBytes(IndexRow one, IndexRow other) {
    EntryInfo first = one.info();
    EntryInfo second = other.info();
    return first.alive()
        && second.alive()
        && first.kind() == second.kind()
        && (first.kind() == Kind.BLOB || first.stamp() == second.stamp())
        && first.size() == second.size()
        && (one.crc32c() == other.crc32c() || one.isLost() || other.isLost());
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

  /**
   * A line of the journal; those of one id in their order. It stands for a row that is missing, but
   * does not say where the bytes are.
   */
  void line(byte[] key, byte[] value) throws RocksDBException {
    Change line;
    try {
      line = JournalLine.decode(key, value);
    } catch (IOException e) {
      return; // it makes no sense
    }
    Id id = line.after().or(line::before).orElseThrow().id();
    if (gaps != null && mayLack(id)) {
      if (line.after().isPresent()) {
        put(bare(line.after().get()));
      } else {
        fresh.deleteQuickly(Family.INDEX, id.toBytes());
      }
    } else if (gaps == null && line.after().isPresent() && !line.after().get().alive()) {
      IndexRow there = row(id);
      if (there == null || isNews(line.after().get(), there.info())) {
        put(bare(line.after().get()));
      }
    }
  }

  private static IndexRow bare(EntryInfo info) {
    return info.alive() ? IndexRow.lost(info) : new IndexRow(info, IndexRow.Where.NOWHERE, 0, 0, 0);
  }

  /** The bytes of a small entry, after all rows. What no row names must be a blob. */
  void value(byte[] key, byte[] value) throws RocksDBException {
    Bytes bytes = Bytes.wrap(value);
    Id id = Id.of(key);
    IndexRow there = row(id);
    boolean proves = Id.sha256(bytes).equals(id);
    if (there == null && proves && mayLack(id)) {
      there = IndexRow.inValues(Entry.blob(bytes));
      put(there);
    } else if (there != null && there.isLost() && isOfLost(there.info(), bytes, proves)) {
      EntryInfo info = there.info();
      there = IndexRow.inValues(new Entry(id, info.kind(), info.stamp(), true, bytes));
      put(there);
    }
    if (there != null && there.where() == IndexRow.Where.VALUES && isOf(there, bytes, proves)) {
      fresh.putQuickly(Family.VALUES, key, value);
    }
  }

  /** The journal's last word on a record has the bytes that were written last. */
  private boolean isOfLost(EntryInfo info, Bytes bytes, boolean proves) {
    boolean believed = info.kind() == Kind.BLOB ? proves : linesAreWhole;
    return believed && info.size() == bytes.size();
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
    boolean wins = there == null ? mayLack(info.id()) : isNews(info, there.info());
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
      if (row == null || isNews(found, InfoBytes.get(id, ByteBuffer.wrap(row)))) {
        fresh.putQuickly(Family.WATCHED, key, value);
      }
    } catch (IOException e) {
      return; // it makes no sense
    }
  }

  /** The last word of the journal on a row of what others hold. */
  void watchedLine(byte[] key, byte[] value) throws RocksDBException {
    try {
      Optional<EntryInfo> after = JournalLine.decode(key, value).after();
      if (after.isPresent()) {
        watched(after.get().id().toBytes(), InfoBytes.encode(after.get()));
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
