package org.ringslice.sync;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * What a side has to show at the end of a round: sums of freshly salted digests of full ids. What
 * it has alone and does not give is left out; what it was pushed, and has in a newer version, is
 * counted in where the other side still has it. Confined to the session's thread.
 */
final class Proof {
  /** Entries that were pushed in vain and are remembered; past it the proof takes another round. */
  static final int SUPERSEDED_MAX = 65_536;

  /**
   * Sums of one side.
   *
   * @param common of what the other side has too, once it was given what it wants
   * @param atTheEnd of what the other side should find that it has in common with this one, once
   *     all was stored
   */
  record Sums(long common, long atTheEnd) {}

  private final EntryDigest digest;
  private final boolean gives;
  private final NavigableMap<Id, EntryInfo> superseded = new TreeMap<>();
  private long[] withheld = new long[0];

  Proof(Salt salt, boolean gives) {
    this.digest = salt.proof();
    this.gives = gives;
  }

  long of(EntryInfo entry) {
    return digest.of(entry);
  }

  long of(Iterable<EntryInfo> entries) {
    long sum = 0;
    for (EntryInfo entry : entries) {
      sum += digest.of(entry);
    }
    return sum;
  }

  /** The other side pushed this, and a newer version is here. */
  void supersede(EntryInfo pushed) {
    if (superseded.size() < SUPERSEDED_MAX) {
      superseded.put(pushed.id(), pushed);
    }
  }

  /** The other side lacks these; a side that does not give leaves them out. */
  void withhold(List<EntryInfo> entries) {
    if (!gives) {
      LongStream more = entries.stream().mapToLong(digest::of);
      withheld = LongStream.concat(LongStream.of(withheld), more).sorted().toArray();
    }
  }

  /** The other side stored these: it has no older versions of them any more. */
  void stored(List<EntryInfo> entries) {
    if (gives) {
      entries.forEach(entry -> superseded.remove(entry.id()));
    }
  }

  /** Over all that this side has by now. */
  Sums sums(Iterable<EntryInfo> all) {
    long kept = 0;
    for (EntryInfo entry : all) {
      long each = digest.of(entry);
      boolean counts = withheld.length == 0 || Arrays.binarySearch(withheld, each) < 0;
      kept += counts ? each : 0;
    }
    long common = kept + of(superseded.values());
    return new Sums(common, gives ? kept : common);
  }
}
