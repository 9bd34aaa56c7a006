package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What is committed of one file of the block log. Numbers grow and are never used again.
 *
 * @param endBytes up to here the file is synced and referred to; what lies behind is of a group
 *     that was not committed
 * @param liveBytes of these, the bytes of living entries
 */
record Segment(int number, long endBytes, long liveBytes) {
  Segment {
    if (number < 1 || liveBytes < 0 || liveBytes > endBytes) {
      throw new IllegalArgumentException(
          "segment " + number + " with " + liveBytes + " living of " + endBytes + " bytes");
    }
  }

  Segment plus(int sizeBytes) {
    return new Segment(number, endBytes + sizeBytes, liveBytes + sizeBytes);
  }

  Segment without(int sizeBytes) {
    return new Segment(number, endBytes, liveBytes - sizeBytes);
  }

  static Path file(Path folder, int number) {
    return folder.resolve(String.format(Locale.ROOT, "%08d", number));
  }

  byte[] key() {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  byte[] value() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(endBytes).putLong(liveBytes).array();
  }

  static Segment decode(byte[] key, byte[] value) throws IOException {
    if (key.length != Integer.BYTES || value.length != 2 * Long.BYTES) {
      throw new IOException("the list of segments makes no sense");
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    try {
      return new Segment(ByteBuffer.wrap(key).getInt(), in.getLong(), in.getLong());
    } catch (IllegalArgumentException e) {
      throw new IOException("the list of segments makes no sense: " + e.getMessage(), e);
    }
  }
}
