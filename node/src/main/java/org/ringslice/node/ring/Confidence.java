package org.ringslice.node.ring;

/**
 * What the part of a whole that was seen tells, 95 times of 100, of the part that was not. When the
 * seen have the shape a and the unseen the shape b, as gamma variables have that are summed up, the
 * share of the seen is a Beta(a, b) variable. Pure arithmetic.
 *
 * <p>By the normal approximation of E. Paulson, "An approximate normalization of the analysis of
 * variance distribution", Annals of Mathematical Statistics 13, 1942, of the ratio (1 - share) / b
 * : share / a, which is an F variable with 2b and 2a degrees of freedom. At the ends of a 95 %
 * interval, where 2.5 % are left out, it leaves out 2.5 % for b from 20 on, and 3.7 % at one end
 * for b = 1.
 */
final class Confidence {
  private static final double SHAPE_MIN = 1e-9;
  private static final double SHAPE_MAX = 1e18;

  /** Each halves the logarithm of the range: 90 are more than a double can tell. */
  private static final int HALVINGS = 90;

  private Confidence() {}

  /**
   * The shape of the unseen of which a share as small as the one seen lies so many standard
   * deviations out.
   *
   * @param share that was seen, in (0, 1)
   * @param seen the shape of it, above 0
   * @param deviations above 0 for where a share this small is rare, so that fewer are unseen
   */
  static double unseen(double share, double seen, double deviations) {
    double low = SHAPE_MIN;
    double high = SHAPE_MAX;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      if (deviations(share, seen, middle) > deviations) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Falls as the unseen grow. */
  private static double deviations(double share, double seen, double unseen) {
    double ratio = Math.cbrt((1 - share) / share * (seen / unseen));
    double ofSeen = 1 / (9 * seen);
    double ofUnseen = 1 / (9 * unseen);
    return ((1 - ofSeen) * ratio - (1 - ofUnseen)) / Math.sqrt(ofSeen * ratio * ratio + ofUnseen);
  }

  /**
   * Half the width of a 95 % interval in standard deviations that were themselves estimated:
   * Student's t, by the expansion of Cornish and Fisher, good to 1 % from 3 degrees of freedom on
   * (Abramowitz and Stegun 26.7.5).
   */
  static double student(double degreesOfFreedom) {
    double z = 1.959964;
    double z3 = z * z * z;
    double z5 = z3 * z * z;
    double z7 = z5 * z * z;
    double n = degreesOfFreedom;
    return z
        + (z3 + z) / (4 * n)
        + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
  }
}
