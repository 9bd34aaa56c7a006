package org.ringslice.node.talk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Ring;

/**
 * A part of an arc, and the node of it that is put in charge: the first one. Pure geometry, the
 * same on a ring of which all nodes are known and on one of which a few are.
 *
 * @param first the node, not before the part begins
 * @param end the last point of the part
 */
record Delegation(Id first, Id end) {
  /**
   * An arc is cut into 2^this pieces. A guess: 8 are few for who passes on, and 1,000 nodes are
   * told in 7 steps where all are known, in 9 where neighbours and fingers are (measured).
   */
  static final int CUT_BITS = 3;

  /**
   * Who is to be told by a node that is in charge of an arc: of each piece the first node that is
   * known, up to the next one of those. A node of the arc that is not known here is in one part
   * too, as long as each node knows the next one after it.
   */
  static List<Delegation> by(Id self, Arc arc, Ring known) {
    Id before = self.previous();
    if (!arc.contains(self)) {
      return of(arc, self, known);
    } else if (arc.isWholeRing()) {
      return of(new Arc(self, before), self, known);
    }
    List<Delegation> parts = new ArrayList<>();
    if (!arc.to().equals(self)) {
      parts.addAll(of(new Arc(self, arc.to()), self, known));
    }
    if (!arc.from().equals(before)) {
      parts.addAll(of(new Arc(arc.from(), before), self, known));
    }
    return parts;
  }

  private static List<Delegation> of(Arc rest, Id self, Ring known) {
    List<Id> firsts = new ArrayList<>();
    for (Arc piece : rest.split(CUT_BITS)) {
      Id first = known.next(piece.from());
      if (piece.contains(first) && !first.equals(self)) {
        firsts.add(first);
      }
    }
    List<Delegation> parts = new ArrayList<>();
    for (int i = 0; i < firsts.size(); i++) {
      boolean isLast = i + 1 == firsts.size();
      Id end = isLast ? rest.to() : firsts.get(i + 1).previous();
      parts.add(new Delegation(firsts.get(i), end));
    }
    return parts;
  }

  /** What the node is told that it is in charge of: itself, and what follows it. */
  Arc arc() {
    return new Arc(first.previous(), end);
  }

  /** The first node, and nothing behind it. */
  Delegation firstAlone() {
    return new Delegation(first, first);
  }

  /** The same without its first node, for the next one that is known, if there is one. */
  Optional<Delegation> withoutFirst(Id self, Ring known) {
    Id next = known.next(first);
    boolean isThere =
        !first.equals(end) && new Arc(first, end).contains(next) && !next.equals(self);
    return isThere ? Optional.of(new Delegation(next, end)) : Optional.empty();
  }
}
