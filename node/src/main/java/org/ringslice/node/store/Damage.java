package org.ringslice.node.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows whose bytes were found unreadable since the start. Readers find them and no longer tell of
 * them; the writer then takes the same entry again, so that any copy from elsewhere heals this one.
 * A row that was replaced in the meantime is another row, so nothing here can be late. May be used
 * by any thread.
 */
final class Damage {
  /**
   * Past that many, more are still not served, but not healed either before the next start. A
   * guess.
   */
  private static final int ROWS_MAX = 1 << 16;

  private final Set<IndexRow> rows = ConcurrentHashMap.newKeySet();

  void note(IndexRow row) {
    if (rows.size() < ROWS_MAX) {
      rows.add(row);
    }
  }

  void forget(IndexRow row) {
    rows.remove(row);
  }

  /** Whether this row is known to be damaged; null is not. */
  boolean has(IndexRow row) {
    return row != null && !rows.isEmpty() && rows.contains(row);
  }
}
