package org.ringslice.messages;

/**
 * The life of a peer as others see it. Of two reports with the same incarnation the later constant
 * holds (SWIM, Das et al. 2002, section 4.2). The numbers are on the wire; they are only ever
 * appended to.
 */
public enum PeerState {
  /** Is written to, and not read from yet: it is being given its share. */
  JOINING,
  /** Answers for its slices. */
  ACTIVE,
  /** Is read from still, and not one of those who are to hold: it is giving its share away. */
  LEAVING,
  /** Did not answer a heartbeat in time; it can refute that with a greater incarnation. */
  SUSPECTED,
  DEAD,
  /** Went away on purpose. */
  LEFT;

  private static final PeerState[] STATES = values();

  static final Shape<PeerState> SHAPE =
      Shape.code(PeerState::code, PeerState::ofCode, "a state of a peer");

  public int code() {
    return ordinal();
  }

  /** The state of a code, or null when there is none such. */
  public static PeerState ofCode(int code) {
    return code >= 0 && code < STATES.length ? STATES[code] : null;
  }

  /** Whether the peer is counted among the nodes that are read from. */
  public boolean isOnRing() {
    return this == ACTIVE || this == LEAVING || this == SUSPECTED;
  }

  /** Whether the peer is one of those who are to hold items when nothing else happens. */
  public boolean isToHold() {
    return this == JOINING || this == ACTIVE || this == SUSPECTED;
  }

  /** Whether the peer is there, whatever it does. */
  public boolean isPresent() {
    return isOnRing() || isToHold();
  }
}
