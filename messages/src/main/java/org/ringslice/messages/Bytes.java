package org.ringslice.messages;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An immutable run of bytes. It owns a whole array, so that a payload can go to a socket or a disk
 * without a copy; whoever {@linkplain #wrap wraps} an array gives it away and must not touch it
 * again.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Takes over {@code array} without copying it; the caller gives it up. */
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /** Copies {@code length} bytes of {@code array} from {@code offset} on. */
  public static Bytes copyOf(byte[] array, int offset, int length) {
    return wrap(Arrays.copyOfRange(array, offset, offset + length));
  }

  public int size() {
    return array.length;
  }

  /** A read-only view of the bytes. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return array.clone();
  }

  /**
   * The array itself, for libraries that take nothing else and only read it. Writing to it breaks
   * every holder of these bytes.
   */
  public byte[] unsafeArray() {
    return array;
  }

  void digestInto(MessageDigest digest) {
    digest.update(array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
