package org.ringslice.node.runtime;

import org.ringslice.messages.EntryInfo;

/**
 * Something was added to a slice, or removed from it.
 *
 * @param entry as it is since then
 * @param cursor to go on from when this change has been dealt with
 */
public record SliceChange(EntryInfo entry, Cursor cursor) {
  public boolean isRemoval() {
    return !entry.alive();
  }
}
