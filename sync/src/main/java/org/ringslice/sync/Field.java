package org.ringslice.sync;

/**
 * The field GF(2^k) for k from {@value #BITS_MIN} to {@value #BITS_MAX}: its elements are the
 * numbers below 2^k, adding is XOR. Immutable.
 *
 * <p>The polynomials are those of Seroussi, Table of low-weight binary irreducible polynomials,
 * 1998. Java has no carry-less multiplication; it is made of integer ones on numbers with holes:
 * where only each fourth bit is set, at most 8 of them add up in one place, which fits into the
 * hole (Pornin, BearSSL, Constant-time GHASH).
 */
final class Field {
  static final int BITS_MIN = 8;
  static final int BITS_MAX = 32;

  /** Exponents between k and 0 of the polynomial of k bits; a trinomial has one, others three. */
  private static final int[][] TAPS = {
    {4, 3, 1}, {1}, {3}, {2}, {3}, {4, 3, 1}, {5}, {1}, {5, 3, 1}, {3}, {3}, {5, 2, 1}, {3}, {2},
    {1}, {5}, {4, 3, 1}, {3}, {4, 3, 1}, {5, 2, 1}, {1}, {2}, {1}, {3}, {7, 3, 2}
  };

  private static final long HOLES = 0x1111_1111_1111_1111L;

  private final int bits;
  private final long mask;
  private final int tap1;
  private final int tap2;
  private final int tap3;

  Field(int bits) {
    if (bits < BITS_MIN || bits > BITS_MAX) {
      throw new IllegalArgumentException("no field of 2^" + bits + " elements here");
    }
    this.bits = bits;
    this.mask = (1L << bits) - 1;
    int[] taps = TAPS[bits - BITS_MIN];
    tap1 = taps[0];
    // two equal taps cancel, so that trinomials need no case of their own
    tap2 = taps.length > 1 ? taps[1] : 0;
    tap3 = taps.length > 1 ? taps[2] : 0;
  }

  int bits() {
    return bits;
  }

  long mask() {
    return mask;
  }

  /** The polynomial, with bit i for the coefficient of x^i. */
  long polynomial() {
    return (1L << bits) ^ fold(1);
  }

  long multiply(long x, long y) {
    long x0 = x & HOLES;
    long x1 = x & (HOLES << 1);
    long x2 = x & (HOLES << 2);
    long x3 = x & (HOLES << 3);
    long y0 = y & HOLES;
    long y1 = y & (HOLES << 1);
    long y2 = y & (HOLES << 2);
    long y3 = y & (HOLES << 3);
    long z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
    long z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
    long z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
    long z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
    return reduce((z0 & HOLES) | (z1 & (HOLES << 1)) | (z2 & (HOLES << 2)) | (z3 & (HOLES << 3)));
  }

  /**
   * Multiplies many pairs at once, each x by its y, in loops of shifts that compilers turn into
   * vector instructions: half the time of {@link #multiply} a pair from some dozens of them on.
   *
   * @param product scratch of the same length
   */
  void multiplyAll(long[] x, long[] y, long[] product, int count) {
    for (int i = 0; i < count; i++) {
      product[i] = 0;
    }
    for (int shift = 0; shift < bits; shift += 4) {
      for (int i = 0; i < count; i++) {
        long a = x[i] >>> shift;
        long b = y[i];
        long sum =
            (b & -(a & 1))
                ^ ((b << 1) & -((a >>> 1) & 1))
                ^ ((b << 2) & -((a >>> 2) & 1))
                ^ ((b << 3) & -((a >>> 3) & 1));
        product[i] ^= sum << shift;
      }
    }
    for (int i = 0; i < count; i++) {
      x[i] = reduce(product[i]);
    }
  }

  long square(long x) {
    long z = (x | (x << 16)) & 0x0000_FFFF_0000_FFFFL;
    z = (z | (z << 8)) & 0x00FF_00FF_00FF_00FFL;
    z = (z | (z << 4)) & 0x0F0F_0F0F_0F0F_0F0FL;
    z = (z | (z << 2)) & 0x3333_3333_3333_3333L;
    z = (z | (z << 1)) & 0x5555_5555_5555_5555L;
    return reduce(z);
  }

  /** The inverse of what is not 0: x^(2^k - 2). */
  long inverse(long x) {
    long power = square(x);
    long result = power;
    for (int i = 2; i < bits; i++) {
      power = square(power);
      result = multiply(result, power);
    }
    return result;
  }

  // no tap is above k/2 + 1, so that what is left after two folds is below 2^k
  private long reduce(long z) {
    long once = (z & mask) ^ fold(z >>> bits);
    return (once & mask) ^ fold(once >>> bits);
  }

  private long fold(long high) {
    return high ^ (high << tap1) ^ (high << tap2) ^ (high << tap3);
  }
}
