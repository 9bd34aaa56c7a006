package org.ringslice.messages;

/** What somebody who connects is. The numbers are on the wire; they are only ever appended to. */
public enum Role {
  /** A node with a place on the ring. */
  PEER,
  /** Someone who only asks. */
  CLIENT;

  private static final Role[] ROLES = values();

  static final Shape<Role> SHAPE = Shape.code(Role::code, Role::ofCode, "a role");

  public int code() {
    return ordinal();
  }

  /** The role of a code, or null when there is none such. */
  public static Role ofCode(int code) {
    return code >= 0 && code < ROLES.length ? ROLES[code] : null;
  }
}
