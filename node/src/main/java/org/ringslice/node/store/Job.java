package org.ringslice.node.store;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;

/** What the store was asked for, on its way to the thread that does it. */
sealed interface Job {
  /** What an info takes in memory, with its id. By the sizes of objects. */
  int INFO_BYTES = 80;

  /** The answer when it could not be done. */
  Event failed(String why);

  /** Bytes that it holds in memory while it waits. */
  default long sizeBytes() {
    return 0;
  }

  /** For the writer. */
  sealed interface Write extends Job {
    /** The book that it changes. */
    Book book();

    /** Entries that it is about. */
    int count();

    /** The answer. */
    Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure);

    @Override
    default Event failed(String why) {
      return answer(List.of(), List.of(), Optional.of(why));
    }
  }

  /**
   * @param checked whether the copies that were there already have been read since it was asked
   */
  record Keep(long ticket, List<Entry> entries, long sizeBytes, boolean checked) implements Write {
    static Keep of(long ticket, List<Entry> entries) {
      long sizeBytes = 0;
      for (Entry entry : entries) {
        sizeBytes += entry.bytes().size();
      }
      return new Keep(ticket, entries, sizeBytes, false);
    }

    Keep onceChecked() {
      return new Keep(ticket, entries, sizeBytes, true);
    }

    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return entries.size();
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Kept(ticket, outcomes, changes, failure);
    }
  }

  record Drop(long ticket, List<EntryInfo> copies) implements Write {
    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return copies.size();
    }

    @Override
    public long sizeBytes() {
      return (long) copies.size() * INFO_BYTES;
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Kept(ticket, List.of(), changes, failure);
    }
  }

  /** A change that the store makes by itself; the core is told what has changed. */
  sealed interface Amend extends Write {
    /** The copy that it is about. */
    IndexRow row();

    @Override
    default Book book() {
      return Book.HELD;
    }

    @Override
    default int count() {
      return 1;
    }

    @Override
    default Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Amended(changes);
    }
  }

  /** The bytes of this copy can't be read: it is held no more, unless it was replaced by now. */
  record GiveUp(IndexRow row) implements Amend {}

  /** This copy was given up, and its bytes can be read after all. */
  record Restore(IndexRow row) implements Amend {}

  /** What was given up of these ids is of no use any more. */
  record Forget(List<Id> ids) implements Write {
    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return ids.size();
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Amended(changes);
    }
  }

  record Note(long ticket, List<EntryInfo> infos, boolean told) implements Write {
    @Override
    public Book book() {
      return Book.WATCHED;
    }

    @Override
    public int count() {
      return infos.size();
    }

    @Override
    public long sizeBytes() {
      return (long) infos.size() * INFO_BYTES;
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Noted(ticket, changes, failure);
    }
  }

  record Cover(long ticket, List<Arc> arcs) implements Write {
    @Override
    public Book book() {
      return Book.WATCHED;
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      return new Event.Noted(ticket, changes, failure);
    }
  }

  /**
   * A step of a {@link Compaction}, which is told when it is done; nobody else is.
   *
   * @param rows where the entries are
   * @param next where the next step begins; nothing when this is the last
   */
  record Move(
      int segment, List<IndexRow> rows, List<Entry> entries, long sizeBytes, Optional<Id> next)
      implements Write {
    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return rows.size();
    }

    @Override
    public Event answer(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }
  }

  /** The index is damaged: the writer is to make it anew, though nobody writes. */
  record Mend() implements Job {
    @Override
    public Event failed(String why) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }
  }

  record Load(long ticket, Id id) implements Job {
    @Override
    public Event.Loaded failed(String why) {
      return new Event.Loaded(ticket, Optional.empty(), Optional.of(why));
    }
  }

  record LoadAll(long ticket, List<Id> ids) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.LoadedAll(ticket, List.of());
    }
  }

  record Look(long ticket, List<Id> ids) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Looked(ticket, new BitSet(), Optional.of(why));
    }
  }

  /**
   * Of a keep, what is there already is to be read before it is said so; then the keep goes back to
   * the writer.
   */
  record Check(Keep keep, List<IndexRow> rows) implements Job {
    @Override
    public Event failed(String why) {
      return keep.failed(why);
    }
  }

  record Scan(long ticket, Book book, Arc arc, Direction direction, boolean dead, int count)
      implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Scanned(ticket, List.of(), Optional.of(why));
    }
  }

  record Describe(long ticket, Arc arc) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Described(ticket, List.of());
    }
  }

  record ReadJournal(long ticket, Book book, long after, int count) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.JournalRead(ticket, 0, List.of(), Optional.of(why));
    }
  }

  record ReadDropped(long ticket, Arc arc, int count) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.DroppedRead(ticket, List.of(), Optional.of(why));
    }
  }

  /** Keeps an index for the next start; nobody waits for it. */
  record SaveIndex(Book book, Bytes index, long sequence) implements Job {
    @Override
    public Event failed(String why) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }

    @Override
    public long sizeBytes() {
      return index.size();
    }
  }

  /**
   * The next step of a {@link Compaction} is to be read.
   *
   * @param from the first id to look at
   */
  record Compact(int segment, Id from) implements Job {
    @Override
    public Event failed(String why) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }
  }

  /**
   * Stands for a job that came while too much was waiting; all that is left of it is its answer.
   */
  record Refused(Event answer) implements Job {
    @Override
    public Event failed(String why) {
      return answer;
    }
  }

  /** The last job of a thread. */
  record Stop() implements Job {
    @Override
    public Event failed(String why) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }
  }
}
