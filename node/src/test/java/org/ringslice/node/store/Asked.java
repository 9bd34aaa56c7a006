package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

/**
 * A store, and somebody who asks it, waits for the answer, and believes every change that it is
 * told.
 */
final class Asked implements AutoCloseable {
  static final EntryDigest KEY = new EntryDigest(1, 2);

  private static final long PATIENCE_SECONDS = 60;

  final DiskStore store;
  private final BlockingQueue<Event> events;
  private final Map<Long, Event> early = new HashMap<>();
  private final EnumMap<Book, Believed> believed = new EnumMap<>(Book.class);
  private boolean isRoomShort;
  private long tickets;

  Asked(Path folder) throws IOException {
    this(folder, DiskStore.RESERVE_BYTES, BlockLog.SEGMENT_BYTES);
  }

  Asked(Path folder, long reserveBytes, int segmentBytes) throws IOException {
    events = new LinkedBlockingQueue<>();
    store = DiskStore.open(folder, KEY, events::add, reserveBytes, segmentBytes);
    believed.put(Book.HELD, new Believed(store.books().held()));
    believed.put(Book.WATCHED, new Believed(store.books().watched()));
  }

  long keep(Entry... entries) {
    store.keep(++tickets, List.of(entries));
    return tickets;
  }

  Event.Kept kept(Entry... entries) {
    return (Event.Kept) await(keep(entries));
  }

  Event.Loaded loaded(Id id) {
    store.load(++tickets, id);
    return (Event.Loaded) await(tickets);
  }

  List<Entry> loadedAll(Id... ids) {
    store.loadAll(++tickets, List.of(ids));
    return ((Event.LoadedAll) await(tickets)).entries();
  }

  Event.Looked looked(Id... ids) {
    store.look(++tickets, List.of(ids));
    return (Event.Looked) await(tickets);
  }

  Event.Scanned scanned(Arc arc, Direction direction, int count) {
    store.scan(++tickets, Book.HELD, arc, direction, false, count);
    return (Event.Scanned) await(tickets);
  }

  /** All rows, dead ones too. */
  List<EntryInfo> rows(Book book) {
    store.scan(++tickets, book, Arc.wholeRing(Id.MAX), Direction.NEXT, true, Integer.MAX_VALUE);
    Event.Scanned scanned = (Event.Scanned) await(tickets);
    assertEquals(Optional.empty(), scanned.failure());
    return scanned.items();
  }

  long drop(EntryInfo... copies) {
    store.drop(++tickets, List.of(copies));
    return tickets;
  }

  Event.Kept dropped(EntryInfo... copies) {
    return (Event.Kept) await(drop(copies));
  }

  long note(boolean told, EntryInfo... infos) {
    store.note(++tickets, List.of(infos), told);
    return tickets;
  }

  Event.Noted noted(boolean told, EntryInfo... infos) {
    return (Event.Noted) await(note(told, infos));
  }

  Event.Noted covered(Arc... arcs) {
    store.cover(++tickets, List.of(arcs));
    return (Event.Noted) await(tickets);
  }

  Event.JournalRead journal(Book book, long after, int count) {
    store.readJournal(++tickets, book, after, count);
    return (Event.JournalRead) await(tickets);
  }

  List<Id> droppedIds(Arc arc, int count) {
    store.readDropped(++tickets, arc, count);
    return ((Event.DroppedRead) await(tickets)).ids();
  }

  /** Whether it said last that room is short. */
  boolean isRoomShort() {
    return isRoomShort;
  }

  /** What is believed of a book. */
  Believed believed(Book book) {
    return believed.get(book);
  }

  /** What was told is what the journals say, and its outcome what the rows say. */
  void assertTheBooksAgree() {
    for (Book book : Book.values()) {
      Believed told = believed.get(book);
      assertEquals(
          told.lines(), journal(book, told.opened().sequence(), Integer.MAX_VALUE).changes());
      assertEquals(
          Index.of(KEY, rows(book)).summary(Arc.wholeRing(Id.ZERO)),
          told.index().summary(Arc.wholeRing(Id.ZERO)));
    }
  }

  Event await(long ticket) {
    Event found = early.remove(ticket);
    while (found == null) {
      Event next = next();
      if (!(next instanceof Event.Damaged || next instanceof Event.RoomShort)) {
        if (ticket(next) == ticket) {
          found = next;
        } else {
          early.put(ticket(next), next);
        }
      }
    }
    return found;
  }

  Event next() {
    try {
      Event next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no answer in " + PATIENCE_SECONDS + " s");
      }
      believe(next);
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void believe(Event event) {
    if (event instanceof Event.Kept kept) {
      believed.get(Book.HELD).changed(kept.changes());
    } else if (event instanceof Event.Noted noted) {
      believed.get(Book.WATCHED).changed(noted.changes());
    } else if (event instanceof Event.Damaged damaged) {
      believed.get(Book.HELD).damaged(damaged.copy());
    } else if (event instanceof Event.RoomShort room) {
      assertNotEquals(isRoomShort, room.isShort(), "told when it changes");
      isRoomShort = room.isShort();
    }
  }

  static long ticket(Event event) {
    if (event instanceof Event.Kept kept) {
      return kept.ticket();
    } else if (event instanceof Event.Loaded loaded) {
      return loaded.ticket();
    } else if (event instanceof Event.LoadedAll loaded) {
      return loaded.ticket();
    } else if (event instanceof Event.Looked looked) {
      return looked.ticket();
    } else if (event instanceof Event.Scanned scanned) {
      return scanned.ticket();
    } else if (event instanceof Event.Noted noted) {
      return noted.ticket();
    } else if (event instanceof Event.JournalRead read) {
      return read.ticket();
    } else if (event instanceof Event.DroppedRead read) {
      return read.ticket();
    }
    throw new AssertionError(event);
  }

  @Override
  public void close() {
    store.close();
  }
}
