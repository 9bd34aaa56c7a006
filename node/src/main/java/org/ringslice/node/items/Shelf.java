package org.ringslice.node.items;

import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;

/**
 * The store of this node, as the core sees it: asks it by effects, takes in what has changed in its
 * books, and hands each reply to the part that asked. How much is asked at once is bounded by what
 * {@link org.ringslice.node.ring.Guests} lets in.
 */
public final class Shelf {

  /** What to do with a reply. */
  @FunctionalInterface
  public interface Then<A extends StoreAnswer> {
    void go(StoreReply<A> reply, Turn turn);
  }

  /** Is told of what somebody wants to be here, or asks whether it is. */
  @FunctionalInterface
  public interface Asked {
    void asked(List<Id> ids, Turn turn);
  }

  /** A request that is not answered yet. */
  private record Open<A extends StoreAnswer>(StoreRequest<A> request, Then<A> then) {
    boolean writesTo(Book book) {
      return request instanceof StoreRequest.Write<A> write && write.book() == book;
    }

    /** A store answers a request by the method that returns its type, and has no other way. */
    @SuppressWarnings("unchecked")
    void close(StoreReply<?> reply, Turn turn) {
      then.go((StoreReply<A>) reply, turn);
    }
  }

  private final Catalogue held;
  private final Catalogue watched;
  private final TreeMap<Long, Open<?>> open = new TreeMap<>();
  private long nextTicket = 1;
  private int writesToHeld;
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

  /** Has somebody told of each {@link #keep} and {@link #look}, before it. */
  public void listen(Asked listener) {
    asked = listener;
  }

  /** Whether something is being kept or dropped that is not durable yet. */
  public boolean isWriting() {
    return writesToHeld > 0;
  }

  /** Keeps entries of which somebody will rely on it that they are here. */
  public void keep(List<Entry> entries, Turn turn, Then<StoreAnswer.Kept> then) {
    asked.asked(entries.stream().map(Entry::id).toList(), turn);
    ask(new StoreRequest.Keep(entries), turn, then);
  }

  /** For somebody who wants to know what is here, and may rely on it. */
  public void look(List<Id> ids, Turn turn, Then<StoreAnswer.Looked> then) {
    asked.asked(ids, turn);
    ask(new StoreRequest.Look(ids), turn, then);
  }

  /** Asks the store, and tells nobody else of it. */
  public <A extends StoreAnswer> void ask(StoreRequest<A> request, Turn turn, Then<A> then) {
    Open<A> asking = new Open<>(request, then);
    writesToHeld += asking.writesTo(Book.HELD) ? 1 : 0;
    open.put(nextTicket, asking);
    turn.emit(new Effect.AskStore(nextTicket++, request));
  }

  /**
   * What was asked is done. The books are as the reply says before the part that asked goes on.
   *
   * @throws IllegalStateException when nobody asked that
   */
  public void done(Event.StoreDone event, Turn turn) {
    Open<?> asking = open.get(event.ticket());
    if (asking == null) {
      throw new IllegalStateException("the store replies to what nobody asked: " + event);
    }
    if (asking.writesTo(Book.HELD)) {
      held.apply(event.reply().changes(), turn);
      writesToHeld--;
    } else if (asking.writesTo(Book.WATCHED)) {
      watched.apply(event.reply().changes(), turn);
    }
    open.remove(event.ticket());
    asking.close(event.reply(), turn);
  }

  /** The store has changed by itself what is held. */
  public void amended(Event.Amended event, Turn turn) {
    held.apply(event.changes(), turn);
  }
}
