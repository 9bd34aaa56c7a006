package org.ringslice.node.sim;

import java.util.Locale;
import java.util.stream.IntStream;
import org.ringslice.messages.Limits;

/** How look-ups went, and how often they were passed on. */
final class Tally {
  private static final double LATE_SHARE = 0.99;

  private final int[] byHops = new int[Limits.HOPS_MAX + 1];
  private int right;
  private int wrong;
  private int errors;

  /**
   * One was answered.
   *
   * @param hops how often it was passed on; 0 when who was asked knew it
   */
  void answered(boolean isRight, int hops) {
    byHops[hops]++;
    if (isRight) {
      right++;
    } else {
      wrong++;
    }
  }

  /** One was answered with an error. */
  void failed() {
    errors++;
  }

  int right() {
    return right;
  }

  int wrong() {
    return wrong;
  }

  int errors() {
    return errors;
  }

  int all() {
    return right + wrong + errors;
  }

  private int answered() {
    return right + wrong;
  }

  /** 0 when none was answered. */
  double hopsMean() {
    long hops = IntStream.range(0, byHops.length).mapToLong(i -> (long) i * byHops[i]).sum();
    return answered() == 0 ? 0 : (double) hops / answered();
  }

  /** As many hops or less had 99 % of those that were answered. */
  int hopsP99() {
    int hops = 0;
    for (long seen = byHops[0]; seen < LATE_SHARE * answered(); seen += byHops[hops]) {
      hops++;
    }
    return hops;
  }

  Simulation.LookedUp summary() {
    return new Simulation.LookedUp(right, errors, wrong, hopsMean(), hopsP99());
  }

  /** Empty when there was none. */
  @Override
  public String toString() {
    return all() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "%,d look-ups right, %d errors, %d wrong; hops %.2f mean, %d p99",
            right,
            errors,
            wrong,
            hopsMean(),
            hopsP99());
  }
}
