package org.ringslice.sync;

/**
 * The salt of a round, and the keys made of it: each use has its own, so that what collides in one
 * is a matter of chance in the next. Immutable.
 */
record Salt(long value) {
  static final Salt NONE = new Salt(0);

  private long key(int use) {
    return Mix.of(value + use * 0x9e3779b97f4a7c15L);
  }

  /** The digest of full ids that a careful round sketches. */
  EntryDigest hash() {
    return new EntryDigest(key(1), key(2));
  }

  /** The digest of full ids whose sums prove what a side has. */
  EntryDigest proof() {
    return new EntryDigest(key(3), key(4));
  }

  /** For the signs of {@link TugOfWar}. */
  long signs() {
    return key(5);
  }

  /** For the groups and short ids of a plan. */
  long groups(Plan plan) {
    return key(plan.isQuick() ? 6 : 7 + plan.kind().ordinal());
  }
}
