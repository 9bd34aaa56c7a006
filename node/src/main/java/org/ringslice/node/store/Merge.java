package org.ringslice.node.store;

import org.ringslice.messages.EntryInfo;

/** Which of two entries under one id a book keeps. */
final class Merge {
  private Merge() {}

  /**
   * Whether an entry takes the place of what is there. Nobody honest makes two kinds under one id;
   * an order of kinds, with the blob first as it proves its id, leaves the same one at every
   * holder.
   */
  static boolean wins(EntryInfo entry, EntryInfo there) {
    return entry.kind() == there.kind()
        ? entry.supersedes(there)
        : entry.kind().compareTo(there.kind()) < 0;
  }
}
