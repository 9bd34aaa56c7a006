package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;

/**
 * Frees the space of copies that lie here and belong elsewhere, as when nodes have joined. They are
 * kept for a day ({@link Retention}), or until room on the disk is short: who has come to hold them
 * may go as fast as it came. The day is one of this node's running time, in which it would have
 * seen that; it goes on where it was after a restart, to the hour.
 *
 * <p>Then a copy is dropped only when all holders of its share were proved to have it and have
 * {@linkplain ReadBack read} it, none of whom joins or is suspected, and when for {@link
 * #GRACE_NANOS} neither the ring has changed nor anybody has wanted to keep, to find or to compare
 * anything that belongs elsewhere.
 *
 * <p>So no receipt counts a copy that is being dropped, whatever view its writer has: a store is
 * answered within 15 s ({@link org.ringslice.node.items.Storing}), and what was confirmed to one is
 * not dropped for longer than that. Nor do two nodes that do not agree who are holders drop their
 * copies because each has found one at the other: who is compared with waits, and who has compared
 * drops at once or compares again. And who reads by an older view finds the copy here, or is told
 * by this node whom to ask.
 *
 * <p>Goes through what is foreign a page at a time: lists it, has that page proved, drops what was
 * listed. What comes later is in no list.
 */
public final class Dropping {
  /** Longer than a store may take, and than news takes to reach all. */
  static final long GRACE_NANOS = 20_000_000_000L;

  /** A proof is good for so long: those who gave it do not drop theirs for twice that. */
  static final long PROOF_NANOS_MAX = GRACE_NANOS / 2;

  /** Before what could not be confirmed is tried again. A guess: nothing hangs on it but space. */
  static final long AGAIN_NANOS = 60_000_000_000L;

  /**
   * Before copies are offered again to holders of which this node hears no news. A guess: in a ring
   * that is larger than the view, their deaths are not told here.
   */
  static final long OFFER_NANOS = 3_600_000_000_000L;

  /** Copies that are listed, proved and dropped at a time: one batch of the store. A guess. */
  static final int PAGE_ENTRIES = 1024;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Shelf shelf;
  private final Updater updater;
  private final Locating locating;
  private final Supplier<List<Arc>> kept;
  private final ForeignAges ages;
  private final ReadBack readBack;

  private Ring ring = new Ring(List.of());
  private Ring grown = ring;
  private List<Arc> keptThen = List.of();
  private Arcs foreign = Arcs.NONE;
  private Arcs dropping = Arcs.NONE;
  private boolean isRoomShort;

  /** Whether holders far off may lack copies that lie here. */
  private boolean isOfferDue;

  private long quietSinceNanos;
  private boolean isGoingThrough;
  private Timers.Handle next;
  private long nextAtNanos;
  private Timers.Handle offer;

  /**
   * @param kept what this node keeps beyond its share
   */
  public Dropping(
      Self self,
      View view,
      Timers timers,
      Links links,
      Shelf shelf,
      Updater updater,
      Locating locating,
      Supplier<List<Arc>> kept,
      Retention retention) {
    readBack = new ReadBack(links);
    ages = new ForeignAges(timers, retention);
    this.locating = locating;
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.shelf = shelf;
    this.updater = updater;
    this.kept = kept;
    shelf.listen(this::asked);
  }

  /** Somebody came, went, or changed, or this node keeps something else beyond its share. */
  public void viewChanged(Turn turn) {
    if (view.ring() == ring && view.grown() == grown && kept.get().equals(keptThen)) {
      return;
    }
    ring = view.ring();
    grown = view.grown();
    keptThen = kept.get();
    Arcs before = foreign;
    foreign = Arcs.of(updater.shares().notOf(self.id())).minus(Arcs.of(keptThen));
    if (isActive()) {
      ages.become(foreign, turn);
    }
    // of a ring of which not everybody is known some come to be known and are forgotten
    if (view.hasEverybody() || !foreign.equals(before)) {
      isOfferDue = true;
      disturbed(turn);
    }
  }

  private boolean isActive() {
    return view.state(self.id()) == PeerState.ACTIVE;
  }

  /** This node stops. */
  public void stopping(Turn turn) {
    ages.note(turn);
  }

  /**
   * The store tells of copies that can't be read. Nobody will make those good that belong
   * elsewhere, so they are no loss, and nothing to tell people of.
   */
  public void examined(DiskHealth health, Turn turn) {
    List<Id> useless = health.first().stream().filter(foreign::contains).toList();
    if (!useless.isEmpty() && isActive()) {
      shelf.ask(new StoreRequest.ForgetDamaged(useless), turn, (forgotten, later) -> {});
    }
  }

