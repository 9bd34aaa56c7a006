package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/**
 * The arcs between neighbouring nodes that were told of, each once, however often and by whomever
 * it was told. Where one tells of a node that another did not know, the arc is cut there.
 */
public final class KnownArcs {
  private final TreeSet<Id> nodes = new TreeSet<>();

  /** From a node to the farthest that was told of as its next. */
  private final TreeMap<Id, Id> next = new TreeMap<>();

  /** All nodes of the ring are known: each arc of it is. */
  public void addAll(Ring ring) {
    for (Id node : ring.nodes()) {
      add(node, ring.next(node));
    }
  }

  /**
   * Takes the peers strictly after a point in, nearest first. The arc in which the point lies is
   * not known by that: it would be a long one more often than not. Of what is not in the order of
   * the ring only the beginning is taken.
   */
  public void addPeersAfter(Id point, List<Id> peers) {
    for (int i = 1; i < peers.size(); i++) {
      Id before = peers.get(i - 1);
      Id after = peers.get(i);
      if (distance(point, before).compareTo(distance(point, after)) >= 0) {
        return;
      }
      add(before, after);
    }
  }

  /** Clockwise; a point is farthest from itself. */
  private static Id distance(Id from, Id to) {
    return to.minus(from).previous();
  }

  private void add(Id from, Id to) {
    nodes.add(from);
    nodes.add(to);
    next.merge(from, to, (a, b) -> distance(from, a).compareTo(distance(from, b)) > 0 ? a : b);
  }

  /** Each known arc once, by its end; no two have a point in common. */
  public List<Arc> arcs() {
    TreeMap<Id, Arc> byEnd = new TreeMap<>();
    next.forEach(
        (from, to) -> {
          Id begin = from;
          do {
            Id end = after(begin);
            byEnd.put(end, new Arc(begin, end));
            begin = end;
          } while (!begin.equals(to));
        });
    return new ArrayList<>(byEnd.values());
  }

  private Id after(Id node) {
    Id higher = nodes.higher(node);
    return higher == null ? nodes.first() : higher;
  }
}
