package org.ringslice.sync;

import java.util.Arrays;

/**
 * The exact sketch of a set of non-zero elements of GF(2^k): its odd power sums s1, s3, s5, …, the
 * syndromes of a BCH code. The XOR of two sets' sketches is the sketch of their symmetric
 * difference, and c syndromes give back up to c differences, whatever they have in common
 * (PinSketch: Dodis, Ostrovsky, Reyzin, Smith, Fuzzy extractors, SIAM J. Comput. 2008, section 6;
 * minisketch by Wuille is the practical reference). More syndromes may be appended later: a sketch
 * that does not decode grows, and nothing of it was in vain. Stateless; the arrays are the
 * caller's.
 */
final class PinSketch {
  /**
   * From this many syndromes on, a full sketch is believed: random syndromes decode to c elements
   * with a chance of 1/c!. Below, one syndrome is kept as a check.
   */
  static final int BELIEVED_ROWS = 9;

  /** Elements multiplied together: so few that all stays in the nearest cache. */
  private static final int BATCH = 256;

  private final Field field;
  private final Roots roots;
  private final long[] elements = new long[BATCH];
  private final long[] powers = new long[BATCH];
  private final long[] squares = new long[BATCH];
  private final long[] products = new long[BATCH];

  PinSketch(Field field) {
    this.field = field;
    this.roots = new Roots(field);
  }

  /** Adds the elements [from, to) of an array to the rows of a sketch from some row on. */
  void add(int[] all, int from, int to, int firstRow, long[] syndromes) {
    for (int begin = from; begin < to; begin += BATCH) {
      int count = Math.min(BATCH, to - begin);
      for (int i = 0; i < count; i++) {
        powers[i] = Integer.toUnsignedLong(all[begin + i]);
        squares[i] = field.square(powers[i]);
      }
      raise(2 * firstRow + 1, count);
      syndromes[firstRow] ^= xor(powers, count);
      for (int row = firstRow + 1; row < syndromes.length; row++) {
        field.multiplyAll(powers, squares, products, count);
        syndromes[row] ^= xor(powers, count);
      }
    }
  }

  /** Raises the elements to a power, by squaring and multiplying from its second bit down. */
  private void raise(int exponent, int count) {
    System.arraycopy(powers, 0, elements, 0, count);
    for (int bit = Integer.highestOneBit(exponent) >> 1; bit > 0; bit >>= 1) {
      for (int i = 0; i < count; i++) {
        powers[i] = field.square(powers[i]);
      }
      if ((exponent & bit) != 0) {
        field.multiplyAll(powers, elements, products, count);
      }
    }
  }

  private static long xor(long[] values, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum ^= values[i];
    }
    return sum;
  }

  /** The elements whose sketch this is, or null when they are more than it can tell. */
  long[] decode(long[] syndromes) {
    int rows = syndromes.length;
    long[] locator = locator(powerSums(syndromes));
    int degree = locator.length - 1;
    int believed = rows >= BELIEVED_ROWS ? rows : rows - 1;
    if (degree > believed || locator[degree] == 0) {
      return null;
    }
    return roots.of(reversed(locator));
  }

  /** s1, s2, …, s2c: in characteristic 2 the square of a sum is the sum of the squares. */
  private long[] powerSums(long[] odd) {
    long[] sums = new long[2 * odd.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = i % 2 == 0 ? odd[i / 2] : field.square(sums[i / 2]);
    }
    return sums;
  }

  /**
   * The shortest recurrence that gives the sums, by Berlekamp and Massey (Massey, Shift-register
   * synthesis and BCH decoding, 1969). The array is as long as its length says, plus one.
   */
  private long[] locator(long[] sums) {
    long[] current = new long[sums.length + 2];
    long[] previous = new long[sums.length + 2];
    current[0] = 1;
    previous[0] = 1;
    int length = 0;
    int shift = 1;
    long previousInverse = 1;
    for (int n = 0; n < sums.length; n++) {
      long discrepancy = sums[n];
      for (int i = 1; i <= length; i++) {
        discrepancy ^= field.multiply(current[i], sums[n - i]);
      }
      if (discrepancy == 0) {
        shift++;
        continue;
      }
      long[] before = 2 * length <= n ? current.clone() : null;
      long factor = field.multiply(discrepancy, previousInverse);
      for (int i = 0; i + shift < current.length; i++) {
        if (previous[i] != 0) {
          current[i + shift] ^= field.multiply(factor, previous[i]);
        }
      }
      shift++;
      if (before != null) {
        length = n + 1 - length;
        previous = before;
        previousInverse = field.inverse(discrepancy);
        shift = 1;
      }
    }
    return Arrays.copyOf(current, length + 1);
  }

  /** The polynomial whose roots are the elements, monic: the locator's are their inverses. */
  private static long[] reversed(long[] locator) {
    long[] monic = new long[locator.length];
    for (int i = 0; i < locator.length; i++) {
      monic[i] = locator[locator.length - 1 - i];
    }
    return monic;
  }
}
