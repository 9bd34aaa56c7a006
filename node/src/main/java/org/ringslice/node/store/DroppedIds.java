package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Ids of copies that were dropped, for a week: written in the batch that drops them, nothing else
 * is ever looked up for it. They lie in chunks, each of what was dropped within an hour and of so
 * many at the most, so that the oldest go a chunk at a time, by one deletion. An id that was
 * dropped twice is there twice, and told once.
 *
 * <p>The hours are those of the wall clock; where it leaps ahead some are forgotten early, and
 * where it goes back some late. Nothing but what people are told hangs on that.
 *
 * <p>Belongs to the writer's thread, {@link #read} excepted.
 */
final class DroppedIds {
  /**
   * Ids that are remembered; past that the oldest go. At 36 bytes each 36 MB of disk. A guess: more
   * than a disk of 1 TB holds blocks of 1 MiB.
   */
  static final int IDS_MAX = 1_000_000;

  /** For so long they are. */
  static final int HOURS_MAX = 7 * 24;

  /** Ids of a chunk: at least so many fewer than the limit may be there. */
  static final int CHUNK_IDS = IDS_MAX / 16;

  private static final byte[] KEY = "dropped".getBytes(US_ASCII);
  private static final int KEY_BYTES = Integer.BYTES + Id.BYTES;
  private static final int CHUNK_BYTES = 3 * Integer.BYTES;
  private static final byte[] NOTHING = {};

  private record Chunk(int number, int hour, int count) {}

  // the oldest first; their numbers grow by one
  private final ArrayDeque<Chunk> chunks;
  private long count;

  private DroppedIds(ArrayDeque<Chunk> chunks) {
    this.chunks = chunks;
    chunks.forEach(chunk -> count += chunk.count());
  }

  static DroppedIds open(Tables tables) throws RocksDBException, IOException {
    return new DroppedIds(chunks(tables));
  }

  private static ArrayDeque<Chunk> chunks(Tables tables) throws RocksDBException, IOException {
    ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    byte[] row = tables.get(Family.STATE, KEY);
    if (row != null) {
      if (row.length % CHUNK_BYTES != 0) {
        throw new IOException("the list of what was dropped makes no sense");
      }
      for (ByteBuffer in = ByteBuffer.wrap(row); in.hasRemaining(); ) {
        chunks.add(new Chunk(in.getInt(), in.getInt(), in.getInt()));
      }
    }
    return chunks;
  }

  /**
   * Takes these in, and forgets what is too old or too much.
   *
   * @param hour since 1970
   */
  void add(List<Id> ids, int hour, Tables.Batch batch) throws RocksDBException {
    for (Id id : ids) {
      Chunk last = chunks.peekLast();
      if (last == null || last.hour() < hour || last.count() == CHUNK_IDS) {
        chunks.add(new Chunk(last == null ? 1 : last.number() + 1, hour, 0));
      }
      Chunk chunk = chunks.removeLast();
      chunks.add(new Chunk(chunk.number(), chunk.hour(), chunk.count() + 1));
      batch.put(Family.DROPPED, key(chunk.number(), id), NOTHING);
      count++;
      forget(hour, batch);
    }
    putState(batch);
  }

  private void forget(int hour, Tables.Batch batch) throws RocksDBException {
    while (hour - chunks.peek().hour() > HOURS_MAX || count > IDS_MAX) {
      Chunk oldest = chunks.remove();
      count -= oldest.count();
      batch.deleteRange(
          Family.DROPPED, key(oldest.number(), Id.ZERO), key(oldest.number() + 1, Id.ZERO));
    }
  }

  private void putState(Tables.Batch batch) throws RocksDBException {
    ByteBuffer row = ByteBuffer.allocate(chunks.size() * CHUNK_BYTES);
    chunks.forEach(chunk -> row.putInt(chunk.number()).putInt(chunk.hour()).putInt(chunk.count()));
    batch.put(Family.STATE, KEY, row.array());
  }

  private static byte[] key(int chunk, Id id) {
    return ByteBuffer.allocate(KEY_BYTES).putInt(chunk).put(id.toBytes()).array();
  }

  /** Hours since 1970, by the wall clock. */
  static int hourNow() {
    return (int) TimeUnit.MILLISECONDS.toHours(System.currentTimeMillis());
  }

  /** The first of these in an arc, clockwise. Any thread may call it. */
  static List<Id> read(Tables tables, Arc arc, int hour, int countMax)
      throws RocksDBException, IOException {
    List<Id> found = new ArrayList<>();
    if (!arc.wraps()) {
      collect(tables, arc.from().next(), arc.to(), hour, countMax, found);
      return found;
    }
    if (!arc.from().equals(Id.MAX)) {
      collect(tables, arc.from().next(), Id.MAX, hour, countMax, found);
    }
    collect(tables, Id.ZERO, arc.to(), hour, countMax, found);
    return found;
  }

  /** Both ends are included; the first is not greater than the last. */
  private static void collect(
      Tables tables, Id first, Id last, int hour, int countMax, List<Id> found)
      throws RocksDBException, IOException {
    TreeSet<Id> least = new TreeSet<>();
    int wanted = countMax - found.size();
    try (RocksIterator rows = tables.iterate(Family.DROPPED)) {
      for (Chunk chunk : chunks(tables)) {
        if (hour - chunk.hour() > HOURS_MAX) {
          continue;
        }
        int taken = 0;
        for (rows.seek(key(chunk.number(), first));
            rows.isValid() && taken < wanted;
            rows.next(), taken++) {
          ByteBuffer key = ByteBuffer.wrap(rows.key());
          if (key.getInt() != chunk.number()) {
            break;
          }
          Id id = id(key);
          boolean isPast = least.size() == wanted && id.compareTo(least.last()) > 0;
          if (id.compareTo(last) > 0 || isPast) {
            break;
          }
          least.add(id);
          if (least.size() > wanted) {
            least.pollLast();
          }
        }
      }
      rows.status();
    }
    found.addAll(least);
  }

  private static Id id(ByteBuffer in) {
    byte[] bytes = new byte[Id.BYTES];
    in.get(bytes);
    return Id.of(bytes);
  }
}
