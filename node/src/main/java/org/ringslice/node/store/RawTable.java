package org.ringslice.node.store;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;

/**
 * The data blocks of a table of RocksDB whose own index is bad, so that {@link TableFile} can't
 * open it. They lie one after the other from the beginning of the file (RocksDB wiki, Rocksdb
 * BlockBasedTable Format): entries, each with the bytes that it shares with the key before it, then
 * the places of those that share none and their number; compressed by LZ4 where that is shorter;
 * then the kind of compression and a sum.
 *
 * <p>Sums are not looked at: what is found here must be proved by who takes it.
 */
final class RawTable {
  /** A table is in memory as a whole; RocksDB ends one at 64 MiB. */
  private static final int TABLE_BYTES_MAX = 80 << 20;

  /** A block ends with the entry that passes 4 KiB, and no value has more than 1 KiB. A guess. */
  private static final int BLOCK_BYTES_MAX = 1 << 16;

  private static final int TRAILER_BYTES = 5;
  private static final byte UNCOMPRESSED = 0;
  private static final byte LZ4 = 4;

  /** Behind each key: the number of its batch, and what became of it there. */
  private static final int SUFFIX_BYTES = 8;

  private static final byte PUT = 1;

  /** The upper bits of the count of restarts say other things. */
  private static final int RESTARTS_MASK = 0x0fffffff;

  /** An entry of so many shares nothing: the default of RocksDB. */
  private static final int RESTART_INTERVAL = 16;

  private static final int LZ4_MATCH_BYTES_MIN = 4;

  private final ByteBuffer file;

  private record Row(Bytes key, Bytes value) {}

  private RawTable(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All rows of a table whose keys are ids, as far as its blocks make sense. */
  static void forEach(Path table, SoundRows.Taker rows) throws RocksDBException, IOException {
    if (Files.size(table) > TABLE_BYTES_MAX) {
      throw new IOException("it is larger than any table");
    }
    RawTable read = new RawTable(Files.readAllBytes(table));
    int at = 0;
    while (at < read.file.limit() - TRAILER_BYTES) {
      List<Row> found = new ArrayList<>();
      int end = read.block(at, found);
      for (Row row : found) {
        rows.take(row.key().unsafeArray(), row.value().unsafeArray());
      }
      at = end < 0 ? at + 1 : end;
    }
  }

  /** Reads the block at a place; where the next one begins, or -1 when there is none here. */
  private int block(int at, List<Row> found) {
    int end = compressed(at, found);
    return end < 0 ? uncompressed(at, found) : end;
  }

  private int compressed(int at, List<Row> found) {
    try {
      ByteBuffer in = file.duplicate().position(at);
      int sizeBytes = varint(in);
      if (sizeBytes < 2 * Integer.BYTES || sizeBytes > BLOCK_BYTES_MAX) {
        return -1;
      }
      ByteBuffer block = inflate(in, sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
      boolean ends = in.get() == LZ4;
      return ends && entries(block, found) == sizeBytes ? in.position() + Integer.BYTES : -1;
    } catch (BufferUnderflowException | BufferOverflowException | IllegalArgumentException e) {
      return -1;
    }
  }

  private int uncompressed(int at, List<Row> found) {
    int sizeBytes = Math.min(BLOCK_BYTES_MAX, file.limit() - at);
    ByteBuffer block = file.slice(at, sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = entries(block, found);
    boolean ends = end > 0 && end < sizeBytes && block.get(end) == UNCOMPRESSED;
    if (!ends) {
      found.clear();
    }
    return ends ? at + end + TRAILER_BYTES : -1;
  }

  /** Reads entries up to the restarts that belong to them; where these end, or -1. */
  private static int entries(ByteBuffer block, List<Row> found) {
    List<Integer> restarts = new ArrayList<>();
    byte[] key = new byte[0];
    int count = 0;
    try {
      while (!isAtRestarts(block, restarts)) {
        int from = block.position();
        int shared = varint(block);
        byte[] rest = new byte[checked(varint(block))];
        byte[] value = new byte[checked(varint(block))];
        if (shared < 0 || shared > key.length) {
          break;
        }
        if (count++ % RESTART_INTERVAL == 0) {
          restarts.add(from);
        }
        block.get(rest).get(value);
        byte[] next = new byte[shared + rest.length];
        System.arraycopy(key, 0, next, 0, shared);
        System.arraycopy(rest, 0, next, shared, rest.length);
        key = next;
        if (key.length == Id.BYTES + SUFFIX_BYTES && key[Id.BYTES] == PUT) {
          found.add(new Row(Bytes.copyOf(key, 0, Id.BYTES), Bytes.wrap(value)));
        }
      }
      if (isAtRestarts(block, restarts)) {
        return block.position() + (restarts.size() + 1) * Integer.BYTES;
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // no block
    }
    found.clear();
    return -1;
  }

  private static boolean isAtRestarts(ByteBuffer block, List<Integer> restarts) {
    int at = block.position();
    int countAt = at + restarts.size() * Integer.BYTES;
    if (restarts.isEmpty() || countAt + Integer.BYTES > block.limit()) {
      return false;
    }
    for (int i = 0; i < restarts.size(); i++) {
      if (block.getInt(at + i * Integer.BYTES) != restarts.get(i)) {
        return false;
      }
    }
    return (block.getInt(countAt) & RESTARTS_MASK) == restarts.size();
  }

  /** LZ4's block format: literals, then a match of what is out already, again and again. */
  private static ByteBuffer inflate(ByteBuffer in, int sizeBytes) {
    ByteBuffer out = ByteBuffer.allocate(sizeBytes);
    while (true) {
      int token = in.get() & 0xff;
      int literals = length(token >>> 4, in);
      if (literals > in.remaining()) {
        throw new IllegalArgumentException("literals that are not there");
      }
      out.put(in.slice(in.position(), literals));
      in.position(in.position() + literals);
      if (!out.hasRemaining()) {
        return out.flip();
      }
      int back = (in.get() & 0xff) | (in.get() & 0xff) << 8;
      int left = length(token & 0xf, in) + LZ4_MATCH_BYTES_MIN;
      if (back == 0 || back > out.position() || left > out.remaining()) {
        throw new IllegalArgumentException("a match of nothing");
      }
      for (; left > 0; left--) {
        out.put(out.get(out.position() - back));
      }
    }
  }

  private static int length(int nibble, ByteBuffer in) {
    int length = nibble;
    int more = nibble == 0xf ? 0xff : 0;
    while (more == 0xff) {
      more = in.get() & 0xff;
      length += more;
    }
    return checked(length);
  }

  private static int checked(int sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > BLOCK_BYTES_MAX) {
      throw new IllegalArgumentException("more than a block");
    }
    return sizeBytes;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int part = in.get();
      value |= (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number without end");
  }
}
