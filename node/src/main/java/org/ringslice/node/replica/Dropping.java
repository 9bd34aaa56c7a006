package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;

/**
 * Frees the space of copies that lie here and belong elsewhere, as when nodes have joined. A copy
 * is dropped only when all holders of its share were proved to have it, none of whom joins or is
 * suspected, and when for {@link #GRACE_NANOS} neither the ring has changed nor anybody has wanted
 * to keep, to find or to compare anything that belongs elsewhere.
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

  /** Copies that are listed, proved and dropped at a time: one batch of the store. A guess. */
  static final int PAGE_ENTRIES = 1024;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Shelf shelf;
  private final Updater updater;
  private final Supplier<List<Arc>> kept;

  private Ring ring = new Ring(List.of());
  private Ring grown = ring;
  private List<Arc> keptThen = List.of();
  private Arcs foreign = Arcs.NONE;
  private Share dropping;
  private long quietSinceNanos;
  private Round round;
  private Timers.Handle next;

  /**
   * @param kept what this node keeps beyond its share
   */
  public Dropping(
      Self self, View view, Timers timers, Shelf shelf, Updater updater, Supplier<List<Arc>> kept) {
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
    if (view.ring() != ring || view.grown() != grown || !kept.get().equals(keptThen)) {
      ring = view.ring();
      grown = view.grown();
      keptThen = kept.get();
      foreign = Arcs.of(updater.shares().notOf(self.id())).minus(Arcs.of(keptThen));
      disturbed(turn);
    }
  }

  private void asked(List<Id> ids, Turn turn) {
    if (ids.stream().anyMatch(foreign::contains)) {
      disturbed(turn);
    }
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
    return dropping == null || arcs.and(Arcs.of(List.of(dropping.arc()))).isEmpty();
  }

  private void disturbed(Turn turn) {
    quietSinceNanos = turn.now();
    if (next == null || !timers.isSet(next)) {
      lookAfter(GRACE_NANOS, turn);
    }
  }

  private void lookAfter(long nanos, Turn turn) {
    timers.cancel(next);
    next = timers.after(nanos, turn, this::look);
  }

  private void look(Turn turn) {
    long leftNanos = quietSinceNanos + GRACE_NANOS - turn.now();
    if (leftNanos > 0) {
      lookAfter(leftNanos, turn);
    } else if (round == null && !foreign.isEmpty() && isSure()) {
      round = new Round();
      round.start(turn);
    }
  }

  /** Whether this node knows who the holders are, and is one that stays. */
  private boolean isSure() {
    return view.isWhole() && view.state(self.id()) == PeerState.ACTIVE;
  }

  /** One pass over all that is foreign. */
  private final class Round {
    private final long beganQuietNanos = quietSinceNanos;
    private final ArrayDeque<Share> shares = new ArrayDeque<>();
    private boolean leftSome;
    private long dropped;

    void start(Turn turn) {
      List<Share> all = new ArrayList<>();
      for (Arc arc : foreign.toList()) {
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
        shelf.page(
            Book.HELD,
            share.arc(),
            PAGE_ENTRIES,
            turn,
            (scanned, later) -> listed(share, scanned, later));
      }
    }

    private void leaveIt(Turn turn) {
      leftSome = true;
      next(turn);
    }

    private void listed(Share share, Event.Scanned scanned, Turn turn) {
      List<EntryInfo> page = scanned.items();
      if (scanned.failure().isPresent()) {
        leaveIt(turn);
        return;
      }
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
        dropping = piece;
        shelf.drop(copies, turn, (kept, later) -> dropped(kept, copies.size(), later));
      }
    }

    private void dropped(Event.Kept done, int count, Turn turn) {
      dropping = null;
      if (done.failure().isPresent()) {
        leaveIt(turn);
      } else {
        dropped += count;
        next(turn);
      }
    }

    private void end(Turn turn) {
      round = null;
      if (dropped > 0) {
        turn.report(Level.NEWS, "dropped " + dropped + " copies whose holders all have theirs");
      }
      if (isDisturbed()) {
        look(turn);
      } else if (leftSome) {
        lookAfter(AGAIN_NANOS, turn);
      }
    }
  }
}
