package org.ringslice.messages;

/** Which way round the ring. */
public enum Direction {
  /** Anticlockwise: strictly before a point. */
  PREV,
  /** Clockwise: strictly after a point. */
  NEXT;

  /**
   * The points strictly after {@code at} in this direction, up to {@code until}, which is included;
   * when both are equal, the whole ring. PREV turns the open end round.
   */
  public Arc arc(Id at, Id until) {
    return this == NEXT ? new Arc(at, until) : new Arc(until.previous(), at.previous());
  }
}
