package org.ringslice.messages;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A point on the ring: an unsigned 256-bit number, the identity of a node or an item. Arithmetic is
 * modulo 2^256 and the order is unsigned, so that {@link #ZERO} is the least and {@link #MAX} the
 * greatest.
 */
public final class Id implements Comparable<Id> {
  /** Length of an id in bytes. */
  public static final int BYTES = 32;

  /** Length of an id in bits. */
  public static final int BITS = 256;

  public static final Id ZERO = new Id(0, 0, 0, 0);
  public static final Id MAX = new Id(-1, -1, -1, -1);

  private static final HexFormat HEX = HexFormat.of();

  // big-endian words: a holds the most significant 64 bits
  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private Id(long a, long b, long c, long d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** The id of four big-endian words, the most significant first. */
  public static Id ofWords(long a, long b, long c, long d) {
    return new Id(a, b, c, d);
  }

  /** Reads an id from exactly {@value #BYTES} big-endian bytes. */
  public static Id of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("an id has 32 bytes, not " + bytes.length);
    }
    return readFrom(ByteBuffer.wrap(bytes));
  }

  /** Reads an id from exactly 64 hex digits. */
  public static Id fromHex(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("an id has 64 hex digits, not " + hex.length());
    }
    return of(HEX.parseHex(hex));
  }

  /** The SHA-256 (FIPS 180-4) of the bytes of a blob: its key. */
  public static Id sha256(Bytes bytes) {
    MessageDigest digest = newSha256();
    bytes.digestInto(digest);
    return of(digest.digest());
  }

  /** The point 2^exponent, for an exponent in [0, 256). */
  public static Id powerOfTwo(int exponent) {
    if (exponent < 0 || exponent >= BITS) {
      throw new IllegalArgumentException("no such power on the ring: 2^" + exponent);
    }
    long bit = 1L << (exponent & 63);
    return switch (exponent >>> 6) {
      case 0 -> new Id(0, 0, 0, bit);
      case 1 -> new Id(0, 0, bit, 0);
      case 2 -> new Id(0, bit, 0, 0);
      default -> new Id(bit, 0, 0, 0);
    };
  }

  /** This point plus {@code other}, clockwise, modulo 2^256. */
  public Id plus(Id other) {
    return plus(other.a, other.b, other.c, other.d, 0);
  }

  private Id plus(long otherA, long otherB, long otherC, long otherD, long carryIn) {
    long sumD = d + otherD + carryIn;
    long carry = carry(sumD, d, carryIn);
    long sumC = c + otherC + carry;
    carry = carry(sumC, c, carry);
    long sumB = b + otherB + carry;
    carry = carry(sumB, b, carry);
    return new Id(a + otherA + carry, sumB, sumC, sumD);
  }

  private static long carry(long sum, long addend, long carryIn) {
    int order = Long.compareUnsigned(sum, addend);
    return order < 0 || (order == 0 && carryIn == 1) ? 1 : 0;
  }

  /** The clockwise distance from {@code other} to this point, modulo 2^256. */
  public Id minus(Id other) {
    return plus(~other.a, ~other.b, ~other.c, ~other.d, 1);
  }

  /** The point just after this one. */
  public Id next() {
    return d != -1
        ? new Id(a, b, c, d + 1)
        : new Id(c == -1 && b == -1 ? a + 1 : a, c == -1 ? b + 1 : b, c + 1, 0);
  }

  /** The point just before this one. */
  public Id previous() {
    return plus(MAX);
  }

  /** This number without its last {@code bits} bits, moved down by as many; in [1, 63]. */
  Id shiftedRight(int bits) {
    return new Id(
        a >>> bits, b >>> bits | a << -bits, c >>> bits | b << -bits, d >>> bits | c << -bits);
  }

  /**
   * This number as a share of the ring, in [0, 1], and 0 only for {@link #ZERO}: the relative error
   * is below 2^-51 however small it is, so that a short arc still counts.
   */
  public double toFraction() {
    return toDouble(a) * 0x1p-64
        + (toDouble(b) * 0x1p-128 + (toDouble(c) * 0x1p-192 + toDouble(d) * 0x1p-256));
  }

  private static double toDouble(long unsigned) {
    return (unsigned >>> 11) * 0x1p11 + (unsigned & 0x7FF);
  }

  /** The most significant 64 bits, for seeding and for short names. */
  public long topBits() {
    return a;
  }

  /** One of the four 64-bit words, 0 being the most significant: for digests of ids. */
  public long word(int index) {
    return switch (index) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      default -> throw new IllegalArgumentException("an id has 4 words, and no word " + index);
    };
  }

  /** A fresh array of the 32 big-endian bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    writeTo(ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Reads the first 32 bytes of a big-endian buffer, whatever its position. */
  static Id readFrom(ByteBuffer buffer) {
    return new Id(buffer.getLong(0), buffer.getLong(8), buffer.getLong(16), buffer.getLong(24));
  }

  /** Writes the first 32 bytes of a big-endian buffer, whatever its position. */
  void writeTo(ByteBuffer buffer) {
    buffer.putLong(0, a).putLong(8, b).putLong(16, c).putLong(24, d);
  }

  /** All 64 hex digits, lower case. */
  public String toHex() {
    return HEX.formatHex(toBytes());
  }

  @Override
  public int compareTo(Id other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    if (order == 0) {
      order = Long.compareUnsigned(c, other.c);
    }
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Id id && a == id.a && b == id.b && c == id.c && d == id.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(
        a ^ Long.rotateLeft(b, 17) ^ Long.rotateLeft(c, 31) ^ Long.rotateLeft(d, 47));
  }

  /** The first 8 hex digits, which is what people are shown. */
  @Override
  public String toString() {
    return HEX.toHexDigits(a, 16).substring(0, 8);
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform must have SHA-256", e);
    }
  }
}