  /** Room on the disk is short now, or is no longer. */
  public void roomShort(boolean isShort, Turn turn) {
    isRoomShort = isShort;
    if (isShort && !foreign.isEmpty()) {
      turn.report(
          Level.NEWS, "room is short: copies of what this node is no holder of any more go first");
    }
    lookAgain(turn);
  }

  private void asked(List<Id> ids, Turn turn) {
    if (ids.stream().anyMatch(foreign::contains)) {
      isOfferDue = true;
      disturbed(turn);
    }
  }

  /** What has been foreign for long enough. */
  private Arcs ripe(Turn turn) {
    return isRoomShort ? foreign : ages.ripe(turn);
  }

  /**
   * Somebody compares an arc with what lies here. Returns whether it may: not while copies there
   * are about to be gone.
   */
  public boolean mayCompare(Arc arc, Turn turn) {
    if (foreign.isEmpty()) {
      return true;
    }
    Arcs arcs = Arcs.of(List.of(arc));
    if (!arcs.and(foreign).isEmpty()) {
      disturbed(turn);
    }
    return arcs.and(dropping).isEmpty();
  }

  private void disturbed(Turn turn) {
    quietSinceNanos = turn.now();
    lookAfter(GRACE_NANOS, turn);
  }

  /** Not later than it would. */
  private void lookAfter(long nanos, Turn turn) {
    if (next == null || !timers.isSet(next) || turn.now() + nanos < nextAtNanos) {
      timers.cancel(next);
      nextAtNanos = turn.now() + nanos;
      next = timers.after(nanos, turn, this::look);
    }
  }

  private void look(Turn turn) {
    long leftNanos = quietSinceNanos + GRACE_NANOS - turn.now();
    if (leftNanos > 0) {
      lookAfter(leftNanos, turn);
    } else if (!isGoingThrough && !foreign.isEmpty() && isActive()) {
      goThrough(turn);
    }
  }

  private void goThrough(Turn turn) {
    Arcs ripe = ripe(turn);
    if (!view.hasEverybody() && (isOfferDue || !ripe.isEmpty())) {
      isGoingThrough = true;
      goThroughFar(isOfferDue ? foreign : ripe, ripe, turn);
    } else if (!ripe.isEmpty()) {
      isGoingThrough = true;
      new Round(ripe).start(turn);
    } else {
      lookWhenRipe(turn);
    }
  }

  private void goThroughFar(Arcs all, Arcs ripe, Turn turn) {
    isOfferDue = false;
    offerLater(turn);
    long beganQuietNanos = quietSinceNanos;
    FarRound.Outside outside =
        new FarRound.Outside() {
          @Override
          public boolean isDisturbed() {
            return quietSinceNanos != beganQuietNanos;
          }

          @Override
          public void dropping(Arcs arcs) {
            dropping = arcs;
          }

          @Override
          public void ended(long dropped, boolean leftSome, Turn later) {
            isOfferDue |= leftSome;
            end(beganQuietNanos, dropped, leftSome, later);
          }
        };
    new FarRound(self, view, shelf, updater, locating, readBack, outside, all, ripe).next(turn);
  }

  private void lookWhenRipe(Turn turn) {
    ages.nanosUntilMore(turn).ifPresent(nanos -> lookAfter(nanos, turn));
  }

  private void lookAgain(Turn turn) {
    if (!isGoingThrough) {
      look(turn);
    }
  }

  private void end(long beganQuietNanos, long dropped, boolean leftSome, Turn turn) {
    isGoingThrough = false;
    if (dropped > 0) {
      turn.report(Level.NEWS, "dropped " + dropped + " copies whose holders all have theirs");
    }
    if (quietSinceNanos != beganQuietNanos) {
      look(turn);
      return;
    }
    if (leftSome) {
      lookAfter(AGAIN_NANOS, turn);
    }
    lookWhenRipe(turn);
  }

  private void offerLater(Turn turn) {
    timers.cancel(offer);
    offer =
        timers.after(
            OFFER_NANOS,
            turn,
            later -> {
              isOfferDue = true;
              lookAgain(later);
            });
  }

  /** One pass over all that has been foreign for long enough. */
  private final class Round {
    private final Arcs ripe;
    private final long beganQuietNanos = quietSinceNanos;
    private final ArrayDeque<Share> shares = new ArrayDeque<>();
    private boolean leftSome;
    private long dropped;

