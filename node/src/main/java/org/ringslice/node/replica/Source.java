package org.ringslice.node.replica;

import java.util.Optional;
import org.ringslice.node.event.Turn;

/** What one node holds, as it is followed: this node itself, or another one over the network. */
interface Source {
  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    void go(Optional<String> failure, Turn turn);
  }

  /** Of which arcs the node is a holder; what else it may have, it hands over. */
  Arcs share();

  /** As {@link JournalFeed#ask} of what the node holds. */
  void watch(Arcs arcs, long journal, long after, JournalFeed.Reply reply, Turn turn);

  /** Has the replica take in all that the node holds of some arcs, and calls {@code then}. */
  void bring(Arcs arcs, Turn turn, Then then);
}
