package org.ringslice.node.ring;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * Of those that a node knows the ones that it has to know however large the ring is: an immutable
 * value.
 *
 * @param neighbours before and after it, itself among them
 * @param vicinity all that concern it, the neighbours among them
 * @param aims the points whose owners it is to know
 * @param fingers the owners of those, where they are of use
 * @param all the vicinity and the fingers
 * @param near from the last of its neighbours to the last on the other side: who is known there is
 *     all that there is. Of its masked places that is not so sure, for nobody watches those
 */
record Contacts(Ring neighbours, Ring vicinity, List<Id> aims, Ring fingers, Ring all, Arc near) {

  static Contacts of(Id self, Ring present, Ring active, Homes homes, Geometry geometry) {
    Vicinity vicinity = new Vicinity(present, active, homes);
    Arc near = near(self, Vicinity.NEIGHBOURS, present);
    Ring owners = active.size() > 0 ? active : present;
    List<Id> aims = geometry.aims(self, arcBits(near));
    Choice fingers = new Choice(present);
    for (Id aim : aims) {
      if (owners.size() > 0 && geometry.serves(self, aim, owners.owner(aim))) {
        fingers.add(owners.owner(aim));
      }
    }
    Choice all = vicinity.of(self);
    Ring concerning = all.toRing();
    all.add(fingers);
    Ring neighbours = vicinity.neighbours(self, Vicinity.NEIGHBOURS).toRing();
    return new Contacts(neighbours, concerning, aims, fingers.toRing(), all.toRing(), near);
  }

  /**
   * Between the last of so many neighbours before and after a point; the whole ring where there are
   * fewer than on both sides together.
   */
  static Arc near(Id point, int count, Ring ring) {
    return ring.sizeWithout(point) < 2 * count
        ? Arc.wholeRing(point)
        : new Arc(
            ring.neighbours(Direction.PREV, point, count).get(count - 1),
            ring.neighbours(Direction.NEXT, point, count).get(count - 1));
  }

  /** The logarithm of what a node owns on the mean, rounded down. */
  private static int arcBits(Arc near) {
    if (near.isWholeRing()) {
      return Id.BITS;
    }
    int zeros = XorBuckets.sharedBits(near.to().minus(near.from()), Id.ZERO);
    int neighbourBits = Integer.numberOfTrailingZeros(2 * Vicinity.NEIGHBOURS);
    return Math.max(0, Id.BITS - 1 - zeros - neighbourBits);
  }
}
