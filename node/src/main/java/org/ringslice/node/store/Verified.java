package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Id;

/**
 * Which copies were read, or written by this process, since the file that holds them was opened or
 * last written by anybody else. Only those are said to be there already.
 *
 * <p>Two things tell it: the ids that the {@link Scrub} has passed since the opening, and a bit for
 * each entry of a segment that was read or written. Neither counts for a segment of which the size,
 * the time of the last write or the file itself is another than this process left: then all is to
 * be read anew, and the scrub begins at once. Rot changes none of these, and is found by the next
 * pass.
 *
 * <p>May be used by any thread.
 */
final class Verified {
  /**
   * Entries in segments are at least so long, so each begins in a stretch of its own.
   *
   * @see HeldDraft#LOG_FROM_BYTES
   */
  private static final int STRETCH_BYTES = HeldDraft.LOG_FROM_BYTES;

  /**
   * Segments with bits, each up to 16 KiB; of those used longest ago the entries are read again.
   * 128 GiB of blocks. A guess.
   */
  private static final int MARKED_SEGMENTS_MAX = 1024;

  private final Path blocks;
  private final Map<Integer, Stamp> stamps = new HashMap<>();
  private final LinkedHashMap<Integer, BitSet> bits =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, BitSet> eldest) {
          return size() > MARKED_SEGMENTS_MAX;
        }
      };

  // ids in (passedFrom, passedTo] on the ring, or all
  private Id passedFrom = Id.ZERO;
  private Id passedTo = Id.ZERO;
  private boolean all;

  // is being appended to; 0 when none is, as none has that number
  private int appending;

  // so often somebody else was seen to have written a segment; how often when the scrub began
  private int surprises;
  private int surprisesBefore;

  /** What tells a file from what it was before somebody else wrote it. */
  private record Stamp(Object file, long sizeBytes, long modifiedNanos) {
    /** Of a file that is not there. */
    static final Stamp NONE = new Stamp("", -1, 0);

    boolean isOfFile(Stamp other) {
      return !equals(NONE) && file.equals(other.file);
    }
  }

  /** Knows nothing of what is in these segments, and takes them for what they are now. */
  Verified(Path blocks) throws IOException {
    this.blocks = blocks;
    for (int segment : SegmentNames.in(blocks).keySet()) {
      stamps.put(segment, stamp(segment));
    }
  }

  private Stamp stamp(int segment) {
    try {
      BasicFileAttributes now =
          Files.readAttributes(Segment.file(blocks, segment), BasicFileAttributes.class);
      return new Stamp(
          now.fileKey() == null ? "" : now.fileKey(),
          now.size(),
          now.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    } catch (IOException e) {
      return Stamp.NONE;
    }
  }

  /** The same for one job, which looks at each file once. For one thread, and not for long. */
  final class Glance {
    private final Map<Integer, Boolean> asLeft = new HashMap<>();
    private final int surprisesThen = surprises();

    /** Whether the bytes of this row are known to be there. */
    boolean has(IndexRow row) {
      return switch (row.where()) {
        case NOWHERE -> true;
        case VALUES -> hasPassed(row.info().id());
        case SEGMENT -> isAsLeft(row.segment()) && (isMarked(row) || hasPassed(row.info().id()));
      };
    }

    /** The bytes of this row were just read, after this glance began, and are right. */
    void add(IndexRow row) {
      if (row.where() == IndexRow.Where.SEGMENT && isAsLeft(row.segment())) {
        mark(row, surprisesThen);
      }
    }

    private boolean isAsLeft(int segment) {
      return asLeft.computeIfAbsent(segment, Verified.this::look);
    }
  }

  Glance glance() {
    return new Glance();
  }

  /** Looks at the file, whether somebody else wrote it since; false when it is not there. */
  private synchronized boolean look(int segment) {
    Stamp now = stamp(segment);
    Stamp before = stamps.putIfAbsent(segment, now);
    if (before == null || before.equals(now) || (segment == appending && now.isOfFile(before))) {
      return !now.equals(Stamp.NONE);
    }
    stamps.put(segment, now);
    bits.remove(segment);
    beginAnew();
    return !now.equals(Stamp.NONE);
  }

  /** Looks at all files, so that what nobody asks for is missed too. */
  void lookAround() {
    known().forEach(this::look);
  }

  private synchronized List<Integer> known() {
    return List.copyOf(stamps.keySet());
  }

  private void beginAnew() {
    all = false;
    passedTo = passedFrom;
    surprises++;
  }

  /** The index was made anew: its rows may tell of other bytes than those that were read. */
  synchronized void distrust() {
    bits.clear();
    beginAnew();
  }

  private synchronized boolean isMarked(IndexRow row) {
    BitSet marks = bits.get(row.segment());
    return marks != null && marks.get(row.offset() / STRETCH_BYTES);
  }

  private synchronized int surprises() {
    return surprises;
  }

  private synchronized void mark(IndexRow row, int surprisesThen) {
    if (!all && surprises == surprisesThen) {
      bits.computeIfAbsent(row.segment(), none -> new BitSet()).set(row.offset() / STRETCH_BYTES);
    }
  }

  private synchronized boolean hasPassed(Id id) {
    return all || (!passedFrom.equals(passedTo) && isPassed(id));
  }

  private boolean isPassed(Id id) {
    return passedFrom.compareTo(passedTo) < 0
        ? passedFrom.compareTo(id) < 0 && id.compareTo(passedTo) <= 0
        : passedFrom.compareTo(id) < 0 || id.compareTo(passedTo) <= 0;
  }

  /** The writer is about to append to a segment; whether it was left alone until now. */
  synchronized boolean writing(int segment) {
    appending = 0;
    int surprisesThen = surprises;
    boolean isThere = look(segment);
    appending = segment;
    return isThere && surprises == surprisesThen;
  }

  /**
   * The writer has appended to a segment. Where its name leads to another file by now, that is left
   * to the next look to find.
   */
  private void written(int segment) {
    Stamp now = stamp(segment);
    Stamp before = stamps.get(segment);
    if (before == null || before.sizeBytes() <= 0 || now.isOfFile(before)) {
      stamps.put(segment, now);
    }
  }

  /** The writer has failed, and what it had appended was cut off. */
  synchronized void reopened() {
    if (appending != 0) {
      written(appending);
    }
    appending = 0;
  }

  /** What the writer has appended, in this order, is what it was given; it appends no more now. */
  synchronized void appended(List<IndexRow> rows) {
    int segment = 0;
    for (IndexRow row : rows) {
      mark(row, surprises);
      if (row.segment() != segment) {
        segment = row.segment();
        written(segment);
      }
    }
    appending = 0;
  }

  synchronized void gone(int segment) {
    stamps.remove(segment);
    bits.remove(segment);
  }

  /** The scrub begins here, and nothing is passed yet. */
  synchronized void beginAfter(Id from) {
    passedFrom = from;
    passedTo = from;
    all = false;
    surprisesBefore = surprises;
  }

  /** The scrub has read all up to here. */
  synchronized void passed(Id to) {
    passedTo = to;
  }

  /** All was read once, or there was nothing when the store was opened. */
  synchronized void passedAll() {
    if (!isSurprised()) {
      all = true;
      bits.clear();
    }
  }

  synchronized boolean isAll() {
    return all;
  }

  /**
   * Whether all is to be read anew since the scrub began: by somebody else's hand, or a new index.
   */
  synchronized boolean isSurprised() {
    return surprises != surprisesBefore;
  }
}
