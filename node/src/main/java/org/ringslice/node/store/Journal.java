package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Openings;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The journal of a book, as its writer sees it. A sequence is the number of the opening, counted up
 * durably at each, times 2^40, plus the number of the line, so that a line that was lost with the
 * power is never numbered again. A data folder that was put back counts anew: what tells its lines
 * from those of the undone future are the {@link Openings}. The oldest lines are forgotten a chunk
 * at a time; the last sequence of each chunk is remembered, so that nothing must be counted.
 *
 * <p>Belongs to the writer's thread, {@link #read} excepted.
 */
final class Journal {
  /**
   * So many of the last lines are kept at least. Who was away for longer compares instead, at a
   * cost that no longer grows. A guess: a minute and a half of the most stores that were measured,
   * and 55 MB by measurement.
   */
  static final int LINES_MAX = 1 << 20;

  /** Lines that are forgotten at once. */
  static final int CHUNK_LINES = 1 << 16;

  private static final int OPENING_BITS = 40;

  /** Of one of the earlier openings on disk. */
  static final int EARLIER_BYTES = 2 * Long.BYTES;

  private static final int FIXED_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

  private final Family family;
  private Openings openings;
  private final ArrayDeque<Long> chunks = new ArrayDeque<>();
  private long head;
  private long forgotten;
  private int linesInChunk;

  /** A journal with no lines yet. */
  Journal(Family family, long mark) {
    this.family = family;
    openings = Openings.first(mark);
  }

  /** Reads what {@link #putState} wrote, and {@link #putEarlier}; the latter may be empty. */
  Journal(Family family, ByteBuffer in, ByteBuffer earlier) {
    this.family = family;
    openings = new Openings(in.getLong(), readEarlier(earlier));
    head = in.getLong();
    forgotten = in.getLong();
    linesInChunk = in.getInt();
    for (int left = in.getInt(); left > 0; left--) {
      chunks.add(in.getLong());
    }
  }

  int stateBytes() {
    return FIXED_BYTES + chunks.size() * Long.BYTES;
  }

  void putState(ByteBuffer out) {
    out.putLong(openings.mark()).putLong(head).putLong(forgotten).putInt(linesInChunk);
    out.putInt(chunks.size());
    chunks.forEach(out::putLong);
  }

  private static List<Openings.Earlier> readEarlier(ByteBuffer in) {
    List<Openings.Earlier> earlier = new ArrayList<>();
    while (in.hasRemaining()) {
      earlier.add(new Openings.Earlier(in.getLong(), in.getLong()));
    }
    return earlier;
  }

  int earlierBytes() {
    return openings.earlier().size() * EARLIER_BYTES;
  }

  void putEarlier(ByteBuffer out) {
    openings.earlier().forEach(each -> out.putLong(each.mark()).putLong(each.last()));
  }

  static long mark(ByteBuffer state) {
    return state.getLong(state.position());
  }

  static long forgotten(ByteBuffer state) {
    return state.getLong(state.position() + 2 * Long.BYTES);
  }

  /** Goes on under another mark, unless it has that already. */
  void begin(long mark) {
    if (mark != openings.mark()) {
      openings = openings.then(mark, head, forgotten);
    }
  }

  /** Leaps over every line that the openings before may have had. */
  void leap() {
    head = ((head >>> OPENING_BITS) + 1) << OPENING_BITS;
  }

  /** All its lines are gone. */
  void forgetAll() {
    forgotten = head;
    linesInChunk = 0;
    chunks.clear();
  }

  Openings openings() {
    return openings;
  }

  /** The sequence of the last line; no line has it right after {@link #leap}. */
  long head() {
    return head;
  }

  /** Lines up to this one are gone. */
  long forgotten() {
    return forgotten;
  }

  /**
   * Takes a number for something that has no line: a place from before it differs from one since.
   */
  Change skip() {
    return new Change(++head, Optional.empty(), Optional.empty());
  }

  Change append(Optional<EntryInfo> before, Optional<EntryInfo> after, Tables.Batch batch)
      throws RocksDBException {
    Change line = new Change(++head, before, after);
    batch.put(family, JournalLine.key(head), JournalLine.value(line));
    if (++linesInChunk == CHUNK_LINES) {
      linesInChunk = 0;
      chunks.add(head);
      if (chunks.size() > LINES_MAX / CHUNK_LINES) {
        long from = forgotten + 1;
        forgotten = chunks.remove();
        batch.deleteRange(family, JournalLine.key(from), JournalLine.key(forgotten + 1));
      }
    }
    return line;
  }

  /** The first lines after a sequence, as they are now. Any thread may call it. */
  static List<Change> read(Tables tables, Family family, long after, int count)
      throws RocksDBException, IOException {
    List<Change> found = new ArrayList<>(Math.min(count, 1024));
    try (RocksIterator lines = tables.iterate(family)) {
      for (lines.seek(JournalLine.key(Math.max(after, 0) + 1));
          lines.isValid() && found.size() < count;
          lines.next()) {
        found.add(JournalLine.decode(lines.key(), lines.value()));
      }
      lines.status();
    }
    return found;
  }
}
