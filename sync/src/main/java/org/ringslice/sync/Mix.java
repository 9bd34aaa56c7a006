package org.ringslice.sync;

/** A fixed bijection of 64 bits that looks like chance: the finaliser of SplittableRandom. */
final class Mix {
  private Mix() {}

  static long of(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
