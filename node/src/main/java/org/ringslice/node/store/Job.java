package org.ringslice.node.store;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;

/**
 * What a thread of the store is to do: what the core has asked for, and what the store wants of
 * itself.
 */
sealed interface Job {
  /** Bytes that it holds in memory while it waits. */
  default long sizeBytes() {
    return 0;
  }

  // ---- what the core has asked for

  /** A request on its way to the thread that carries it out; the core waits for a reply. */
  sealed interface Asked extends Job {
    long ticket();

    default Event replied(StoreReply<?> reply) {
      return new Event.StoreDone(ticket(), reply);
    }
  }

  record Reading(long ticket, StoreRequest.Read<?> request) implements Asked {}

  /**
   * @param checked whether the copies that were there already have been read since it was asked
   */
  record Writing(long ticket, StoreRequest.Write<?> request, long sizeBytes, boolean checked)
      implements Asked, Write {
    static Writing of(long ticket, StoreRequest.Write<?> request) {
      return new Writing(ticket, request, request.sizeBytes(), false);
    }

    Writing onceChecked() {
      return new Writing(ticket, request, sizeBytes, true);
    }

    @Override
    public Book book() {
      return request.book();
    }

    @Override
    public int count() {
      return request.count();
    }
  }

  record Saving(long ticket, StoreRequest.SaveIndex request) implements Asked {
    @Override
    public long sizeBytes() {
      return request.index().size();
    }
  }

  /**
   * Stands for a request that came while too much was waiting; all that is left of it is its reply.
   */
  record Refused(Event replied) implements Job {}

  // ---- what the writer does

  /** For the writer. */
  sealed interface Write extends Job {
    /** The book that it changes. */
    Book book();

    /** Entries that it is about. */
    int count();
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
  }

  /** The bytes of this copy can't be read: it is held no more, unless it was replaced by now. */
  record GiveUp(IndexRow row) implements Amend {}

  /** This copy was given up, and its bytes can be read after all. */
  record Restore(IndexRow row) implements Amend {}

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
  }

  /** The index is damaged: the writer is to make it anew, though nobody writes. */
  record Mend() implements Job {}

  // ---- what other threads do

  /**
   * Of a keep, what is there already is to be read before it is said so; then the keep goes back to
   * the writer.
   */
  record Check(Writing keep, List<IndexRow> rows) implements Job {}

  /**
   * The next step of a {@link Compaction} is to be read.
   *
   * @param from the first id to look at
   */
  record Compact(int segment, Id from) implements Job {}

  /** The last job of a thread. */
  record Stop() implements Job {}
}
