package org.ringslice.sync;

/**
 * What is compared first: how many entries, and the sum of their digests modulo 2^64. Sums can be
 * added and taken away, which is how an index keeps them up.
 */
public record Summary(int count, long fingerprint) {
  static final Summary EMPTY = new Summary(0, 0);

  Summary plus(Summary other) {
    return new Summary(count + other.count, fingerprint + other.fingerprint);
  }

  Summary minus(Summary other) {
    return new Summary(count - other.count, fingerprint - other.fingerprint);
  }
}
