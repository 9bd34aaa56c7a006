package org.ringslice.messages;

/**
 * How a node came to know of another. The numbers are on the wire; they are only ever appended to.
 */
public enum How {
  /** It was announced by multicast DNS. */
  MDNS,
  /** A person named it. */
  STATIC,
  /** It runs on the same machine and left word of itself there. */
  HOST,
  /** Another node told of it, it dialled, or it was known before the last restart. */
  LEARNED;

  private static final How[] WAYS = values();

  static final Shape<How> SHAPE = Shape.code(How::code, How::ofCode, "a way of knowing a peer");

  public int code() {
    return ordinal();
  }

  /** The way of a code, or null when there is none such. */
  public static How ofCode(int code) {
    return code >= 0 && code < WAYS.length ? WAYS[code] : null;
  }
}
