package org.ringslice.node.replica;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;

/**
 * One pass over all that is held here, in ring order, a batch at a time: the next is listed when
 * the last has been dealt with, so that a pass of any length takes little memory.
 */
final class Sweep {

  /** Deals with what is listed. */
  interface Visitor {
    /** Must call {@link Sweep#next}, in this turn or later. */
    void visit(List<EntryInfo> batch, Turn turn);

    /**
     * @param failure of the disk, when the pass did not come to its end
     */
    void swept(Optional<String> failure, Turn turn);
  }

  private final Shelf shelf;
  private final Visitor visitor;
  private Id at = Id.ZERO;
  private boolean finished;

  Sweep(Shelf shelf, Visitor visitor) {
    this.shelf = shelf;
    this.visitor = visitor;
  }

  /** Goes on; from the beginning when it is called for the first time. */
  void next(Turn turn) {
    if (finished) {
      visitor.swept(Optional.empty(), turn);
    } else {
      shelf.scan(new Arc(at, Id.ZERO), Direction.NEXT, Inspection.ITEMS_MAX, turn, this::scanned);
    }
  }

  private void scanned(Event.Scanned scanned, Turn turn) {
    List<EntryInfo> items = scanned.items();
    if (scanned.failure().isPresent() || items.isEmpty()) {
      visitor.swept(scanned.failure(), turn);
      return;
    }
    at = items.get(items.size() - 1).id();
    finished = items.size() < Inspection.ITEMS_MAX || at.equals(Id.ZERO);
    visitor.visit(items, turn);
  }
}
