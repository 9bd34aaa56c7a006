package org.ringslice.tools.bench;

import java.util.Arrays;

/** Times of single operations, in nanoseconds. */
final class Sample {
  private long[] nanos = new long[1024];
  private int count;

  void add(long elapsedNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = elapsedNanos;
  }

  /** The time that a share of the operations, in [0, 1], did not exceed; in microseconds. */
  double micros(double share) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[(int) Math.min(count - 1, Math.floor(share * count))] / 1e3;
  }
}
