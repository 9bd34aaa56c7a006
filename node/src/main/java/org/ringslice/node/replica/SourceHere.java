package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.sync.Summary;

/** What this node holds itself. */
final class SourceHere implements Source {
  /** Entries that are read and noted at once; between two pages others have their turn. A guess. */
  static final int PAGE_ENTRIES = 1024;

  private final Supplier<Arcs> share;
  private final JournalFeed held;
  private final Shelf shelf;
  private final Replica replica;

  SourceHere(Supplier<Arcs> share, JournalFeed held, Shelf shelf, Replica replica) {
    this.share = share;
    this.held = held;
    this.shelf = shelf;
    this.replica = replica;
  }

  @Override
  public Arcs share() {
    return share.get();
  }

  @Override
  public void watch(Arcs arcs, long journal, long after, JournalFeed.Reply reply, Turn turn) {
    held.ask(arcs, journal, after, reply, turn);
  }

  @Override
  public void bring(Arcs arcs, Turn turn, Then then) {
    List<Arc> all = arcs.toList();
    shelf
        .held()
        .summarise(
            all,
            turn,
            (ours, later) ->
                shelf
                    .watched()
                    .summarise(all, later, (known, last) -> compare(all, ours, known, last, then)));
  }

  /** Lists those that are not known to be the same. */
  private void compare(
      List<Arc> arcs, List<Summary> ours, List<Summary> known, Turn turn, Then then) {
    ArrayDeque<Arc> differing = new ArrayDeque<>();
    boolean unknown = ours.size() < arcs.size() || known.size() < arcs.size();
    for (int i = 0; i < arcs.size(); i++) {
      if (unknown || !ours.get(i).equals(known.get(i))) {
        differing.add(arcs.get(i));
      }
    }
    new Listing(differing, then).next(turn);
  }

  /** Lists some arcs, a page after the other: the next when the last is durable. */
  private final class Listing {
    private final ArrayDeque<Arc> left;
    private final Then then;

    Listing(ArrayDeque<Arc> left, Then then) {
      this.left = left;
      this.then = then;
    }

    void next(Turn turn) {
      if (left.isEmpty()) {
        then.go(Optional.empty(), turn);
      } else {
        shelf.page(Book.HELD, left.peek(), PAGE_ENTRIES, turn, this::listed);
      }
    }

    private void listed(Event.Scanned scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        then.go(scanned.failure(), turn);
        return;
      }
      List<EntryInfo> page = scanned.items();
      Arc arc = left.poll();
      if (page.size() >= PAGE_ENTRIES) {
        Id last = page.get(page.size() - 1).id();
        if (!last.equals(arc.to())) {
          left.push(new Arc(last, arc.to()));
        }
      }
      replica.note(page.stream().filter(Admission::admits).toList(), turn, this::noted);
    }

    private void noted(Optional<String> failure, Turn turn) {
      if (failure.isPresent()) {
        then.go(failure, turn);
      } else {
        next(turn);
      }
    }
  }
}
