package org.ringslice.node.sim;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.ringslice.messages.Admission;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

/** The journal of a book on a simulated disk. */
final class Pages {
  /** Few, so that journals are outgrown. */
  private static final int LINES_MAX = 4096;

  /**
   * Lines of one opening of the disk; each opening leaps over those that the last may have lost.
   */
  private static final long OPENING_LINES = 1L << 40;

  // not of the disk: no two openings draw one mark, whatever the disk is put back to
  private final SplittableRandom marks;
  private final TreeMap<Long, Change> lines = new TreeMap<>();
  private long forgotten;
  private long sequence;
  private Openings openings;

  Pages(long seed) {
    this(new SplittableRandom(seed));
  }

  private Pages(SplittableRandom marks) {
    this.marks = marks;
  }

  /** As the journal on a real disk: a number without a line. */
  Change skip() {
    return new Change(++sequence, Optional.empty(), Optional.empty());
  }

  /** As it is now, for a backup of the disk that it is on. */
  Pages copy() {
    Pages copy = new Pages(marks);
    copy.openings = openings;
    copy.lines.putAll(lines);
    copy.forgotten = forgotten;
    copy.sequence = sequence;
    return copy;
  }

  Change append(Optional<EntryInfo> before, Optional<EntryInfo> after) {
    Change line = new Change(++sequence, before, after);
    lines.put(line.sequence(), line);
    if (lines.size() > LINES_MAX) {
      forgotten = lines.pollFirstEntry().getKey();
    }
    return line;
  }

  /** Lines that end in an entry that was lost were lost with it. */
  void lose(EntryInfo entry) {
    lines.values().removeIf(line -> line.after().equals(Optional.of(entry)));
  }

  Event.JournalRead read(long ticket, long after, int count) {
    List<Change> found = lines.tailMap(after, false).values().stream().limit(count).toList();
    return new Event.JournalRead(ticket, forgotten, found, Optional.empty());
  }

  Inventory open(EntryDigest key, Collection<EntryInfo> ascending) {
    long mark = marks.nextLong();
    openings = openings == null ? Openings.first(mark) : openings.then(mark, sequence, forgotten);
    sequence = (sequence / OPENING_LINES + 1) * OPENING_LINES;
    long sizeBytes = ascending.stream().mapToLong(EntryInfo::size).sum();
    List<EntryInfo> apart = ascending.stream().filter(entry -> !Admission.admits(entry)).toList();
    return new Inventory(Index.of(key, ascending), openings, sequence, sizeBytes, apart);
  }
}
