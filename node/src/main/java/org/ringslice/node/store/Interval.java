package org.ringslice.node.store;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;

/** A part of an arc that does not wrap, both ends included, as the keys of rows are ordered. */
record Interval(Id least, Id greatest) {
  boolean contains(Id id) {
    return least.compareTo(id) <= 0 && id.compareTo(greatest) <= 0;
  }

  /** The parts of an arc in the order of the direction. */
  static List<Interval> of(Arc arc, Direction direction) {
    if (!arc.wraps()) {
      return List.of(new Interval(arc.from().next(), arc.to()));
    }
    Interval low = new Interval(Id.ZERO, arc.to());
    if (arc.from().equals(Id.MAX)) {
      return List.of(low);
    }
    Interval high = new Interval(arc.from().next(), Id.MAX);
    return direction == Direction.NEXT ? List.of(high, low) : List.of(low, high);
  }
}
