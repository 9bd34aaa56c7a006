package org.ringslice.sync;

import java.util.Arrays;

/**
 * Finds the few numbers of given ranks among many without sorting all of them: numbers are counted
 * by their high bits, and only the bucket that a rank falls into is sorted. Stateless.
 */
final class Ranks {
  private static final int BUCKET_BITS = 8;

  private Ranks() {}

  /**
   * The indices of the numbers [from, to), below 2^bits and unsigned, that have some ascending
   * ranks; equal numbers rank in their order. Ranks past the end are left out.
   */
  static int[] indices(int[] numbers, int from, int to, int bits, int[] ranks) {
    if (ranks.length == 0) {
      return new int[0];
    }
    int shift = bits - BUCKET_BITS;
    int[] counts = new int[1 << BUCKET_BITS];
    for (int i = from; i < to; i++) {
      counts[numbers[i] >>> shift]++;
    }
    int[] indices = new int[ranks.length];
    int found = 0;
    int below = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      int next = below + counts[bucket];
      if (found < ranks.length && ranks[found] < next) {
        long[] sorted = bucket(numbers, from, to, shift, bucket, counts[bucket]);
        for (; found < ranks.length && ranks[found] < next; found++) {
          indices[found] = (int) sorted[ranks[found] - below];
        }
      }
      below = next;
    }
    return Arrays.copyOf(indices, found);
  }

  /** The numbers of a bucket in order, each above its index. */
  private static long[] bucket(int[] numbers, int from, int to, int shift, int bucket, int count) {
    long[] within = new long[count];
    int size = 0;
    for (int i = from; i < to && size < count; i++) {
      if (numbers[i] >>> shift == bucket) {
        // numbers of one bucket have the same high bits, so that the sign does not matter
        within[size++] = ((long) numbers[i] << Integer.SIZE) | i;
      }
    }
    Arrays.sort(within);
    return within;
  }
}
