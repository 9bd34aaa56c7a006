package org.ringslice.messages;

/** Which way round the ring. */
public enum Direction {
  /** Anticlockwise: strictly before a point. */
  PREV,
  /** Clockwise: strictly after a point. */
  NEXT
}
