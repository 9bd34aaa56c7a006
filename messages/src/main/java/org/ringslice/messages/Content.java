package org.ringslice.messages;

/**
 * What is known of a blob by its own bytes, or by those of one that tells of it.
 *
 * @param size bytes of all that it stands for: of the whole file, of all files in the folder
 */
public record Content(Id id, Nature nature, long size) {
  public Content {
    if (nature == Nature.UNKNOWN || size < 0) {
      throw new IllegalArgumentException("a " + nature + " of " + size + " bytes");
    }
  }
}
