package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Summary;

/**
 * A pass of {@link Dropping} in a ring of which this node does not know everybody: it asks who
 * holds each item of a page, which are few. Nobody else may know of them, so this is also how they
 * come there.
 */
final class FarRound {
  /** Copies of a page: for each of them it has to be asked who holds it. A guess. */
  private static final int FAR_ENTRIES = 64;

  /** What it is a pass of. */
  interface Outside {
    /** Whether it is to end, since the ring has changed or somebody asks for what is foreign. */
    boolean isDisturbed();

    /** Copies of these are about to be gone, and of nothing else. */
    void dropping(Arcs arcs);

    /**
     * @param leftSome whether there is something that not all of its holders are known to have
     */
    void ended(long dropped, boolean leftSome, Turn turn);
  }

  private final Self self;
  private final View view;
  private final Shelf shelf;
  private final Updater updater;
  private final Locating locating;
  private final ReadBack readBack;
  private final Outside outside;
  private final Arcs ripe;
  private final ArrayDeque<Arc> arcs;
  private boolean leftSome;
  private long dropped;

  /**
   * @param all what is offered to those who hold it
   * @param ripe what may be dropped when they have it
   */
  FarRound(
      Self self,
      View view,
      Shelf shelf,
      Updater updater,
      Locating locating,
      ReadBack readBack,
      Outside outside,
      Arcs all,
      Arcs ripe) {
    this.self = self;
    this.view = view;
    this.shelf = shelf;
    this.updater = updater;
    this.locating = locating;
    this.readBack = readBack;
    this.outside = outside;
    this.ripe = ripe;
    arcs = new ArrayDeque<>(all.toList());
  }

  void next(Turn turn) {
    Arc arc = arcs.poll();
    if (arc == null || outside.isDisturbed()) {
      outside.ended(dropped, leftSome || arc != null, turn);
    } else {
      shelf.ask(
          StoreRequest.Scan.page(Book.HELD, arc, FAR_ENTRIES),
          turn,
          (scanned, later) -> listed(arc, scanned, later));
    }
  }

  private void leaveIt(Turn turn) {
    leftSome = true;
    next(turn);
  }

  private void listed(Arc arc, StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
    if (scanned.hasFailed()) {
      leaveIt(turn);
      return;
    }
    List<EntryInfo> page = scanned.get().items();
    if (page.isEmpty()) {
      next(turn);
      return;
    }
    Id last = page.get(page.size() - 1).id();
    if (page.size() == FAR_ENTRIES && !last.equals(arc.to())) {
      arcs.addFirst(new Arc(last, arc.to()));
    }
    List<Id> homes = page.stream().flatMap(item -> view.homes().homes(item.id()).stream()).toList();
    locating.know(homes, turn.now(), turn, later -> located(page, later));
  }

  private void located(List<EntryInfo> page, Turn turn) {
    List<Share> shares = page.stream().map(item -> share(item.id())).toList();
    List<Arc> each = shares.stream().map(Share::arc).toList();
    shelf.held().summarise(each, turn, (summaries, later) -> prove(page, shares, summaries, later));
  }

  private Share share(Id item) {
    return new Share(new Arc(item.previous(), item), view.holders(item).stream().sorted().toList());
  }

  private void prove(List<EntryInfo> page, List<Share> shares, List<Summary> summaries, Turn turn) {
    if (summaries.size() < shares.size()
        || summaries.stream().anyMatch(summary -> summary.count() != 1)) {
      leaveIt(turn);
      return;
    }
    long sinceNanos = turn.now();
    Confirming.Then then = (done, later) -> proved(done, page, shares, sinceNanos, later);
    new Confirming(updater, view, shares, false, then).start(turn);
  }

  private void proved(
      Confirming done, List<EntryInfo> page, List<Share> shares, long sinceNanos, Turn turn) {
    if (outside.isDisturbed()) {
      next(turn);
      return;
    }
    List<EntryInfo> copies = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      if (share.holders().contains(self.id())
          || !done.confirmedBy(share).containsAll(share.holders())) {
        leftSome = true;
      } else if (ripe.contains(page.get(i).id())) {
        copies.add(page.get(i));
      }
    }
    if (copies.isEmpty()) {
      next(turn);
      return;
    }
    if (turn.now() - sinceNanos > Dropping.PROOF_NANOS_MAX) {
      leaveIt(turn);
      return;
    }
    TreeMap<Id, Collection<Id>> holders = new TreeMap<>();
    copies.stream()
        .filter(EntryInfo::alive)
        .forEach(copy -> holders.put(copy.id(), view.holders(copy.id())));
    readBack.ask(holders, turn, (read, later) -> readBy(read, copies, shares, sinceNanos, later));
  }

  private void readBy(
      Set<Id> read, List<EntryInfo> copies, List<Share> shares, long sinceNanos, Turn turn) {
    List<EntryInfo> sure =
        copies.stream().filter(copy -> !copy.alive() || read.contains(copy.id())).toList();
    leftSome |= sure.size() < copies.size();
    if (outside.isDisturbed()) {
      next(turn);
    } else if (sure.isEmpty() || turn.now() - sinceNanos > Dropping.PROOF_NANOS_MAX) {
      leaveIt(turn);
    } else {
      outside.dropping(Arcs.of(shares.stream().map(Share::arc).toList()));
      shelf.ask(
          new StoreRequest.Drop(sure), turn, (done, later) -> dropped(done, sure.size(), later));
    }
  }

  private void dropped(StoreReply<StoreAnswer.Done> done, int count, Turn turn) {
    outside.dropping(Arcs.NONE);
    leftSome |= done.hasFailed();
    dropped += done.hasFailed() ? 0 : count;
    next(turn);
  }
}
