package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Route.Relation;

/**
 * The fingers of Chord: the owners of the points half-way round the ring, a quarter, an eighth, and
 * so on; a request goes to the last peer that does not pass its point, so that each hop halves what
 * is left. Stoica, Morris, Karger, Kaashoek, Balakrishnan, "Chord: A Scalable Peer-to-peer Lookup
 * Service for Internet Applications", SIGCOMM 2001, section 4: ½·log2 N hops on the mean.
 */
final class FingerTable implements Geometry {
  @Override
  public String name() {
    return "ring";
  }

  @Override
  public Relation relation() {
    return Relation.FINGER;
  }

  @Override
  public List<Id> aims(Id self, int arcBits) {
    List<Id> aims = new ArrayList<>();
    for (int i = Id.BITS - 1; i >= arcBits; i--) {
      aims.add(self.plus(Id.powerOfTwo(i)));
    }
    return aims;
  }

  @Override
  public boolean serves(Id self, Id aim, Id node) {
    return node.minus(self).compareTo(aim.minus(self)) >= 0;
  }

  @Override
  public List<Id> nearer(Id self, Id point, List<Id> peers) {
    Id whole = point.minus(self);
    return peers.stream()
        .filter(peer -> point.minus(peer).compareTo(whole) < 0)
        .sorted(Comparator.comparing(point::minus))
        .toList();
  }
}
