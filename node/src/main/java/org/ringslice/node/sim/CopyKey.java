package org.ringslice.node.sim;

import java.util.Comparator;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/** What a row of a simulated disk is found by. */
record CopyKey(Id id, Kind kind) implements Comparable<CopyKey> {
  private static final Comparator<CopyKey> ORDER =
      Comparator.comparing(CopyKey::id).thenComparing(CopyKey::kind);

  @Override
  public int compareTo(CopyKey other) {
    return ORDER.compare(this, other);
  }

  static CopyKey of(EntryInfo entry) {
    return new CopyKey(entry.id(), entry.kind());
  }

  static CopyKey of(Entry entry) {
    return of(entry.info());
  }

  static CopyKey first(Id id) {
    return new CopyKey(id, Kind.BLOB);
  }

  static CopyKey last(Id id) {
    return new CopyKey(id, Kind.REFERENCE);
  }
}
