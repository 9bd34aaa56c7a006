package org.ringslice.messages;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The one merge rule: what a holder has of an id once it knows two entries of it. It is a join
 * (commutative, associative, idempotent), so that all who have seen the same entries, in any order
 * and however often, hold the same. Stores, the simulator's disk and the sides of a comparison ask
 * it here and nowhere else: they read what is held, join, and write the result where it is not what
 * was held.
 *
 * <p>Entries of one id are in a total order, and the join is the greatest:
 *
 * <ol>
 *   <li>by kind, a blob before a record before a reference, for a blob proves its id;
 *   <li>one whose stamp nobody honest gave out after any other: a blob or a reference past {@link
 *       Limits#STAMP_MAX}, and a dead one at it, above which nothing could be stored;
 *   <li>by stamp, unsigned, the greater one;
 *   <li>a dead entry before a living one, since two nodes may give out one stamp;
 *   <li>by size, the larger one, and by bytes, compared unsigned, the greater ones. Blobs never
 *       come to that, for their id tells their bytes.
 * </ol>
 *
 * <p>Callers take the result for what it is, and not for one of the two: records are to be joined
 * into what is neither.
 */
public final class Merge {
  private static final Comparator<EntryInfo> ORDER =
      Comparator.comparing(EntryInfo::kind, Comparator.reverseOrder())
          .thenComparing(Merge::isPossible)
          .thenComparing(EntryInfo::stamp, Long::compareUnsigned)
          .thenComparing(EntryInfo::alive, Comparator.reverseOrder())
          .thenComparingInt(EntryInfo::size);

  private Merge() {}

  /**
   * The join of two entries of one id, as far as it is known without their bytes; {@code held}
   * where {@code news} adds nothing. Where {@link #needsBytes} says so, the bytes may tell more.
   */
  public static EntryInfo join(EntryInfo held, EntryInfo news) {
    return compare(held, news) < 0 ? news : held;
  }

  /** The join of two entries of one id; {@code held} where {@code news} adds nothing. */
  public static Entry join(Entry held, Entry news) {
    int order = compare(held.info(), news.info());
    if (order == 0) {
      byte[] ours = held.bytes().unsafeArray();
      order = Arrays.compareUnsigned(ours, news.bytes().unsafeArray());
    }
    return order < 0 ? news : held;
  }

  /** Whether two entries of one id must be read before it is known what their join is. */
  public static boolean needsBytes(EntryInfo held, EntryInfo news) {
    return held.kind() != Kind.BLOB && held.alive() && held.equals(news);
  }

  /**
   * Whether what is held after a join has what was to be kept: something of its kind, and living
   * where that was. Of a blob these are the very bytes.
   */
  public static boolean has(EntryInfo held, EntryInfo wanted) {
    return held.kind() == wanted.kind() && (held.alive() || !wanted.alive());
  }

  private static boolean isPossible(EntryInfo entry) {
    int order = Long.compareUnsigned(entry.stamp(), Limits.STAMP_MAX);
    return entry.kind() == Kind.RECORD || order < 0 || (order == 0 && entry.alive());
  }

  private static int compare(EntryInfo held, EntryInfo news) {
    if (!held.id().equals(news.id())) {
      throw new IllegalArgumentException(held.id() + " and " + news.id() + " are two things");
    }
    return ORDER.compare(held, news);
  }
}
