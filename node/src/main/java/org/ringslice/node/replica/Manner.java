package org.ringslice.node.replica;

import org.ringslice.messages.Message.Giving;

/** How a node compares what it holds with a peer. */
enum Manner {
  /** As holders of the same, so that both have the same in the end. */
  SHARE(Giving.BOTH, false),
  /** As SHARE, but where the peer lacks much, it is left to who leads to give it that. */
  SHARE_MODESTLY(Giving.BOTH, true),
  /** As one who need not hold it. */
  HAND_OVER(Giving.ASKER, false),
  /** As HAND_OVER, but where the peer lacks much, it is left to who leads to give it that. */
  HAND_OVER_MODESTLY(Giving.ASKER, true);

  private final Giving giving;
  private final boolean modest;

  Manner(Giving giving, boolean modest) {
    this.giving = giving;
    this.modest = modest;
  }

  Giving giving() {
    return giving;
  }

  boolean isModest() {
    return modest;
  }
}
