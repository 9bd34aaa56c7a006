package org.ringslice.node.items;

import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Turn;

/**
 * What this node holds, as the core sees it: asks the store by effects, and hands each completion
 * to whoever asked. How much is asked at once is bounded by what {@link
 * org.ringslice.node.ring.Guests} lets in.
 */
public final class Shelf {
  /** Entries that are listed at once; a session compares no more. */
  static final int LISTED_MAX = 8_000_000;

  /** What to do with a completion. */
  @FunctionalInterface
  public interface Then<E extends Event> {
    void go(E event, Turn turn);
  }

  /** Is told of what somebody wants to be here, or asks whether it is. */
  @FunctionalInterface
  public interface Asked {
    void asked(List<Id> ids, Turn turn);
  }

  private final Catalogue held;
  private final Catalogue watched;
  private final TreeMap<Long, Then<Event.Kept>> keeping = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Loaded>> loading = new TreeMap<>();
  private final TreeMap<Long, Then<Event.LoadedAll>> loadingAll = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Looked>> looking = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Scanned>> scanning = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Noted>> noting = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Described>> describing = new TreeMap<>();
  private final TreeMap<Long, Then<Event.JournalRead>> reading = new TreeMap<>();
  private final TreeMap<Long, Then<Event.DroppedRead>> recalling = new TreeMap<>();
  private long nextTicket = 1;
  private Asked asked = (ids, turn) -> {};

  public Shelf(Inventory held, Inventory watched) {
    this.held = new Catalogue(Book.HELD, held, this);
    this.watched = new Catalogue(Book.WATCHED, watched, this);
  }

  /** The index and the journal of what is held. */
  public Catalogue held() {
    return held;
  }

  /** The index and the journal of what is known of watched slices. */
  public Catalogue watched() {
    return watched;
  }

  /** Has somebody told of each keep and look, before it. */
  public void listen(Asked listener) {
    asked = listener;
  }

  /** Whether something is being kept or dropped that is not durable yet. */
  public boolean isWriting() {
    return !keeping.isEmpty();
  }

  public void keep(List<Entry> entries, Turn turn, Then<Event.Kept> then) {
    asked.asked(entries.stream().map(Entry::id).toList(), turn);
    keeping.put(nextTicket, then);
    turn.emit(new Effect.Keep(nextTicket++, entries));
  }

  /** Drops copies whose entries are held elsewhere. */
  public void drop(List<EntryInfo> copies, Turn turn, Then<Event.Kept> then) {
    keeping.put(nextTicket, then);
    turn.emit(new Effect.Drop(nextTicket++, copies));
  }

  public void load(Id id, Turn turn, Then<Event.Loaded> then) {
    loading.put(nextTicket, then);
    turn.emit(new Effect.Load(nextTicket++, id));
  }

  /** For many small ones: an event for each would cost more than the reading. */
  public void loadAll(List<Id> ids, Turn turn, Then<Event.LoadedAll> then) {
    loadingAll.put(nextTicket, then);
    turn.emit(new Effect.LoadAll(nextTicket++, ids));
  }

  /** For somebody who wants to know, and may rely on it. */
  public void look(List<Id> ids, Turn turn, Then<Event.Looked> then) {
    asked.asked(ids, turn);
    lookUnasked(ids, turn, then);
  }

  /** For this node itself, which tells nobody. */
  public void lookUnasked(List<Id> ids, Turn turn, Then<Event.Looked> then) {
    looking.put(nextTicket, then);
    turn.emit(new Effect.Look(nextTicket++, ids));
  }

  /** The living of what is held. */
  public void scan(Arc arc, Direction direction, int count, Turn turn, Then<Event.Scanned> then) {
    scanning.put(nextTicket, then);
    turn.emit(new Effect.Scan(nextTicket++, Book.HELD, arc, direction, false, count));
  }

  /** All living entries of an arc of a book. */
  public void list(Book book, Arc arc, Turn turn, Then<Event.Scanned> then) {
    scanning.put(nextTicket, then);
    turn.emit(new Effect.Scan(nextTicket++, book, arc, Direction.NEXT, false, LISTED_MAX));
  }

  /** The first living entries of an arc of a book. */
  public void page(Book book, Arc arc, int count, Turn turn, Then<Event.Scanned> then) {
    scanning.put(nextTicket, then);
    turn.emit(new Effect.Scan(nextTicket++, book, arc, Direction.NEXT, false, count));
  }

  /** What is held of an id, also when it is dead: one item, or none. */
  public void row(Id id, Turn turn, Then<Event.Scanned> then) {
    scanning.put(nextTicket, then);
    Arc spot = new Arc(id.previous(), id);
    turn.emit(new Effect.Scan(nextTicket++, Book.HELD, spot, Direction.NEXT, true, 1));
  }

  public void note(List<EntryInfo> infos, boolean told, Turn turn, Then<Event.Noted> then) {
    noting.put(nextTicket, then);
    turn.emit(new Effect.Note(nextTicket++, infos, told));
  }

  public void cover(List<Arc> arcs, Turn turn, Then<Event.Noted> then) {
    noting.put(nextTicket, then);
    turn.emit(new Effect.Cover(nextTicket++, arcs));
  }

  /** What is known of the blobs of an arc. */
  public void describe(Arc arc, Turn turn, Then<Event.Described> then) {
    describing.put(nextTicket, then);
    turn.emit(new Effect.Describe(nextTicket++, arc));
  }

  public void readJournal(
      Book book, long after, int count, Turn turn, Then<Event.JournalRead> then) {
    reading.put(nextTicket, then);
    turn.emit(new Effect.ReadJournal(nextTicket++, book, after, count));
  }

  /** The first ids of an arc that were dropped here lately. */
  public void readDropped(Arc arc, int count, Turn turn, Then<Event.DroppedRead> then) {
    recalling.put(nextTicket, then);
    turn.emit(new Effect.ReadDropped(nextTicket++, arc, count));
  }

  /** Of copies that can't be read nothing is wanted any more. */
  public void forgetDamaged(List<Id> ids, Turn turn) {
    turn.emit(new Effect.ForgetDamaged(ids));
  }

  void saveIndex(Book book, Bytes index, long sequence, Turn turn) {
    turn.emit(new Effect.SaveIndex(book, index, sequence));
  }

  public void kept(Event.Kept event, Turn turn) {
    held.apply(event.changes(), turn);
    keeping.remove(event.ticket()).go(event, turn);
  }

  public void loaded(Event.Loaded event, Turn turn) {
    loading.remove(event.ticket()).go(event, turn);
  }

  public void loadedAll(Event.LoadedAll event, Turn turn) {
    loadingAll.remove(event.ticket()).go(event, turn);
  }

  public void looked(Event.Looked event, Turn turn) {
    looking.remove(event.ticket()).go(event, turn);
  }

  public void scanned(Event.Scanned event, Turn turn) {
    scanning.remove(event.ticket()).go(event, turn);
  }

  public void noted(Event.Noted event, Turn turn) {
    watched.apply(event.changes(), turn);
    noting.remove(event.ticket()).go(event, turn);
  }

  public void described(Event.Described event, Turn turn) {
    describing.remove(event.ticket()).go(event, turn);
  }

  public void journalRead(Event.JournalRead event, Turn turn) {
    reading.remove(event.ticket()).go(event, turn);
  }

  public void droppedRead(Event.DroppedRead event, Turn turn) {
    recalling.remove(event.ticket()).go(event, turn);
  }

  public void amended(Event.Amended event, Turn turn) {
    held.apply(event.changes(), turn);
  }
}
