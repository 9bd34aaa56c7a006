package org.ringslice.node.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The write-ahead logs of RocksDB, read without it: RocksDB ends silently at the first record that
 * is damaged, and what was acknowledged after that is gone. A log is blocks of {@value
 * #BLOCK_BYTES} bytes; a record lies in one or in several fragments, none of which crosses the end
 * of a block (RocksDB wiki, Write Ahead Log File Format). After a damaged fragment this goes on
 * with the next one, or, where its length makes no sense, with the next block.
 */
final class WriteAheadLog {
  static final String SUFFIX = ".log";

  private static final Predicate<String> IS_NUMBER = Pattern.compile("[0-9]+").asMatchPredicate();

  private static final int DIGITS_MAX = 18;

  private static final int BLOCK_BYTES = 1 << 15;

  /** A sum, a length, a type. */
  private static final int HEADER_BYTES = 7;

  /** With the number of the log, of types from RECYCLED on. */
  private static final int RECYCLED_HEADER_BYTES = 11;

  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;
  private static final int RECYCLED = 4;

  private static final int MASK_DELTA = 0xa282ead8;

  /** So many bytes of nothing at the end of a fragment mean that it was never written. */
  private static final int UNWRITTEN_BYTES = 8;

  /** Gets the records that are sound. */
  interface Records {
    void take(ByteBuffer record) throws IOException;
  }

  private final Path file;
  private boolean damaged;
  private boolean torn;
  private ByteArrayOutputStream open;

  private WriteAheadLog(Path file) {
    this.file = file;
  }

  /**
   * Whether records are damaged or missing that were once written as a whole. An end that is torn
   * is none: it was not acknowledged.
   */
  static boolean areDamaged(Path index) throws IOException {
    List<Path> logs = of(index);
    if (logs.isEmpty()) {
      return true; // there is always one
    }
    boolean torn = false;
    int[] records = {0};
    for (Path log : logs) {
      records[0] = 0;
      WriteAheadLog read = new WriteAheadLog(log);
      read.read(record -> records[0]++);
      if (read.damaged || (torn && records[0] > 0)) {
        return true;
      }
      torn |= read.torn;
    }
    return records[0] == 0; // each opening of the store begins the last one with a record
  }

  /** Reads all sound records of all logs, in their order. */
  static void readAll(Path index, Records records) throws IOException {
    for (Path log : of(index)) {
      new WriteAheadLog(log).read(records);
    }
  }

  private static List<Path> of(Path index) throws IOException {
    TreeMap<Long, Path> logs = new TreeMap<>();
    try (var files = Files.newDirectoryStream(index, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String number = name.substring(0, name.length() - SUFFIX.length());
        if (!number.isEmpty() && number.length() <= DIGITS_MAX && IS_NUMBER.test(number)) {
          logs.put(Long.parseLong(number), file);
        }
      }
    }
    return new ArrayList<>(logs.values());
  }

  private void read(Records records) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (long at = 0; at < channel.size(); at += BLOCK_BYTES) {
        if (fill(block.clear(), channel, at)) {
          readBlock(block.flip(), records);
        } else {
          foundDamage();
        }
      }
    }
  }

  private static boolean fill(ByteBuffer block, FileChannel channel, long at) {
    try {
      while (block.hasRemaining() && channel.read(block, at + block.position()) >= 0) {
        // until it is full, or the file ends
      }
      return true;
    } catch (IOException e) {
      return false; // a sector that can't be read
    }
  }

  private void readBlock(ByteBuffer block, Records records) throws IOException {
    while (block.remaining() >= HEADER_BYTES) {
      int at = block.position();
      int sum = block.getInt(at);
      int sizeBytes = block.getShort(at + 4) & 0xffff;
      int type = block.get(at + 6);
      if (type == 0 && sizeBytes == 0 && sum == 0) {
        torn |= block.remaining() > RECYCLED_HEADER_BYTES; // else the rest is too short for one
        damaged |= !isNothing(block);
        open = block.remaining() > RECYCLED_HEADER_BYTES ? null : open;
        return;
      }
      boolean recycled = type > RECYCLED && type <= 2 * RECYCLED;
      int from = at + (recycled ? RECYCLED_HEADER_BYTES : HEADER_BYTES);
      if (from + sizeBytes > block.limit()) {
        foundCut(block);
        return;
      }
      block.position(from + sizeBytes);
      if (masked(crc(block, at + 6, from + sizeBytes)) == sum) {
        take(recycled ? type - RECYCLED : type, slice(block, from, sizeBytes), records);
      } else if (isUnwritten(block, from, sizeBytes)) {
        torn = true;
        open = null;
      } else {
        foundDamage();
      }
    }
  }

  /** A fragment ends behind its block, or behind the file: the latter is how a torn one looks. */
  private void foundCut(ByteBuffer block) {
    if (block.limit() == BLOCK_BYTES) {
      foundDamage();
    } else {
      torn = true;
      open = null;
    }
  }

  private void foundDamage() {
    damaged = true;
    open = null;
  }

  private void take(int type, ByteBuffer fragment, Records records) throws IOException {
    damaged |= torn;
    if (type == FULL) {
      records.take(fragment);
    } else if (type == FIRST) {
      open = new ByteArrayOutputStream();
      append(fragment);
    } else if ((type == MIDDLE || type == LAST) && open != null) {
      append(fragment);
      if (type == LAST) {
        records.take(ByteBuffer.wrap(open.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
        open = null;
      }
    }
  }

  private void append(ByteBuffer fragment) {
    byte[] bytes = new byte[fragment.remaining()];
    fragment.get(bytes);
    open.writeBytes(bytes);
  }

  private static ByteBuffer slice(ByteBuffer block, int from, int sizeBytes) {
    return block.slice(from, sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isNothing(ByteBuffer block) {
    for (int i = block.position(); i < block.limit(); i++) {
      if (block.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnwritten(ByteBuffer block, int from, int sizeBytes) {
    for (int i = from + Math.max(0, sizeBytes - UNWRITTEN_BYTES); i < from + sizeBytes; i++) {
      if (block.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(ByteBuffer block, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(block.duplicate().position(from).limit(to));
    return (int) crc.getValue();
  }

  private static int masked(int crc) {
    return Integer.rotateRight(crc, 15) + MASK_DELTA;
  }
}
