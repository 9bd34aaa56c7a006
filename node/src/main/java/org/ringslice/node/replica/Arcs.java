package org.ringslice.node.replica;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * A set of points of the ring, made of arcs: an immutable value, equal to another of the same
 * points whatever arcs it was made of. Unlike an arc it may be empty.
 */
final class Arcs {
  static final Arcs NONE = new Arcs(List.of());

  /** Points from the first to the last, both included, the first not greater than the last. */
  private record Run(Id first, Id last) {
    boolean touches(Run next) {
      return last.equals(Id.MAX) || next.first.compareTo(last.next()) <= 0;
    }
  }

  // in the order of the ids, with points between them that belong to none
  private final List<Run> runs;

  private Arcs(List<Run> runs) {
    this.runs = List.copyOf(runs);
  }

  static Arcs of(List<Arc> arcs) {
    List<Run> runs = new ArrayList<>();
    for (Arc arc : arcs) {
      if (arc.isWholeRing()) {
        runs.add(new Run(Id.ZERO, Id.MAX));
      } else if (arc.wraps()) {
        if (!arc.from().equals(Id.MAX)) {
          runs.add(new Run(arc.from().next(), Id.MAX));
        }
        runs.add(new Run(Id.ZERO, arc.to()));
      } else {
        runs.add(new Run(arc.from().next(), arc.to()));
      }
    }
    return new Arcs(joined(runs));
  }

  private static List<Run> joined(List<Run> runs) {
    List<Run> ordered = new ArrayList<>(runs);
    ordered.sort(Comparator.comparing(Run::first));
    List<Run> joined = new ArrayList<>();
    for (Run run : ordered) {
      Run before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (before == null || !before.touches(run)) {
        joined.add(run);
      } else if (run.last.compareTo(before.last) > 0) {
        joined.set(joined.size() - 1, new Run(before.first, run.last));
      }
    }
    return joined;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  boolean contains(Id id) {
    int low = 0;
    int high = runs.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Run run = runs.get(middle);
      if (id.compareTo(run.first) < 0) {
        high = middle - 1;
      } else if (id.compareTo(run.last) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  boolean covers(Arcs other) {
    return other.minus(this).isEmpty();
  }

  /** The points of either. */
  Arcs plus(Arcs other) {
    List<Run> both = new ArrayList<>(runs);
    both.addAll(other.runs);
    return new Arcs(joined(both));
  }

  /** The points of this one that the other has not. */
  Arcs minus(Arcs other) {
    List<Run> left = runs;
    for (Run cut : other.runs) {
      List<Run> pieces = new ArrayList<>();
      for (Run run : left) {
        if (cut.last.compareTo(run.first) < 0 || cut.first.compareTo(run.last) > 0) {
          pieces.add(run);
          continue;
        }
        if (run.first.compareTo(cut.first) < 0) {
          pieces.add(new Run(run.first, cut.first.previous()));
        }
        if (cut.last.compareTo(run.last) < 0) {
          pieces.add(new Run(cut.last.next(), run.last));
        }
      }
      left = pieces;
    }
    return new Arcs(left);
  }

  /** The points of both. */
  Arcs and(Arcs other) {
    return minus(minus(other));
  }

  /** As few arcs as there can be. */
  List<Arc> toList() {
    List<Arc> arcs = new ArrayList<>();
    for (Run run : runs) {
      arcs.add(new Arc(run.first.previous(), run.last));
    }
    boolean roundZero =
        arcs.size() > 1
            && runs.get(0).first.equals(Id.ZERO)
            && runs.get(runs.size() - 1).last.equals(Id.MAX);
    if (roundZero) {
      Arc last = arcs.remove(arcs.size() - 1);
      arcs.set(0, new Arc(last.from(), arcs.get(0).to()));
    }
    return arcs;
  }

  /** A digest of the points: the same of equal ones, and of others by chance alone. */
  long digest() {
    ByteBuffer ends = ByteBuffer.allocate(runs.size() * 2 * Id.BYTES);
    runs.forEach(run -> ends.put(run.first.toBytes()).put(run.last.toBytes()));
    return ByteBuffer.wrap(Id.sha256(Bytes.wrap(ends.array())).toBytes()).getLong();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Arcs arcs && runs.equals(arcs.runs);
  }

  @Override
  public int hashCode() {
    return runs.hashCode();
  }

  @Override
  public String toString() {
    return toList().toString();
  }
}
