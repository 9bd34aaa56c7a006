package org.ringslice.sync;

/**
 * How the wants of a group are told: their number and the gaps between their ranks, in Rice codes.
 * A rank among m entries costs hardly more than log2(m / wants) bits; the id itself would cost 256.
 */
final class Wanted {
  static final int PARAMETER_BITS = 5;

  private static final int COUNT_PARAMETER = 2;

  private Wanted() {}

  /** The parameter for gaps in groups of so many entries, a few of them wanted. */
  static int gapParameter(int groupEntries) {
    int gap = groupEntries / (Plan.GROUP_DIFFERENCES / 2 + 1);
    return Math.max(0, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(gap | 1));
  }

  static void write(Bits out, int[] ranks, int parameter) {
    out.writeRice(ranks.length, COUNT_PARAMETER);
    int next = 0;
    for (int rank : ranks) {
      out.writeRice(rank - next, parameter);
      next = rank + 1;
    }
  }

  static int[] read(Bits in, int parameter) {
    int count = in.readRice(COUNT_PARAMETER);
    if (count < 0 || count > Plan.PIN_ROWS_MAX) {
      throw new IllegalArgumentException(count + " wants of one group");
    }
    int[] ranks = new int[count];
    long next = 0;
    for (int i = 0; i < count; i++) {
      long rank = next + Integer.toUnsignedLong(in.readRice(parameter));
      if (rank >= Integer.MAX_VALUE) {
        throw new IllegalArgumentException("no group has an entry of rank " + rank);
      }
      ranks[i] = (int) rank;
      next = rank + 1;
    }
    return ranks;
  }
}
