package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Turn;

/**
 * Brings all that a node holds in some arcs to the replica of watched slices, a page after the
 * other: the next is asked for when the last is durable.
 */
final class Listing {
  /** Entries of a page: its answer is 45 kB, and an arc of a million is a thousand questions. */
  static final int PAGE_ENTRIES = 1024;

  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    void go(Optional<String> failure, Turn turn);
  }

  private final Source source;
  private final Replica replica;
  private final Then then;
  private final ArrayDeque<Arc> left;

  Listing(Source source, Arcs arcs, Replica replica, Then then) {
    this.source = source;
    this.replica = replica;
    this.then = then;
    this.left = new ArrayDeque<>(arcs.toList());
  }

  void next(Turn turn) {
    if (left.isEmpty()) {
      then.go(Optional.empty(), turn);
    } else {
      source.list(left.peek(), PAGE_ENTRIES, this::listed, turn);
    }
  }

  private void listed(List<EntryInfo> page, Optional<String> failure, Turn turn) {
    if (failure.isPresent()) {
      then.go(failure, turn);
      return;
    }
    Arc arc = left.poll();
    if (page.size() >= PAGE_ENTRIES) {
      Id last = page.get(page.size() - 1).id();
      if (!last.equals(arc.to())) {
        left.push(new Arc(last, arc.to()));
      }
    }
    replica.note(
        page,
        turn,
        (trouble, later) -> {
          if (trouble.isPresent()) {
            then.go(trouble, later);
          } else {
            next(later);
          }
        });
  }
}
