package org.ringslice.sync;

import java.util.Arrays;

/**
 * The short ids of a group in their order. Those that come an even number of times cancel in a
 * sketch; they are left out, so that a place in the order means the same to both sides once they
 * know the difference. Immutable.
 */
final class ShortIds {
  private static final int INDEX_BITS = 31;

  /** Short ids above the index of their entry, ascending. */
  private final long[] odd;

  /** The same of entries whose short ids cancel: few, by chance. */
  private final long[] even;

  /**
   * @param all of which the numbers [from, to) are below 2^bits and unsigned
   */
  ShortIds(int[] all, int from, int to, int bits) {
    long[] sorted = sorted(all, from, to, bits);
    int odds = 0;
    int evens = 0;
    long[] cancelled = new long[sorted.length];
    for (int begin = 0, end; begin < sorted.length; begin = end) {
      end = begin + 1;
      while (end < sorted.length && sorted[end] >>> INDEX_BITS == sorted[begin] >>> INDEX_BITS) {
        end++;
      }
      if ((end - begin) % 2 == 1) {
        sorted[odds++] = sorted[begin];
      } else {
        System.arraycopy(sorted, begin, cancelled, evens, end - begin);
        evens += end - begin;
      }
    }
    odd = Arrays.copyOf(sorted, odds);
    even = Arrays.copyOf(cancelled, evens);
  }

  /** By as many buckets as there are numbers, which are spread evenly unless somebody crafts. */
  private static long[] sorted(int[] all, int from, int to, int bits) {
    int bucketBits = Math.min(bits, Integer.SIZE - Integer.numberOfLeadingZeros(to - from));
    int shift = bits - bucketBits;
    int[] begins = new int[(1 << bucketBits) + 1];
    for (int i = from; i < to; i++) {
      begins[(int) (Integer.toUnsignedLong(all[i]) >>> shift) + 1]++;
    }
    for (int bucket = 1; bucket < begins.length; bucket++) {
      begins[bucket] += begins[bucket - 1];
    }
    int[] next = begins.clone();
    long[] sorted = new long[to - from];
    for (int i = from; i < to; i++) {
      long number = Integer.toUnsignedLong(all[i]);
      sorted[next[(int) (number >>> shift)]++] = (number << INDEX_BITS) | i;
    }
    for (int bucket = 0; bucket + 1 < begins.length; bucket++) {
      if (begins[bucket + 1] - begins[bucket] > 1) {
        Arrays.sort(sorted, begins[bucket], begins[bucket + 1]);
      }
    }
    return sorted;
  }

  int size() {
    return odd.length;
  }

  /** How many short ids are below this one. */
  int rankOf(long shortId) {
    int at = Arrays.binarySearch(odd, shortId << INDEX_BITS);
    return at < 0 ? -at - 1 : at;
  }

  /** The index of the entry of a rank. */
  int indexOf(int rank) {
    return (int) odd[rank] & Integer.MAX_VALUE;
  }

  /** Whether this short id is there, an odd number of times. */
  boolean contains(long shortId) {
    int rank = rankOf(shortId);
    return rank < odd.length && odd[rank] >>> INDEX_BITS == shortId;
  }

  /** The indices of the entries that have a short id an even number of times. */
  int[] cancelled(long shortId) {
    return Arrays.stream(even)
        .filter(each -> each >>> INDEX_BITS == shortId)
        .mapToInt(each -> (int) each & Integer.MAX_VALUE)
        .toArray();
  }
}
