package org.ringslice.messages;

/**
 * What a blob is of, as far as the items tell that a node holds. The numbers are on the wire and on
 * disk; they are only ever appended to. Of several that are true of one blob the last counts.
 */
public enum Nature {
  /** Nothing tells: a small file, or a part of something that lies elsewhere. */
  UNKNOWN,
  /** A block of a file. */
  BLOCK,
  /** A file: the bytes of a small one, or the manifest of a large one. */
  FILE,
  /** The manifest of a folder. */
  FOLDER,
  /** A part of the manifest of a large file or folder. */
  MANIFEST;

  private static final Nature[] NATURES = values();

  public int code() {
    return ordinal();
  }

  /** The nature of a code, or null when there is none such. */
  public static Nature ofCode(int code) {
    return code >= 0 && code < NATURES.length ? NATURES[code] : null;
  }
}
