package org.ringslice.node.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the blocks of a segment by their {@link BlockHeader}s, from one to the next. Where
 * none follows, one is damaged, or the segment is of a version that wrote none: then the next bytes
 * that are a header are looked for. Where the first one of the file is sound only those with its
 * mark count; else any, and what is no blob that proves its id must not be believed. For one
 * thread; to be closed.
 */
final class BlockScan implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockScan.class);

  /** Read at once. A guess: few reads where blocks are small, and little in vain where large. */
  private static final int WINDOW_BYTES = 1 << 16;

  /** Passed over where the disk can't read: a sector of today. */
  private static final int SECTOR_BYTES = 1 << 12;

  private final Path file;
  private final FileChannel channel;
  private final long sizeBytes;
  private final BlockHeader first;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowAt;
  private int windowBytes;

  private long nextAt;
  private BlockHeader header;
  private int offset;

  /**
   * @param from where to begin
   */
  BlockScan(Path file, long from) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      sizeBytes = channel.size();
      first = headerAt(0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    nextAt = from;
  }

  /** The header at the beginning of a segment; null when there is none. */
  static BlockHeader first(Path file) throws IOException {
    try (BlockScan scan = new BlockScan(file, 0)) {
      return scan.first;
    }
  }

  /** Goes to the next block that is there as a whole; false at the end. */
  boolean next() {
    for (long at = nextAt; at + BlockHeader.BYTES <= sizeBytes; at = magicFrom(at + 1)) {
      BlockHeader found = headerAt(at);
      if (found != null
          && (first == null || found.mark() == first.mark())
          && at + BlockHeader.BYTES + found.info().size() <= sizeBytes) {
        header = found;
        offset = (int) at + BlockHeader.BYTES;
        nextAt = (long) offset + found.info().size();
        return true;
      }
    }
    return false;
  }

  /** The row of the block that it is at. */
  IndexRow row(int segment) {
    return new IndexRow(header.info(), IndexRow.Where.SEGMENT, header.crc32c(), segment, offset);
  }

  /**
   * Whether its bytes are those that were stored, and it is a blob that proves its id or surely was
   * written here, and is no copy in what somebody stored.
   */
  boolean isSound() {
    try {
      return row(0).entryOf(bytes()).isGenuine()
          && (first != null || header.info().kind() == Kind.BLOB);
    } catch (IOException e) {
      return false;
    }
  }

  private Bytes bytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(header.info().size());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, (long) offset + bytes.position()) < 0) {
        throw new EOFException("the file ends too early");
      }
    }
    return Bytes.wrap(bytes.array());
  }

  private BlockHeader headerAt(long at) {
    if (!isInWindow(at, BlockHeader.BYTES)) {
      return null;
    }
    int from = (int) (at - windowAt);
    return BlockHeader.decode(Arrays.copyOfRange(window, from, from + BlockHeader.BYTES));
  }

  /** The first place from here on where a header may be; the end when there is none. */
  private long magicFrom(long from) {
    long at = from;
    while (at + BlockHeader.BYTES <= sizeBytes) {
      if (!isInWindow(at, Integer.BYTES)) {
        at = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
        continue;
      }
      int last = windowBytes - Integer.BYTES;
      for (int i = (int) (at - windowAt); i <= last; i++) {
        if (isMagic(i)) {
          return windowAt + i;
        }
      }
      at = windowAt + last + 1;
    }
    return sizeBytes;
  }

  private boolean isMagic(int at) {
    return window[at] == (byte) (BlockHeader.MAGIC >>> 24)
        && window[at + 1] == (byte) (BlockHeader.MAGIC >>> 16)
        && window[at + 2] == (byte) (BlockHeader.MAGIC >>> 8)
        && window[at + 3] == (byte) BlockHeader.MAGIC;
  }

  /** Whether so many bytes can be read at this place; they are in the window then. */
  private boolean isInWindow(long at, int bytes) {
    if (at >= windowAt && at + bytes <= windowAt + windowBytes) {
      return true;
    }
    fill(at, WINDOW_BYTES);
    if (windowBytes < bytes) {
      fill(at, SECTOR_BYTES);
    }
    return windowBytes >= bytes;
  }

  private void fill(long at, int bytes) {
    windowAt = at;
    windowBytes = 0;
    ByteBuffer into = ByteBuffer.wrap(window, 0, bytes);
    try {
      while (into.hasRemaining() && channel.read(into, at + into.position()) >= 0) {
        windowBytes = into.position();
      }
    } catch (IOException e) {
      LOG.debug("{} can't be read at {}", file, at, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
