package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/**
 * A ring that grows node by node, each at the first id that it draws, or at the one of some that
 * evens the shares most: {@link Evening}, in time that does not grow with the ring, so that there
 * may be thousands of nodes in thousands of rings.
 */
final class GrowingRing {
  private final SplittableRandom random;
  private final int drawn;
  private final Homes homes;
  private final TreeSet<Id> nodes = new TreeSet<>();
  private boolean arcsAreShort;

  /**
   * @param drawn ids that each newcomer draws; with 1 it takes what comes
   */
  GrowingRing(int drawn, int maskBits, SplittableRandom random) {
    this.drawn = drawn;
    this.homes = new Homes(maskBits);
    this.random = random;
  }

  /** Lets it grow to so many nodes. */
  Ring grownTo(int size) {
    while (nodes.size() < size) {
      List<Id> draws = new ArrayList<>(drawn);
      for (int i = 0; i < drawn; i++) {
        draws.add(
            Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
      }
      nodes.add(choose(draws));
    }
    return new Ring(nodes);
  }

  private Id choose(List<Id> draws) {
    if (draws.size() == 1) {
      return draws.get(0);
    }
    arcsAreShort = arcsAreShort || areArcsShort();
    if (!arcsAreShort) {
      return Evening.choose(draws, new Ring(nodes), homes);
    }
    Id best = draws.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (Id id : draws) {
      double change =
          Evening.change(
              id.minus(before(id)).toFraction(),
              after(id).minus(id).toFraction(),
              nodes.size() + 1);
      if (change < least) {
        least = change;
        best = id;
      }
    }
    return best;
  }

  private boolean areArcsShort() {
    return nodes.size() > homes.count()
        && nodes.stream()
            .allMatch(node -> node.minus(before(node)).toFraction() < 1.0 / homes.count());
  }

  private Id before(Id id) {
    Id lower = nodes.lower(id);
    return lower == null ? nodes.last() : lower;
  }

  private Id after(Id id) {
    Id higher = nodes.higher(id);
    return higher == null ? nodes.first() : higher;
  }
}
