package org.ringslice.sync;

import java.util.Arrays;
import org.ringslice.messages.Id;

/**
 * A node of the index's treap: the digests of all entries from its id on, up to the next leaf's, in
 * no order, and the summary of all leaves below it. The arrays are nearly as long as needed.
 */
final class Leaf {
  private static final int SLACK = 8;

  /** A leaf, its id and the header of its array. */
  static final int OBJECTS_BYTES = 64 + 48 + 16;

  final Id first;
  final long priority;
  long[] digests;
  int count;
  Leaf left;
  Leaf right;
  private int treeCount;
  private long treeFingerprint;

  Leaf(Id first, long[] digests, int count) {
    this.first = first;
    this.digests = digests;
    this.count = count;
    // heap order by a mixed id: as good as chance, and the same in each run
    priority =
        Mix.of(first.word(0) ^ Mix.of(first.word(1) ^ Mix.of(first.word(2) ^ first.word(3))));
    update();
  }

  void add(long digest) {
    if (count == digests.length) {
      digests = Arrays.copyOf(digests, count + Math.max(SLACK, count / 16));
    }
    digests[count++] = digest;
  }

  boolean remove(long digest) {
    for (int i = 0; i < count; i++) {
      if (digests[i] == digest) {
        digests[i] = digests[--count];
        if (digests.length - count > 2 * Math.max(SLACK, count / 16)) {
          digests = Arrays.copyOf(digests, count + SLACK);
        }
        return true;
      }
    }
    return false;
  }

  /** This leaf and the next one as one. */
  Leaf with(Leaf next) {
    long[] all = Arrays.copyOf(digests, count + next.count);
    System.arraycopy(next.digests, 0, all, count, next.count);
    return new Leaf(first, all, all.length);
  }

  Summary own() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += digests[i];
    }
    return new Summary(count, sum);
  }

  Summary subtree() {
    return new Summary(treeCount, treeFingerprint);
  }

  static Summary subtreeOf(Leaf leaf) {
    return leaf == null ? Summary.EMPTY : leaf.subtree();
  }

  void shift(int entries, long fingerprint) {
    treeCount += entries;
    treeFingerprint += fingerprint;
  }

  void update() {
    Summary sum = own().plus(subtreeOf(left)).plus(subtreeOf(right));
    treeCount = sum.count();
    treeFingerprint = sum.fingerprint();
  }
}
