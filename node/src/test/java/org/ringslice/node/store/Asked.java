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
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
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
  private final Map<Long, StoreReply<?>> early = new HashMap<>();
  private final Map<Long, Book> writesTo = new HashMap<>();
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

  /** What became of a write. */
  record Written(List<Outcome> outcomes, List<Change> changes, Optional<String> failure) {
    static Written of(StoreReply<?> reply) {
      return new Written(
          reply.answer().orElse(null) instanceof StoreAnswer.Kept kept
              ? kept.outcomes()
              : List.of(),
          reply.changes(),
          reply.failure());
    }
  }

  /** What a load found. */
  record Loaded(Optional<Entry> entry, Optional<String> failure) {}

  long ask(StoreRequest<?> request) {
    if (request instanceof StoreRequest.Write<?> write) {
      writesTo.put(++tickets, write.book());
    } else {
      ++tickets;
    }
    store.ask(tickets, request);
    return tickets;
  }

  /** Asks, and waits for the reply. */
  @SuppressWarnings("unchecked")
  <A extends StoreAnswer> StoreReply<A> reply(StoreRequest<A> request) {
    return (StoreReply<A>) await(ask(request));
  }

  long keep(Entry... entries) {
    return ask(new StoreRequest.Keep(List.of(entries)));
  }

  Written kept(Entry... entries) {
    return Written.of(await(keep(entries)));
  }

  Loaded loaded(Id id) {
    StoreReply<StoreAnswer.Loaded> reply = reply(new StoreRequest.Load(id));
    return new Loaded(reply.answer().flatMap(StoreAnswer.Loaded::entry), reply.failure());
  }

  List<Entry> loadedAll(Id... ids) {
    return reply(new StoreRequest.LoadAll(List.of(ids))).get().entries();
  }

  StoreAnswer.Looked looked(Id... ids) {
    return reply(new StoreRequest.Look(List.of(ids))).get();
  }

  StoreAnswer.Scanned scanned(Arc arc, Direction direction, int count) {
    return reply(StoreRequest.Scan.living(arc, direction, count)).get();
  }

  /** All rows, dead ones too. */
  List<EntryInfo> rows(Book book) {
    Arc ring = Arc.wholeRing(Id.MAX);
    return reply(new StoreRequest.Scan(book, ring, Direction.NEXT, true, Integer.MAX_VALUE))
        .get()
        .items();
  }

  long drop(EntryInfo... copies) {
    return ask(new StoreRequest.Drop(List.of(copies)));
  }

  Written dropped(EntryInfo... copies) {
    return Written.of(await(drop(copies)));
  }

  long note(boolean told, EntryInfo... infos) {
    return ask(new StoreRequest.Note(List.of(infos), told));
  }

  Written noted(boolean told, EntryInfo... infos) {
    return Written.of(await(note(told, infos)));
  }

  Written covered(Arc... arcs) {
    return Written.of(await(ask(new StoreRequest.Cover(List.of(arcs)))));
  }

  StoreAnswer.JournalRead journal(Book book, long after, int count) {
    return reply(new StoreRequest.ReadJournal(book, after, count)).get();
  }

  List<Id> droppedIds(Arc arc, int count) {
    return reply(new StoreRequest.ReadDropped(arc, count)).get().ids();
  }

  /** As the core does it; what is believed is written when the store is closed, or before. */
  void saveIndex(Book book) {
    Believed now = believed.get(book);
    ask(new StoreRequest.SaveIndex(book, now.index().save(), now.sequence()));
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
        journal = journal(book, told.opened().sequence(), Integer.MAX_VALUE).lines();
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
      if (next instanceof Event.StoreDone done && tickets.contains(done.ticket())) {
        order.add(done.ticket());
      }
    }
    return order;
  }

  private void early(Event event) {
    if (event instanceof Event.StoreDone done) {
      early.put(done.ticket(), done.reply());
    }
  }

  StoreReply<?> await(long ticket) {
    while (!early.containsKey(ticket)) {
      early(next());
    }
    return early.remove(ticket);
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
    if (event instanceof Event.StoreDone done && writesTo.containsKey(done.ticket())) {
      believed.get(writesTo.remove(done.ticket())).changed(done.reply().changes());
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

  @Override
  public void close() {
    store.close();
  }
}
