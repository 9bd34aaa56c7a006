package org.ringslice.sync;

import java.util.Arrays;

/**
 * The sketch by which the larger of two sides finds what the smaller one lacks, when the smaller
 * one has (nearly) nothing of its own: the XOR of random rows of bits, one row an entry. The larger
 * side knows all rows that may be in the difference, and solves for the subset, linear algebra over
 * GF(2) as in decoding erasures with a random linear code. That takes hardly more than a bit an
 * entry; a subset of n has n bits of entropy when half of it is missing. Entries that only the
 * smaller side has leave the equations without a solution, but for a chance of 2^-(rows - entries).
 * Stateless.
 */
final class ErasureSketch {
  /** With so many bits more than entries, a random matrix has full rank but for one in 1,000. */
  static final int SPARE_BITS = 10;

  private ErasureSketch() {}

  /** Adds the rows of hashes [from, to) to the words of a sketch from some word on. */
  static void add(long[] hashes, int from, int to, int firstWord, long[] sketch) {
    for (int i = from; i < to; i++) {
      for (int word = firstWord; word < sketch.length; word++) {
        sketch[word] ^= row(hashes[i], word);
      }
    }
  }

  private static long row(long hash, int word) {
    return Mix.of(hash + (word + 1) * 0x9e3779b97f4a7c15L);
  }

  /**
   * Which of the hashes [from, to) sum up to a sketch, as indices, or null when none or more than
   * one subset does.
   */
  static int[] solve(long[] hashes, int from, int to, long[] sketch) {
    int rowWords = sketch.length;
    int count = to - from;
    int words = rowWords + ((count + 63) >>> 6);
    if (count > rowWords * 64) {
      return null;
    }
    long[][] pivots = new long[rowWords * 64][];
    for (int i = 0; i < count; i++) {
      long[] vector = new long[words];
      for (int word = 0; word < rowWords; word++) {
        vector[word] = row(hashes[from + i], word);
      }
      vector[rowWords + (i >>> 6)] = 1L << i;
      int lead = eliminate(vector, pivots, rowWords);
      if (lead < 0) {
        return null;
      }
      pivots[lead] = vector;
    }
    long[] target = new long[words];
    System.arraycopy(sketch, 0, target, 0, rowWords);
    return eliminate(target, pivots, rowWords) < 0 ? chosen(target, rowWords, from, count) : null;
  }

  /** Subtracts pivots; the first bit that has none, or -1 when nothing is left. */
  private static int eliminate(long[] vector, long[][] pivots, int rowWords) {
    for (int word = 0; word < rowWords; word++) {
      while (vector[word] != 0) {
        int lead = (word << 6) | Long.numberOfTrailingZeros(vector[word]);
        long[] pivot = pivots[lead];
        if (pivot == null) {
          return lead;
        }
        for (int i = word; i < vector.length; i++) {
          vector[i] ^= pivot[i];
        }
      }
    }
    return -1;
  }

  private static int[] chosen(long[] target, int rowWords, int from, int count) {
    int[] indices = new int[count];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (((target[rowWords + (i >>> 6)] >>> i) & 1) != 0) {
        indices[size++] = from + i;
      }
    }
    return Arrays.copyOf(indices, size);
  }
}
