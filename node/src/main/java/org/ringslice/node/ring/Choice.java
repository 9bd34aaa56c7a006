package org.ringslice.node.ring;

import java.util.BitSet;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/** Some of the nodes of a ring. They are noted by their places, which keeps them in order. */
final class Choice {
  private final Ring ring;
  private final BitSet places = new BitSet();

  /** None yet. */
  Choice(Ring ring) {
    this.ring = ring;
  }

  /** Adds a node that is on the ring. */
  void add(Id node) {
    places.set(ring.place(node));
  }

  void addAll(List<Id> nodes) {
    nodes.forEach(this::add);
  }

  /** Adds another choice of the same ring. */
  void add(Choice other) {
    places.or(other.places);
  }

  /** Adds the owner of a point, and so many nodes before and after the point. */
  void addRound(Id point, int count) {
    int size = ring.size();
    if (size == 0) {
      return;
    }
    int owner = ring.ownerPlace(point);
    int last = Math.max(0, ring.node(owner).equals(point) ? count : count - 1);
    for (int i = -Math.min(count, size); i <= Math.min(last, size); i++) {
      places.set(Math.floorMod(owner + i, size));
    }
  }

  /** Adds those within an arc, the first ones when they are more than {@code max}. */
  void addWithin(Arc arc, int max) {
    int size = ring.size();
    if (size == 0) {
      return;
    }
    int first = ring.ownerPlace(arc.from().next());
    for (int i = 0; i < max; i++) {
      int place = (first + i) % size;
      if (!arc.contains(ring.node(place))) {
        return;
      }
      places.set(place);
    }
  }

  /** Those chosen. */
  Ring toRing() {
    return ring.at(places);
  }
}
