package org.ringslice.node.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.zip.CRC32C;
import org.ringslice.messages.Bytes;

/**
 * Reads committed bytes of segments, keeping the files it used last open. Belongs to the thread of
 * one reader, which must never be interrupted: that would close the file under it.
 */
final class SegmentReader implements Closeable {
  /** Open files of one reader; past that, the one unused for longest is closed. A guess. */
  private static final int OPEN_FILES_MAX = 16;

  /** Of what is read only to be checked. */
  private static final int PIECE_BYTES = 128 << 10;

  private final Path folder;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final LinkedHashMap<Integer, FileChannel> open = new LinkedHashMap<>(32, 0.75f, true);

  SegmentReader(Path folder) {
    this.folder = folder;
  }

  /**
   * The bytes of a row that says they are in a segment.
   *
   * @throws IOException also when the segment is gone or too short
   */
  Bytes read(IndexRow row) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(row.info().size());
    FileChannel channel = channel(row.segment());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, (long) row.offset() + bytes.position()) < 0) {
        throw new EOFException("the file ends too early");
      }
    }
    return Bytes.wrap(bytes.array());
  }

  /**
   * Whether the bytes of a row that says they are in a segment are those that were stored; keeps
   * none of them.
   *
   * @throws IOException when the segment is gone or too short, or can't be read
   */
  boolean isIntact(IndexRow row) throws IOException {
    FileChannel channel = channel(row.segment());
    CRC32C crc = new CRC32C();
    long at = row.offset();
    int left = row.info().size();
    while (left > 0) {
      piece.clear().limit(Math.min(left, piece.capacity()));
      int read = channel.read(piece, at);
      if (read < 0) {
        throw new EOFException("the file ends too early");
      }
      crc.update(piece.flip());
      at += read;
      left -= read;
    }
    return (int) crc.getValue() == row.crc32c();
  }

  /** Opens a segment anew when it is read next: somebody may have put another file in its place. */
  void reopen(int segment) throws IOException {
    FileChannel channel = open.remove(segment);
    if (channel != null) {
      channel.close();
    }
  }

  private FileChannel channel(int segment) throws IOException {
    FileChannel channel = open.get(segment);
    if (channel == null) {
      channel = FileChannel.open(Segment.file(folder, segment), StandardOpenOption.READ);
      open.put(segment, channel);
      if (open.size() > OPEN_FILES_MAX) {
        Iterator<FileChannel> oldest = open.values().iterator();
        oldest.next().close();
        oldest.remove();
      }
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
    open.clear();
  }
}
