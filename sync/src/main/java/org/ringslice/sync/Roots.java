package org.ringslice.sync;

import java.util.Arrays;

/**
 * The roots of a polynomial over GF(2^k) that splits into distinct linear factors, by Berlekamp's
 * trace algorithm (Factoring polynomials over large finite fields, 1970): for each b of a basis,
 * the trace of b·x is 0 for one half of the roots and 1 for the others, so that a common divisor
 * splits them. Polynomials are monic arrays, the constant term first. Stateless.
 */
final class Roots {
  private final Field field;

  Roots(Field field) {
    this.field = field;
  }

  /** All roots, or null when some are missing, zero, or come twice. */
  long[] of(long[] monic) {
    int degree = monic.length - 1;
    if (degree == 0) {
      return new long[0];
    }
    if (monic[0] == 0 || !splits(monic)) {
      return null;
    }
    long[] found = new long[degree];
    int count = collect(monic, 0, found, 0);
    return count == degree ? found : null;
  }

  /** Whether the polynomial divides x^(2^k) - x, the product of all linear factors. */
  private boolean splits(long[] monic) {
    if (monic.length == 2) {
      return true;
    }
    long[] power = new long[monic.length - 1];
    power[1] = 1;
    for (int i = 0; i < field.bits(); i++) {
      squareModulo(power, monic);
    }
    power[1] ^= 1;
    return degree(power) < 0;
  }

  private int collect(long[] monic, int basis, long[] found, int count) {
    if (monic.length == 2) {
      found[count] = monic[0];
      return count + 1;
    }
    for (int bit = basis; bit < field.bits(); bit++) {
      long[] left = gcd(monic, trace(1L << bit, monic));
      if (left.length > 1 && left.length < monic.length) {
        int more = collect(left, bit + 1, found, count);
        return collect(quotient(monic, left), bit + 1, found, more);
      }
    }
    return count;
  }

  /** b·x + (b·x)^2 + (b·x)^4 + … modulo a polynomial. */
  private long[] trace(long b, long[] monic) {
    long[] term = new long[monic.length - 1];
    term[1] = b;
    long[] sum = term.clone();
    for (int i = 1; i < field.bits(); i++) {
      squareModulo(term, monic);
      for (int j = 0; j < sum.length; j++) {
        sum[j] ^= term[j];
      }
    }
    return sum;
  }

  private void squareModulo(long[] value, long[] monic) {
    int degree = monic.length - 1;
    long[] square = new long[2 * degree - 1];
    for (int i = 0; i < degree; i++) {
      square[2 * i] = field.square(value[i]);
    }
    reduce(square, monic);
    System.arraycopy(square, 0, value, 0, degree);
  }

  /** Leaves the remainder in the low places of {@code value}, and the quotient above. */
  private void reduce(long[] value, long[] monic) {
    int degree = monic.length - 1;
    for (int i = value.length - 1; i >= degree; i--) {
      long lead = value[i];
      if (lead != 0) {
        for (int j = 0; j < degree; j++) {
          value[i - degree + j] ^= field.multiply(lead, monic[j]);
        }
      }
    }
  }

  private long[] quotient(long[] value, long[] monic) {
    long[] work = value.clone();
    reduce(work, monic);
    return Arrays.copyOfRange(work, monic.length - 1, work.length);
  }

  private long[] gcd(long[] monic, long[] other) {
    long[] a = monic;
    long[] b = toMonic(other);
    while (b.length > 0) {
      long[] rest = a.clone();
      reduce(rest, b);
      a = b;
      b = toMonic(Arrays.copyOf(rest, Math.min(rest.length, b.length - 1)));
    }
    return a;
  }

  /** Without leading zeros, and divided by the leading coefficient; empty for zero. */
  private long[] toMonic(long[] value) {
    int degree = degree(value);
    long[] monic = Arrays.copyOf(value, degree + 1);
    if (degree >= 0 && monic[degree] != 1) {
      long inverse = field.inverse(monic[degree]);
      for (int i = 0; i <= degree; i++) {
        monic[i] = field.multiply(monic[i], inverse);
      }
    }
    return monic;
  }

  private static int degree(long[] value) {
    int degree = value.length - 1;
    while (degree >= 0 && value[degree] == 0) {
      degree--;
    }
    return degree;
  }
}
