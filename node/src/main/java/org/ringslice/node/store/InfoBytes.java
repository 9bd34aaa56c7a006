package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/**
 * How all but the id of an {@link EntryInfo} lies on disk, in {@value #BYTES} bytes, big-endian:
 *
 * <pre>
 * 0  kind     1      2  stamp    8
 * 1  alive    1     10  size     4      alive: 0 is dead
 * </pre>
 */
final class InfoBytes {
  static final int BYTES = 14;

  private InfoBytes() {}

  /**
   * @param alive any number but 0 for what is alive
   */
  static void put(EntryInfo info, int alive, ByteBuffer out) {
    out.put((byte) info.kind().code()).put((byte) alive).putLong(info.stamp()).putInt(info.size());
  }

  static byte[] encode(EntryInfo info) {
    byte[] bytes = new byte[BYTES];
    put(info, info.alive() ? 1 : 0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /**
   * Reads what {@link #put} wrote.
   *
   * @throws IOException when nobody wrote that
   */
  static EntryInfo get(Id id, ByteBuffer in) throws IOException {
    if (in.remaining() < BYTES) {
      throw new IOException("only " + in.remaining() + " bytes are there for " + id);
    }
    Kind kind = Kind.ofCode(in.get());
    boolean alive = in.get() != 0;
    long stamp = in.getLong();
    int size = in.getInt();
    if (kind == null || size < 0) {
      throw new IOException("what is there for " + id + " makes no sense");
    }
    return new EntryInfo(id, kind, stamp, alive, size);
  }
}
