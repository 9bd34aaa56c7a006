package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * What the index knows of an entry. Its id is the key; the value is these {@value #BYTES} bytes, of
 * which the first are {@link InfoBytes}, with {@link Where} for alive; big-endian:
 *
 * <pre>
 * 0  kind     1      2  stamp    8     14  crc32c of the bytes  4
 * 1  where    1     10  size     4     18  segment, offset      4 + 4, zero unless in a segment
 * </pre>
 *
 * @param offset of the first byte in the segment, below {@link BlockLog#SEGMENT_BYTES}
 */
record IndexRow(EntryInfo info, Where where, int crc32c, int segment, int offset) {
  static final int BYTES = 26;

  private static final int WHERE_AT = 1;

  /** Where the bytes are. The numbers are on disk; they are only ever appended to. */
  enum Where {
    /** The entry is dead and has none. */
    NOWHERE,
    /** In the values, under the id. */
    VALUES,
    /** In a segment of the block log. */
    SEGMENT;

    private static final Where[] PLACES = values();
  }

  static IndexRow dead(Entry entry) {
    return new IndexRow(entry.info(), Where.NOWHERE, 0, 0, 0);
  }

  /** A living entry whose bytes are nowhere: there is no segment 0. */
  static IndexRow lost(EntryInfo info) {
    return new IndexRow(info, Where.SEGMENT, 0, 0, 0);
  }

  boolean isLost() {
    return where == Where.SEGMENT && segment == 0;
  }

  static IndexRow inValues(Entry entry) {
    return new IndexRow(entry.info(), Where.VALUES, crc32c(entry.bytes()), 0, 0);
  }

  static IndexRow inSegment(Entry entry, int segment, int offset) {
    return new IndexRow(entry.info(), Where.SEGMENT, crc32c(entry.bytes()), segment, offset);
  }

  /**
   * The entry, if {@code bytes} are those that were stored. Their CRC-32C tells of a disk's faults
   * at a tenth of the cost of the SHA-256, by which the one who asked for them verifies them
   * anyway.
   */
  Entry entryOf(Bytes bytes) throws IOException {
    if (!isOf(bytes)) {
      throw new IOException("the bytes are not those that were stored");
    }
    return new Entry(info.id(), info.kind(), info.stamp(), true, bytes);
  }

  /** Whether these are the bytes that were stored. */
  boolean isOf(Bytes bytes) {
    return bytes.size() == info.size() && crc32c(bytes) == crc32c;
  }

  byte[] encode() {
    byte[] value = new byte[BYTES];
    ByteBuffer out = ByteBuffer.wrap(value);
    InfoBytes.put(info, where.ordinal(), out);
    out.putInt(crc32c).putInt(segment).putInt(offset);
    return value;
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException when nobody wrote that
   */
  static IndexRow decode(Id id, byte[] value) throws IOException {
    if (value.length != BYTES) {
      throw new IOException("the index has " + value.length + " bytes for " + id);
    }
    int place = value[WHERE_AT];
    if (place < 0 || place >= Where.PLACES.length) {
      throw new IOException("the index makes no sense for " + id);
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    EntryInfo info = InfoBytes.get(id, in);
    return new IndexRow(info, Where.PLACES[place], in.getInt(), in.getInt(), in.getInt());
  }

  private static int crc32c(Bytes bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.unsafeArray());
    return (int) crc.getValue();
  }
}
