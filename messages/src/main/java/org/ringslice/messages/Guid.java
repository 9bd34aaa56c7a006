package org.ringslice.messages;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What tells one general message from all others: 128 random bits, drawn by who sends it first. It
 * is no {@link Id}: no point of the ring, and no hash of anything.
 */
public record Guid(long high, long low) implements Comparable<Guid> {
  /** Length of a guid in bytes. */
  public static final int BYTES = 16;

  private static final HexFormat HEX = HexFormat.of();

  /** Reads the first 16 bytes of a big-endian buffer, whatever its position. */
  static Guid readFrom(ByteBuffer buffer) {
    return new Guid(buffer.getLong(0), buffer.getLong(8));
  }

  /** Writes the first 16 bytes of a big-endian buffer, whatever its position. */
  void writeTo(ByteBuffer buffer) {
    buffer.putLong(0, high).putLong(8, low);
  }

  /** All 32 hex digits, lower case. */
  public String toHex() {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }

  @Override
  public int compareTo(Guid other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /** The first 8 hex digits, which is what people are shown. */
  @Override
  public String toString() {
    return toHex().substring(0, 8);
  }
}
