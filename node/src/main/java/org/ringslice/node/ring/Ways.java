package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/**
 * Which peer is nearer to a point. Far from it the {@link Geometry} says so; near it the ring does,
 * in both directions: two ids may be neighbours and share no first bit. Each step by either rule
 * leaves less of its distance, so that a request comes to its end.
 */
final class Ways {
  /** Nearer than so many times the arc of its neighbours a node goes by the ring. */
  private static final int NEAR = 2;

  private Ways() {}

  /**
   * The peers that a request is passed on to, the best first.
   *
   * @param known of this node, which is not among them
   * @param near the arc of its neighbours
   */
  static List<Id> to(Id point, Id self, List<Id> known, Arc near, Geometry geometry) {
    Id distance = distance(self, point);
    List<Id> ways = new ArrayList<>();
    if (distance.toFraction() > NEAR * near.fraction()) {
      ways.addAll(geometry.nearer(self, point, known));
    }
    known.stream()
        .filter(peer -> distance(peer, point).compareTo(distance) < 0)
        .sorted(Comparator.comparing(peer -> distance(peer, point)))
        .forEach(ways::add);
    return ways;
  }

  /** The shorter way round. */
  static Id distance(Id one, Id other) {
    Id there = one.minus(other);
    Id back = other.minus(one);
    return there.compareTo(back) < 0 ? there : back;
  }
}
