package org.ringslice.messages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of the ring, clockwise from {@code from} (excluded) to {@code to} (included). Equal ends
 * mean the whole ring, so an arc is never empty. Every "between two points" of the project is asked
 * here.
 */
public record Arc(Id from, Id to) {
  static final Shape<Arc> SHAPE =
      Row.of(Arc::new, Row.field(Arc::from, Shape.ID), Row.field(Arc::to, Shape.ID));

  static final Shape<Optional<Arc>> MAYBE = Shape.maybe(SHAPE, 2 * Id.BYTES, "arcs");

  /** At least one, as they are watched. */
  static final Shape<List<Arc>> SOME =
      Shape.checked(list(Limits.WATCHED_ARCS_MAX), arcs -> !arcs.isEmpty(), "no arc at all");

  static Shape<List<Arc>> list(int most) {
    return Shape.list(SHAPE, most, 2 * Id.BYTES, "arcs");
  }

  /** The whole ring, as seen from a point: it comes last. */
  public static Arc wholeRing(Id from) {
    return new Arc(from, from);
  }

  public boolean isWholeRing() {
    return from.equals(to);
  }

  /** Whether {@code id} is in (from, to]. */
  public boolean contains(Id id) {
    boolean isAfterFrom = id.compareTo(from) > 0;
    boolean isUpToTo = id.compareTo(to) <= 0;
    return wraps() ? isAfterFrom || isUpToTo : isAfterFrom && isUpToTo;
  }

  /** Whether every point of another arc is in this one. */
  public boolean covers(Arc other) {
    if (isWholeRing()) {
      return true;
    }
    Id begin = other.from.minus(from);
    Id end = other.to.minus(from);
    return begin.compareTo(end) < 0 && end.compareTo(to.minus(from)) <= 0;
  }

  /** This arc, moved clockwise by a distance. */
  public Arc plus(Id distance) {
    return new Arc(from.plus(distance), to.plus(distance));
  }

  /**
   * This arc in 2^bits pieces, clockwise; all are of one length but the last, which may be a little
   * longer. One piece when it has fewer points than that.
   *
   * @param bits in [1, 63]
   */
  public List<Arc> split(int bits) {
    Id length = to.minus(from);
    Id step = isWholeRing() ? Id.powerOfTwo(Id.BITS - bits) : length.shiftedRight(bits);
    if (step.equals(Id.ZERO)) {
      return List.of(this);
    }
    List<Arc> pieces = new ArrayList<>();
    Id begin = from;
    for (long i = 1; i < 1L << bits; i++) {
      Id end = begin.plus(step);
      pieces.add(new Arc(begin, end));
      begin = end;
    }
    pieces.add(new Arc(begin, to));
    return pieces;
  }

  /**
   * Whether the arc, read as a half-open interval of numbers, passes from the greatest id to zero.
   */
  public boolean wraps() {
    return from.compareTo(to) >= 0;
  }

  /** The share of the ring that the arc covers, in (0, 1]. */
  public double fraction() {
    return isWholeRing() ? 1 : to.minus(from).toFraction();
  }

  /** {@code (3f2a81c0, 9b01d7e4]}. */
  @Override
  public String toString() {
    return isWholeRing() ? "(whole ring from " + from + "]" : "(" + from + ", " + to + "]";
  }
}
