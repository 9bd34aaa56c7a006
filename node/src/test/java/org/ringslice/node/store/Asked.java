package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;

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
  private int amended;

  // nothing before it was told
  private DiskHealth health;
  private String broken;

  Asked(Path folder) throws IOException {
    this(folder, DiskStore.RESERVE_BYTES, BlockLog.SEGMENT_BYTES);
  }

  Asked(Path folder, long reserveBytes, int segmentBytes) throws IOException {
    this(folder, reserveBytes, segmentBytes, false);
  }

  Asked(Path folder, long reserveBytes, int segmentBytes, boolean scrubsFully) throws IOException {
    events = new LinkedBlockingQueue<>();
    store = DiskStore.open(folder, KEY, events::add, reserveBytes, segmentBytes, scrubsFully);
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
      List<Change> journal;
      Summary rows;
      int linesBefore;
      do {
        linesBefore = told.lines().size();
        journal = journal(book, told.opened().sequence(), Integer.MAX_VALUE).changes();
        rows = Index.of(KEY, rows(book)).summary(Arc.wholeRing(Id.ZERO));
        // the store may be giving something up by itself meanwhile
      } while (!isBelieved(told, journal, rows)
          && (isToldMore() || told.lines().size() > linesBefore));
      assertEquals(told.lines(), journal);
      assertEquals(rows, told.index().summary(Arc.wholeRing(Id.ZERO)));
    }
  }

  private static boolean isBelieved(Believed told, List<Change> journal, Summary rows) {
    return told.lines().equals(journal)
        && told.index().summary(Arc.wholeRing(Id.ZERO)).equals(rows);
  }

  /** Whether something more was told within a second. */
  private boolean isToldMore() {
    try {
      Event next = events.poll(1, TimeUnit.SECONDS);
      if (next != null) {
        believe(next);
        early(next);
      }
      return next != null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the store has given up, or taken back, so many copies since it was opened. */
  void awaitAmended(int changes) {
    while (amended < changes) {
      early(next());
    }
    assertEquals(changes, amended);
  }

  /** Waits until the store says that it can't go on; why. */
  String awaitBroken() {
    while (broken == null) {
      early(next());
    }
    return broken;
  }

  /** Waits until the store tells that it is well, or not, in this way. */
  DiskHealth awaitHealth(Predicate<DiskHealth> wanted) {
    while (health == null || !wanted.test(health)) {
      early(next());
    }
    return health;
  }

  /** Waits for these answers; returns their tickets in the order in which they came. */
  List<Long> awaitInTheirOrder(Set<Long> tickets) {
    List<Long> order = new ArrayList<>();
    while (order.size() < tickets.size()) {
      Event next = next();
      early(next);
      if (!isUnasked(next) && tickets.contains(ticket(next))) {
        order.add(ticket(next));
      }
    }
    return order;
  }

  private void early(Event event) {
    if (!isUnasked(event)) {
      early.put(ticket(event), event);
    }
  }

  private static boolean isUnasked(Event event) {
    return event instanceof Event.Amended
        || event instanceof Event.Examined
        || event instanceof Event.Broken
        || event instanceof Event.RoomShort;
  }

  Event await(long ticket) {
    Event found = early.remove(ticket);
    while (found == null) {
      Event next = next();
      if (!isUnasked(next) && ticket(next) == ticket) {
        found = next;
      } else {
        early(next);
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
    } else if (event instanceof Event.Amended change) {
      believed.get(Book.HELD).changed(change.changes());
      amended += change.changes().size();
    } else if (event instanceof Event.Examined examined) {
      health = examined.health();
    } else if (event instanceof Event.Broken failure) {
      broken = failure.why();
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
