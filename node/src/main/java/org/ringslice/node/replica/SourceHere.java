package org.ringslice.node.replica;

import org.ringslice.messages.Arc;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;

/** What this node holds itself. */
record SourceHere(JournalFeed held, Shelf shelf) implements Source {
  @Override
  public void watch(Arcs arcs, long journal, long after, JournalFeed.Reply reply, Turn turn) {
    held.ask(arcs, journal, after, reply, turn);
  }

  @Override
  public void list(Arc arc, int count, Then then, Turn turn) {
    shelf.page(
        Book.HELD,
        arc,
        count,
        turn,
        (scanned, later) -> then.go(scanned.items(), scanned.failure(), later));
  }
}
