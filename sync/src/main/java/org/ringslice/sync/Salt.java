package org.ringslice.sync;

/**
 * The salt of a round, and the keys made of it: each use has its own, so that what collides in one
 * is a matter of chance in the next. Immutable.
 *
 * @param sent what the other side is told of it
 */
record Salt(long value, long sent) {
  static final Salt NONE = new Salt(0);

  /** The bits that each message of a round bears; a chain leaves them as they are. */
  private static final long TAG = 0xffff;

  Salt(long value) {
    this(value, value);
  }

  /**
   * A salt for the round that follows the one of this salt: it shows in what is sent of it, so that
   * it is not taken up in the middle of another round, and the rest of it is read otherwise there.
   */
  Salt next(long random) {
    return nextSent((random & ~TAG) | nextTag());
  }

  /** The salt of the following round, of which this was sent. */
  Salt nextSent(long sentOfNext) {
    return new Salt(sentOfNext ^ (Mix.of(value) & ~TAG), sentOfNext);
  }

  /** Whether what was sent may be of the salt of the following round. */
  boolean isFollowedBy(long sentOfNext) {
    return (sentOfNext & TAG) == nextTag();
  }

  private long nextTag() {
    return Mix.of(~value) & TAG;
  }

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
