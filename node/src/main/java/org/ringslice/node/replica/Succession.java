package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.HandedOver;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/**
 * Who takes a node's place for what it holds: goes through all of it, a page at a time. An entry
 * counts for the node that is one of its holders without this one and was none with it; where all
 * who stay have it anyway it counts for nobody.
 */
final class Succession {
  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    /**
     * @param failure why not all could be gone through; empty when it was
     */
    void done(List<HandedOver> handedOver, String failure, Turn turn);
  }

  private static final class Tally {
    private long entries;
    private long sizeBytes;
  }

  private final Shelf shelf;
  private final Homes homes;
  private final Ring with;
  private final Ring without;
  private final Then then;
  private final TreeMap<Id, Tally> tallies = new TreeMap<>();

  Succession(Shelf shelf, Homes homes, Ring without, Id leaving, Then then) {
    this.shelf = shelf;
    this.homes = homes;
    this.without = without;
    this.then = then;
    List<Id> nodes = new ArrayList<>(without.nodes());
    nodes.add(leaving);
    with = new Ring(nodes);
  }

  void start(Turn turn) {
    page(Arc.wholeRing(Id.MAX), turn);
  }

  private void page(Arc arc, Turn turn) {
    shelf.ask(
        StoreRequest.Scan.page(Book.HELD, arc, Limits.ITEMS_MAX),
        turn,
        (scanned, later) -> paged(arc, scanned, later));
  }

  private void paged(Arc arc, StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
    if (scanned.hasFailed()) {
      then.done(handedOver(), scanned.failure().get(), turn);
      return;
    }
    List<EntryInfo> page = scanned.get().items();
    page.forEach(this::count);
    Id last = page.isEmpty() ? arc.to() : page.get(page.size() - 1).id();
    if (page.size() < Limits.ITEMS_MAX || last.equals(arc.to())) {
      then.done(handedOver(), "", turn);
    } else {
      page(new Arc(last, arc.to()), turn);
    }
  }

  private void count(EntryInfo entry) {
    List<Id> before = with.holders(entry.id(), homes);
    for (Id holder : without.holders(entry.id(), homes)) {
      if (!before.contains(holder)) {
        Tally tally = tallies.computeIfAbsent(holder, none -> new Tally());
        tally.entries++;
        tally.sizeBytes += entry.size();
      }
    }
  }

  private List<HandedOver> handedOver() {
    List<HandedOver> all = new ArrayList<>();
    tallies.forEach((node, tally) -> all.add(new HandedOver(node, tally.entries, tally.sizeBytes)));
    return all.subList(0, Math.min(all.size(), Limits.PEERS_MAX));
  }
}
