package org.ringslice.node.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/**
 * By what a block of a segment names itself: {@value #BYTES} bytes right before those of the entry,
 * so that the index can be made anew from the segments alone. Big-endian:
 *
 * <pre>
 * 0  magic                        4     20  stamp    8
 * 4  crc32c of all that follows   4     28  kind     1
 * 8  mark                         4     29  zero     3
 * 12 crc32c of the entry's bytes  4     32  id      32
 * 16 size of the entry            4
 * </pre>
 *
 * @param mark drawn for the segment: what somebody stores may hold a copy of another segment, whose
 *     headers have another mark
 */
record BlockHeader(EntryInfo info, int crc32c, int mark) {
  static final int BYTES = 64;

  /** Begins with a byte that no UTF-8 text has; the last one is the version. */
  static final int MAGIC = 0xF5524201;

  private static final int CRC_AT = 4;
  private static final int CRC_FROM = 8;
  private static final int KIND_AT = 28;
  private static final int ID_AT = 32;

  static BlockHeader of(IndexRow row, int mark) {
    return new BlockHeader(row.info(), row.crc32c(), mark);
  }

  byte[] encode() {
    byte[] header = new byte[BYTES];
    ByteBuffer out = ByteBuffer.wrap(header);
    out.putInt(MAGIC).putInt(0).putInt(mark).putInt(crc32c).putInt(info.size());
    out.putLong(info.stamp()).put((byte) info.kind().code());
    out.position(ID_AT).put(info.id().toBytes());
    return out.putInt(CRC_AT, sum(header)).array();
  }

  /** What {@link #encode} wrote, or null when these bytes are no header. */
  static BlockHeader decode(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header);
    if (header.length != BYTES || in.getInt() != MAGIC || in.getInt() != sum(header)) {
      return null;
    }
    int mark = in.getInt();
    int crc32c = in.getInt();
    int size = in.getInt();
    long stamp = in.getLong();
    Kind kind = Kind.ofCode(header[KIND_AT]);
    if (kind == null || size < 0) {
      return null;
    }
    byte[] id = new byte[Id.BYTES];
    in.get(ID_AT, id);
    return new BlockHeader(new EntryInfo(Id.of(id), kind, stamp, true, size), crc32c, mark);
  }

  private static int sum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, CRC_FROM, BYTES - CRC_FROM);
    return (int) crc.getValue();
  }
}
