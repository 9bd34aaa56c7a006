package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FieldTest {
  private final SplittableRandom random = new SplittableRandom(6);

  @Test
  void multipliesAsPolynomialsDo() {
    for (int bits = Field.BITS_MIN; bits <= Field.BITS_MAX; bits++) {
      Field field = new Field(bits);
      for (int i = 0; i < 2000; i++) {
        long x = i == 0 ? field.mask() : random.nextLong() & field.mask();
        long y = i == 0 ? field.mask() : random.nextLong() & field.mask();
        assertEquals(slowly(x, y, field), field.multiply(x, y), "2^" + bits);
        assertEquals(slowly(x, x, field), field.square(x), "2^" + bits);
        assertEquals(x == 0 ? 0 : 1, field.multiply(x, field.inverse(x)), "2^" + bits);
      }
    }
  }

  @Test
  void multipliesManyAtOnceAsOneByOne() {
    for (int bits = Field.BITS_MIN; bits <= Field.BITS_MAX; bits++) {
      Field field = new Field(bits);
      long[] x = random.longs(100).map(each -> each & field.mask()).toArray();
      long[] y = random.longs(100).map(each -> each & field.mask()).toArray();
      long[] many = x.clone();
      field.multiplyAll(many, y, new long[100], 99);
      for (int i = 0; i < 100; i++) {
        assertEquals(i < 99 ? field.multiply(x[i], y[i]) : x[i], many[i]);
      }
    }
  }

  private static long slowly(long x, long y, Field field) {
    long product = 0;
    for (int i = field.bits() - 1; i >= 0; i--) {
      product <<= 1;
      product ^= ((product >>> field.bits()) & 1) * field.polynomial();
      product ^= ((y >>> i) & 1) * x;
    }
    return product;
  }

  /** Rabin, Probabilistic algorithms in finite fields, 1980: x^(2^k) = x, and in no subfield. */
  @Test
  void hasAnIrreduciblePolynomialOfEachDegree() {
    for (int bits = Field.BITS_MIN; bits <= Field.BITS_MAX; bits++) {
      Field field = new Field(bits);
      long power = 2;
      for (int i = 1; i <= bits; i++) {
        power = field.square(power);
        if (i < bits && bits % i == 0) {
          assertNotEquals(2, power, "2^" + bits);
          assertEquals(1, gcd(field.polynomial(), power ^ 2), "2^" + bits);
        }
      }
      assertEquals(2, power, "2^" + bits);
    }
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      long rest = a;
      while (rest != 0 && Long.numberOfLeadingZeros(rest) <= Long.numberOfLeadingZeros(b)) {
        rest ^= b << (Long.numberOfLeadingZeros(b) - Long.numberOfLeadingZeros(rest));
      }
      a = b;
      b = rest;
    }
    return a;
  }
}
