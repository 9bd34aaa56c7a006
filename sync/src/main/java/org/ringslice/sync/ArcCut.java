package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/** Where an arc that is too much for one session is cut, and how that is told. Stateless. */
final class ArcCut {
  /** Points of a cut, so that the message stays well below its limit. */
  static final int POINTS_MAX = 4096;

  private ArcCut() {}

  /** The arc of a side in pieces of as many entries as a session is for, two at least. */
  static List<Arc> pieces(Side side) {
    int all = side.index().countAtMost(side.arc());
    int half = Math.max(1, all / 2);
    int entries = Math.max(Math.min(side.pieceEntries(), half), all / POINTS_MAX + 1);
    return side.index().pieces(side.arc(), entries);
  }

  static List<Id> pointsBetween(List<Arc> pieces) {
    List<Id> points = new ArrayList<>();
    pieces.subList(1, pieces.size()).forEach(piece -> points.add(piece.from()));
    return points;
  }

  /**
   * An arc cut after some points.
   *
   * @throws IllegalArgumentException when they are not within it, in clockwise order
   */
  static List<Arc> arcs(Arc arc, List<Id> points) {
    List<Arc> arcs = new ArrayList<>();
    Id from = arc.from();
    for (Id point : points) {
      if (point.equals(arc.to()) || !new Arc(from, arc.to()).contains(point)) {
        throw new IllegalArgumentException("the arc can't be cut at " + point);
      }
      arcs.add(new Arc(from, point));
      from = point;
    }
    arcs.add(new Arc(from, arc.to()));
    return arcs;
  }
}
