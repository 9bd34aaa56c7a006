package org.ringslice.node.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Copies whose bytes can't be read. Whoever finds one notes it here, upon which it is served and
 * listed no more, and has the {@linkplain Job.GiveUp writer give it up}: its row goes from the
 * index to {@link Family#DAMAGED}, in a batch with its line in the journal, so that it is a
 * difference like any other, also after a restart. It stays there, and its bytes where they are,
 * until the entry is kept again or the bytes can be read after all: a disk that failed for a moment
 * costs nothing.
 *
 * <p>Invariant: a row is noted only while it is about to be given up; a write that fails takes the
 * note back, and the next reader finds it again. May be used by any thread.
 */
final class Damage {
  /** Found and not given up yet; past that, the next reader finds it again. A guess. */
  private static final int NOTED_MAX = 1 << 16;

  /**
   * So many are told of one by one; of a whole disk that goes bad the number is enough. A guess.
   */
  private static final int LINES_MAX = 20;

  private final AtomicInteger lines = new AtomicInteger();
  private final Set<IndexRow> noted = ConcurrentHashMap.newKeySet();
  private final AtomicLong givenUp = new AtomicLong();

  /** Whether this is news. */
  boolean note(IndexRow row) {
    return noted.size() < NOTED_MAX && noted.add(row);
  }

  /** Says that an item is damaged, while there are few. */
  void tell(Logger log, String sentence, Exception cause) {
    int line = lines.incrementAndGet();
    if (line <= LINES_MAX) {
      log.error("{} ({})", sentence, cause.getMessage());
    }
    if (line == LINES_MAX) {
      log.error("what else is found damaged is only counted: status tells how much");
    }
  }

  void forget(IndexRow row) {
    noted.remove(row);
  }

  /**
   * What is noted now. Who reads rows takes it before them: a row is forgotten here only when it
   * has changed, so one that is read after is either another or noted there.
   */
  Set<IndexRow> snapshot() {
    return noted.isEmpty() ? Set.of() : Set.copyOf(noted);
  }

  /** Whether this row is noted; null is not. */
  boolean has(IndexRow row) {
    return row != null && !noted.isEmpty() && noted.contains(row);
  }

  /** Rows in {@link Family#DAMAGED}. */
  long givenUp() {
    return givenUp.get();
  }

  /** By the writer, when the database was opened. */
  void counted(long rows) {
    givenUp.set(rows);
  }

  /**
   * By the writer: more before a commit, fewer after it, so that it is 0 only where there are none.
   * After a commit that failed they are counted anew.
   */
  void changed(int by) {
    givenUp.addAndGet(by);
  }
}
