package org.ringslice.sync;

/** Whose entries a session brings to the other side. The two sides are told the opposite. */
public enum Giving {
  /** Each side gives what it has alone, so that both have the same. */
  BOTH,
  /** This side gives; what only the other one has stays there. */
  OURS,
  /** The other side gives; what only this one has stays here. */
  THEIRS;

  boolean byUs() {
    return this != THEIRS;
  }
}
