package org.ringslice.messages;

/** How far a connection to a peer has come. The numbers are on the wire; only appended to. */
public enum Channel {
  /** There is none. */
  CLOSED,
  /** It is dialled, or its window is full. */
  WAITING,
  READY;

  private static final Channel[] CHANNELS = values();

  static final Shape<Channel> SHAPE =
      Shape.code(Channel::code, Channel::ofCode, "a state of a connection");

  public int code() {
    return ordinal();
  }

  /** The state of a code, or null when there is none such. */
  public static Channel ofCode(int code) {
    return code >= 0 && code < CHANNELS.length ? CHANNELS[code] : null;
  }
}
