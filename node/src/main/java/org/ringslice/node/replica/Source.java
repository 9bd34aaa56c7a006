package org.ringslice.node.replica;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.Turn;

/** What one node holds, as it is followed: this node itself, or another one over the network. */
interface Source {
  /** What to do with a part of a list. */
  @FunctionalInterface
  interface Then {
    /**
     * @param page nearest first
     */
    void go(List<EntryInfo> page, Optional<String> failure, Turn turn);
  }

  /** As {@link JournalFeed#ask} of what the node holds. */
  void watch(Arcs arcs, long journal, long after, JournalFeed.Reply reply, Turn turn);

  /**
   * The first entries that the node holds in an arc; all of them when fewer come than asked for.
   */
  void list(Arc arc, int count, Then then, Turn turn);
}
