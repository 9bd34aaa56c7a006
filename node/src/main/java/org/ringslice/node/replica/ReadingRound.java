package org.ringslice.node.replica;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Ring;

/**
 * Has all that lies here {@linkplain ReadBack read} by its holders, page after page round the ring.
 * It remembers how far it has come over several attempts, as long as the ring stays the same: what
 * comes meanwhile has just been written by those who hold it.
 */
final class ReadingRound {
  /** What to do at the end, or where it can't go on. */
  @FunctionalInterface
  interface Then {
    /**
     * @param trouble empty when all was read
     */
    void go(String trouble, Turn turn);
  }

  private final Id self;
  private final Shelf shelf;
  private final Updater updater;
  private final ReadBack readBack;

  private Ring ring = new Ring(List.of());
  private Id passed;
  private boolean isDone;

  ReadingRound(Id self, Shelf shelf, Updater updater, Links links) {
    this.self = self;
    this.shelf = shelf;
    this.updater = updater;
    readBack = new ReadBack(links);
  }

  /**
   * Goes on where it was, or begins anew.
   *
   * @param now who holds hangs on this ring
   */
  void goOn(Ring now, Turn turn, Then then) {
    if (now != ring) {
      ring = now;
      passed = self;
      isDone = false;
    }
    next(turn, then);
  }

  private void next(Turn turn, Then then) {
    if (isDone) {
      then.go("", turn);
    } else {
      Arc left = new Arc(passed, self);
      shelf.ask(
          StoreRequest.Scan.page(Book.HELD, left, Limits.BATCH_ENTRIES_MAX),
          turn,
          (scanned, later) -> listed(scanned, later, then));
    }
  }

  private void listed(StoreReply<StoreAnswer.Scanned> scanned, Turn turn, Then then) {
    if (scanned.hasFailed()) {
      then.go("its disk can't be read", turn);
      return;
    }
    List<EntryInfo> page = scanned.get().items();
    if (page.isEmpty()) {
      isDone = true;
      next(turn, then);
      return;
    }
    Id last = page.get(page.size() - 1).id();
    SortedMap<Id, Collection<Id>> holders = holders(page, new Arc(passed, last));
    readBack.ask(holders, turn, (read, later) -> readBy(read, holders, last, later, then));
  }

  private SortedMap<Id, Collection<Id>> holders(List<EntryInfo> page, Arc arc) {
    TreeMap<Id, Collection<Id>> holders = new TreeMap<>();
    List<Share> shares = updater.shares().within(arc);
    int at = 0;
    for (EntryInfo item : page) {
      while (!shares.get(at).arc().contains(item.id())) {
        at++;
      }
      List<Id> others =
          shares.get(at).holders().stream().filter(holder -> !holder.equals(self)).toList();
      if (item.alive() && !others.isEmpty()) {
        holders.put(item.id(), others);
      }
    }
    return holders;
  }

  private void readBy(
      Set<Id> read, SortedMap<Id, Collection<Id>> holders, Id last, Turn turn, Then then) {
    if (read.size() < holders.size()) {
      then.go("what the others hold of it is being read", turn);
      return;
    }
    passed = last;
    isDone = last.equals(self);
    next(turn, then);
  }
}