    Round(Arcs ripe) {
      this.ripe = ripe;
    }

    void start(Turn turn) {
      List<Share> all = new ArrayList<>();
      for (Arc arc : ripe.toList()) {
        all.addAll(updater.shares().within(arc));
      }
      List<Arc> arcs = all.stream().map(Share::arc).toList();
      shelf.held().summarise(arcs, turn, (summaries, later) -> choose(all, summaries, later));
    }

    private void choose(List<Share> all, List<Summary> summaries, Turn turn) {
      leftSome = summaries.size() < all.size();
      for (int i = 0; i < summaries.size(); i++) {
        if (summaries.get(i).count() > 0
            && all.get(i).holders().stream().allMatch(this::isActive)) {
          shares.add(all.get(i));
        } else {
          leftSome |= summaries.get(i).count() > 0;
        }
      }
      next(turn);
    }

    private boolean isActive(Id node) {
      return view.state(node) == PeerState.ACTIVE;
    }

    private boolean isDisturbed() {
      return quietSinceNanos != beganQuietNanos;
    }

    private void next(Turn turn) {
      Share share = shares.poll();
      if (share == null || isDisturbed()) {
        end(turn);
      } else {
        shelf.ask(
            StoreRequest.Scan.page(Book.HELD, share.arc(), PAGE_ENTRIES),
            turn,
            (scanned, later) -> listed(share, scanned, later));
      }
    }

    private void leaveIt(Turn turn) {
      leftSome = true;
      next(turn);
    }

    private void listed(Share share, StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
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
      boolean more = page.size() == PAGE_ENTRIES && !last.equals(share.arc().to());
      Share piece = more ? new Share(new Arc(share.arc().from(), last), share.holders()) : share;
      if (more) {
        shares.addFirst(new Share(new Arc(last, share.arc().to()), share.holders()));
      }
      prove(piece, page, turn);
    }

    /** What is proved is what the index has: the list must be the same. */
    private void prove(Share piece, List<EntryInfo> page, Turn turn) {
      List<EntryInfo> ascending =
          page.stream().sorted(Comparator.comparing(EntryInfo::id)).toList();
      Summary listed =
          Index.of(Self.digestOf(self.network()), ascending).summary(Arc.wholeRing(Id.ZERO));
      Confirming confirming =
          new Confirming(
              updater,
              view,
              List.of(piece),
              false,
              (done, later) -> proved(done, piece, page, turn.now(), later));
      shelf
          .held()
          .summarise(
              List.of(piece.arc()),
              turn,
              (summaries, later) -> {
                if (summaries.equals(List.of(listed))) {
                  confirming.start(later);
                } else {
                  leaveIt(later);
                }
              });
    }

    private void proved(
        Confirming done, Share piece, List<EntryInfo> copies, long sinceNanos, Turn turn) {
      if (isDisturbed()) {
        end(turn);
      } else if (!done.isDone() || turn.now() - sinceNanos > PROOF_NANOS_MAX) {
        leaveIt(turn);
      } else {
        TreeMap<Id, Collection<Id>> holders = new TreeMap<>();
        copies.stream()
            .filter(EntryInfo::alive)
            .forEach(copy -> holders.put(copy.id(), piece.holders()));
        readBack.ask(
            holders, turn, (read, later) -> readBy(read, piece, copies, sinceNanos, later));
      }
    }

    private void readBy(
        Set<Id> read, Share piece, List<EntryInfo> copies, long sinceNanos, Turn turn) {
      List<EntryInfo> sure =
          copies.stream().filter(copy -> !copy.alive() || read.contains(copy.id())).toList();
      leftSome |= sure.size() < copies.size();
      if (isDisturbed()) {
        end(turn);
      } else if (sure.isEmpty() || turn.now() - sinceNanos > PROOF_NANOS_MAX) {
        leaveIt(turn);
      } else {
        dropping = Arcs.of(List.of(piece.arc()));
        shelf.ask(
            new StoreRequest.Drop(sure), turn, (done, later) -> dropped(done, sure.size(), later));
      }
    }

    private void dropped(StoreReply<StoreAnswer.Done> done, int count, Turn turn) {
      dropping = Arcs.NONE;
      if (done.hasFailed()) {
        leaveIt(turn);
      } else {
        dropped += count;
        next(turn);
      }
    }

    private void end(Turn turn) {
      Dropping.this.end(beganQuietNanos, dropped, leftSome, turn);
    }
  }
}
