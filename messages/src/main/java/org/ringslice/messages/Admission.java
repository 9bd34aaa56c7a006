package org.ringslice.messages;

import java.util.Optional;

/**
 * Which entries nodes take from each other and from clients, give, and compare: living blobs. There
 * are no deletes and no names yet, so whoever sends a dead entry, a record or a reference means no
 * good, or speaks what this node does not understand. What a folder has of them from before stays
 * there, and means what it meant.
 */
public final class Admission {
  private static final String DEAD =
      "a dead entry is not taken from anybody, for nothing can be deleted yet";

  private static final String OTHER_KIND =
      "only blobs can be stored yet, and this is of another kind";

  private static final String STAMP_TOO_GREAT = "its stamp is greater than any that a node gives";

  private Admission() {}

  public static boolean admits(EntryInfo entry) {
    return refusal(entry).isEmpty();
  }

  /** Why an entry is not taken, for people; empty when it is. */
  public static Optional<String> refusal(EntryInfo entry) {
    if (entry.kind() != Kind.BLOB) {
      return Optional.of(OTHER_KIND);
    } else if (!entry.alive()) {
      return Optional.of(DEAD);
    } else if (isPastTheLimit(entry.stamp())) {
      return Optional.of(STAMP_TOO_GREAT);
    }
    return Optional.empty();
  }

  private static boolean isPastTheLimit(long stamp) {
    return Long.compareUnsigned(stamp, Limits.STAMP_MAX) > 0;
  }
}
