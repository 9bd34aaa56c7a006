package org.ringslice.sync;

import java.util.Arrays;
import org.ringslice.messages.Bytes;

/**
 * A run of bits that is written at its end and read from its beginning, the low bits of a number
 * first. Reading past the end throws {@link IllegalArgumentException}: the bytes are a peer's.
 */
final class Bits {
  /** The longest unary part of a Rice code: a peer cannot make a reader count for long. */
  static final int UNARY_MAX = 1 << 12;

  private byte[] bytes;
  private long end;
  private long at;

  Bits() {
    this(new byte[64], 0);
  }

  private Bits(byte[] bytes, long end) {
    this.bytes = bytes;
    this.end = end;
  }

  static Bits reading(byte[] bytes) {
    return new Bits(bytes, bytes.length * 8L);
  }

  void write(long value, int width) {
    for (int i = 0; i < width; ) {
      int offset = (int) (end & 7);
      int take = Math.min(8 - offset, width - i);
      int index = (int) (end >>> 3);
      if (index == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * index);
      }
      bytes[index] |= (byte) (((value >>> i) & ((1L << take) - 1)) << offset);
      i += take;
      end += take;
    }
  }

  long read(int width) {
    if (width > end - at) {
      throw new IllegalArgumentException("the message is too short");
    }
    long value = 0;
    for (int i = 0; i < width; ) {
      int offset = (int) (at & 7);
      int take = Math.min(8 - offset, width - i);
      long piece = ((bytes[(int) (at >>> 3)] & 0xff) >>> offset) & ((1L << take) - 1);
      value |= piece << i;
      i += take;
      at += take;
    }
    return value;
  }

  /**
   * A number of [0, 2^31) in Rice's code (Rice, Some practical universal noiseless coding, 1979).
   */
  void writeRice(int value, int parameter) {
    int quotient = value >>> parameter;
    for (int i = 0; i < quotient; i++) {
      write(1, 1);
    }
    write(0, 1);
    write(value, parameter);
  }

  int readRice(int parameter) {
    int quotient = 0;
    while (read(1) == 1) {
      if (++quotient > UNARY_MAX) {
        throw new IllegalArgumentException("a number of the message is too large");
      }
    }
    return (int) (((long) quotient << parameter) | read(parameter));
  }

  /** The whole bytes that were not read yet. */
  Bytes rest() {
    int from = (int) ((at + 7) >>> 3);
    return Bytes.copyOf(bytes, from, bytes.length - from);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, (int) ((end + 7) >>> 3));
  }
}
