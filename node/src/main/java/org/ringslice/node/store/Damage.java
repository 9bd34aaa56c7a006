package org.ringslice.node.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows whose bytes were found unreadable since the start. Readers find them, tell of them once, and
 * no longer list them; the writer then takes the same entry again, so that any copy from elsewhere
 * heals this one. They stay damaged until then, also when they can be read again, since the rest of
 * the node was told that there is no copy. May be used by any thread.
 */
final class Damage {
  /**
   * Past that many, more are still not served, but not healed either before the next start. A
   * guess.
   */
  private static final int ROWS_MAX = 1 << 16;

  private final Set<IndexRow> rows = ConcurrentHashMap.newKeySet();

  /** Whether this is news. */
  boolean note(IndexRow row) {
    return rows.size() < ROWS_MAX && rows.add(row);
  }

  void forget(IndexRow row) {
    rows.remove(row);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Whether this row is known to be damaged; null is not. */
  boolean has(IndexRow row) {
    return row != null && !rows.isEmpty() && rows.contains(row);
  }
}
