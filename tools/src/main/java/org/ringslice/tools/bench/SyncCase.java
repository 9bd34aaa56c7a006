package org.ringslice.tools.bench;

/**
 * Two sets to make equal.
 *
 * @param entries that both have, or the larger set where one has a half or nothing
 * @param differing that one side has alone
 */
record SyncCase(int entries, Shape shape, int differing) {
  enum Shape {
    /** The differing ones are half here and half there. */
    BOTH,
    /** One side has a half of the other's entries, and no others. */
    HALF,
    /** One side has nothing. */
    EMPTY
  }

  /** How many the beginning side has alone; the other has the other differing ones. */
  int onlyHere() {
    return shape == Shape.BOTH ? differing / 2 : 0;
  }

  int onlyThere() {
    return differing - onlyHere();
  }

  int common() {
    return shape == Shape.BOTH ? entries : entries - differing;
  }

  /**
   * The least that two sides can say in bytes, when each has to know what it has alone and may be
   * wrong with a chance of 2^-40.
   */
  double boundBytes() {
    double bits = 40;
    bits += log2Choose(common() + onlyHere(), onlyHere());
    bits += log2Choose(common() + onlyThere(), onlyThere());
    return bits / 8;
  }

  /** By Stirling's formula. */
  private static double log2Choose(double n, double k) {
    if (k == 0 || k == n) {
      return 0;
    }
    double share = k / n;
    double entropy = -share * log2(share) - (1 - share) * log2(1 - share);
    return Math.max(0, n * entropy - log2(2 * Math.PI * k * (1 - share)) / 2);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
