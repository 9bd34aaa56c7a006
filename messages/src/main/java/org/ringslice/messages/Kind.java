package org.ringslice.messages;

/** What an entry is. The numbers are on the wire and on disk; they are only ever appended to. */
public enum Kind {
  /** Bytes under their own SHA-256. */
  BLOB,
  /** A value of a name. */
  RECORD,
  /** The word of a manifest that a block belongs to it. */
  REFERENCE;

  private static final Kind[] KINDS = values();

  static final Shape<Kind> SHAPE = Shape.code(Kind::code, Kind::ofCode, "a kind of entry");

  public int code() {
    return ordinal();
  }

  /** The kind of a code, or null when there is none such. */
  public static Kind ofCode(int code) {
    return code >= 0 && code < KINDS.length ? KINDS[code] : null;
  }
}
