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
import org.ringslice.messages.Bytes;

/**
 * Reads committed bytes of segments, keeping the files it used last open. Belongs to the thread of
 * one reader, which must never be interrupted: that would close the file under it.
 */
final class SegmentReader implements Closeable {
  /** Open files of one reader; past that, the one unused for longest is closed. A guess. */
  private static final int OPEN_FILES_MAX = 16;

  private final Path folder;
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
