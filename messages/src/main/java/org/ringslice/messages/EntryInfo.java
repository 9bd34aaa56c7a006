package org.ringslice.messages;

import java.util.Objects;

/**
 * What is known of an entry without its bytes.
 *
 * @param stamp hybrid logical clock, unsigned
 * @param size of the bytes, 0 when not alive
 */
public record EntryInfo(Id id, Kind kind, long stamp, boolean alive, int size) {
  public EntryInfo {
    Objects.requireNonNull(id);
    Objects.requireNonNull(kind);
    if (size < 0) {
      throw new IllegalArgumentException("an entry of " + size + " bytes");
    }
  }
}
