package org.ringslice.node.items;

import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

/**
 * What this node holds, as the core sees it: asks the store by effects, and hands each completion
 * to whoever asked. How much is asked at once is bounded by what {@link
 * org.ringslice.node.ring.Guests} lets in.
 */
public final class Shelf {

  /** What to do with a completion. */
  @FunctionalInterface
  public interface Then<E extends Event> {
    void go(E event, Turn turn);
  }

  private final TreeMap<Long, Then<Event.Kept>> keeping = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Loaded>> loading = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Looked>> looking = new TreeMap<>();
  private final TreeMap<Long, Then<Event.Scanned>> scanning = new TreeMap<>();
  private long nextTicket = 1;

  public void keep(List<Entry> entries, Turn turn, Then<Event.Kept> then) {
    keeping.put(nextTicket, then);
    turn.emit(new Effect.Keep(nextTicket++, entries));
  }

  public void load(Id id, Turn turn, Then<Event.Loaded> then) {
    loading.put(nextTicket, then);
    turn.emit(new Effect.Load(nextTicket++, id));
  }

  public void look(List<Id> ids, Turn turn, Then<Event.Looked> then) {
    looking.put(nextTicket, then);
    turn.emit(new Effect.Look(nextTicket++, ids));
  }

  public void scan(Arc arc, Direction direction, int count, Turn turn, Then<Event.Scanned> then) {
    scanning.put(nextTicket, then);
    turn.emit(new Effect.Scan(nextTicket++, arc, direction, count));
  }

  public void kept(Event.Kept event, Turn turn) {
    keeping.remove(event.ticket()).go(event, turn);
  }

  public void loaded(Event.Loaded event, Turn turn) {
    loading.remove(event.ticket()).go(event, turn);
  }

  public void looked(Event.Looked event, Turn turn) {
    looking.remove(event.ticket()).go(event, turn);
  }

  public void scanned(Event.Scanned event, Turn turn) {
    scanning.remove(event.ticket()).go(event, turn);
  }
}
