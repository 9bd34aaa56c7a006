package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.PeerState;
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

/**
 * What this node held lately, gave up because others held it, and nobody holds now. Nobody else may
 * know that such items ever were: without this an item whose holders have all died is counted
 * nowhere.
 *
 * <p>The store remembers the ids of dropped copies for a week. This goes round them, a page at a
 * time, and asks the holders of each; after a death at once for those that the dead node was to
 * hold. An item counts as lost when all its holders, and for certainty those round them that may
 * have held it before, have answered twice that they do not have it, {@link #DOUBT_NANOS} apart: a
 * former holder gives its copy to those who lack it meanwhile. While a holder is suspected, or does
 * not answer, nothing is concluded. What is lost is asked for again and again, for a node that
 * comes back may bring it.
 */
public final class LostItems {
  /** Ids that are asked for at a time: what one question takes. */
  static final int PAGE_IDS = Limits.BATCH_ENTRIES_MAX;

  /** The same where for each of them it has to be found who holds it. A guess. */
  static final int FAR_IDS = 64;

  /**
   * Between two pages when nothing happens; a million ids take three days and a half then, at 500
   * bytes a second. A guess.
   */
  static final long PAGE_NANOS = 75_000_000_000L;

  /** The same in the first round after a start, which finds again what was lost before it. */
  static final long FIRST_PAGE_NANOS = 10_000_000_000L;

  /** The same for what the dead were to hold. A guess: 150 kB a second. */
  static final long DUE_PAGE_NANOS = 1_000_000_000L;

  /** From a death until its items are asked for: the others have heard of it by then. A guess. */
  static final long SETTLE_NANOS = 10_000_000_000L;

  /** From the first answer that an item is nowhere to the last. A guess: copies come in seconds. */
  static final long DOUBT_NANOS = 15_000_000_000L;

  /** Between two times at which what seems lost is asked for again. A guess. */
  static final long AGAIN_NANOS = 60_000_000_000L;

  /** Items that are known to be lost; past that no more are counted. A guess: 10 MB. */
  static final int LOST_MAX = 65_536;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Shelf shelf;
  private final Locating locating;
  private final Whereabouts whereabouts;

  private Ring present = new Ring(List.of());
  private Ring grown = present;

  /** What the dead were to hold. */
  private Arcs due = Arcs.NONE;

  private long dueAtNanos;

  /** How far this round has come, clockwise from the greatest id. */
  private Id place = Id.MAX;

  private boolean isFirstRound = true;
  private long pageAtNanos;

  /** Since when nobody has these, as far as was told. */
  private final TreeMap<Id, Long> absent = new TreeMap<>();

  private Id absentPlace = Id.ZERO;
  private long absentAtNanos;

  private final TreeSet<Id> lost = new TreeSet<>();
  private long reported;
  private long reportedAtNanos;
  private boolean isAsking;
  private Timers.Handle next;
  private long nextAtNanos;

  public LostItems(
      Self self, View view, Timers timers, Links links, Shelf shelf, Locating locating) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.shelf = shelf;
    this.locating = locating;
    whereabouts = new Whereabouts(self, view, links, shelf);
  }

  /**
   * How many items are held by nobody any more, as far as this node knows; at most {@link
   * #LOST_MAX}. Other nodes may know of the same ones.
   */
  public int count() {
    return lost.size();
  }

  /** The first of them by their ids. */
  public List<Id> first(int count) {
    return lost.stream().limit(count).toList();
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    Ring before = present;
    Ring grownBefore = grown;
    present = view.present();
    grown = view.grown();
    if (view.state(self.id()) != PeerState.ACTIVE) {
      return;
    }
    if (next == null) {
      pageAtNanos = turn.now() + FIRST_PAGE_NANOS;
    }
    if (present != before) {
      Shares shares = new Shares(grownBefore, view.homes());
      for (Id gone : before.nodes()) {
        // who is merely forgotten by this node, in a large ring, is not known at all
        boolean hasGone = !present.contains(gone) && view.peer(gone).isPresent();
        if (hasGone && grownBefore.contains(gone)) {
          due = due.plus(Arcs.of(shares.of(gone).stream().map(Share::arc).toList()));
          dueAtNanos = turn.now() + SETTLE_NANOS;
        }
      }
      if (present.nodes().stream().anyMatch(id -> !before.contains(id))) {
        // it may bring what was lost
        absentAtNanos = Math.min(absentAtNanos, turn.now() + SETTLE_NANOS);
      }
    }
    schedule(turn);
  }

  private void schedule(Turn turn) {
    long atNanos = pageAtNanos;
    if (!due.isEmpty()) {
      atNanos = Math.min(atNanos, dueAtNanos);
    }
    if (!absent.isEmpty()) {
      atNanos = Math.min(atNanos, absentAtNanos);
    }
    if (!isAsking && (next == null || !timers.isSet(next) || atNanos < nextAtNanos)) {
      timers.cancel(next);
      nextAtNanos = atNanos;
      next = timers.after(Math.max(0, atNanos - turn.now()), turn, this::work);
    }
  }

  private void work(Turn turn) {
    if (isAsking || view.state(self.id()) != PeerState.ACTIVE) {
      return;
    }
    if (!due.isEmpty() && dueAtNanos <= turn.now()) {
      isAsking = true;
      readDue(turn);
    } else if (!absent.isEmpty() && absentAtNanos <= turn.now()) {
      isAsking = true;
      askAgain(turn);
    } else if (pageAtNanos <= turn.now()) {
      isAsking = true;
      readPage(turn);
    } else {
      schedule(turn);
    }
  }

  private void done(Turn turn) {
    isAsking = false;
    schedule(turn);
  }

  private int pageIds() {
    return view.hasEverybody() ? PAGE_IDS : FAR_IDS;
  }

  private void readDue(Turn turn) {
    Arc arc = due.toList().get(0);
    int count = pageIds();
    dueAtNanos = turn.now() + DUE_PAGE_NANOS;
    shelf.ask(
        new StoreRequest.ReadDropped(arc, count),
        turn,
        (read, later) -> {
          List<Id> ids = ids(read);
          if (!read.hasFailed()) {
            boolean more = ids.size() == count && !ids.get(count - 1).equals(arc.to());
            Arc seen = more ? new Arc(arc.from(), ids.get(count - 1)) : arc;
            due = due.minus(Arcs.of(List.of(seen)));
            dueAtNanos = ids.isEmpty() ? later.now() : dueAtNanos;
          }
          ask(ids, later);
        });
  }

  private void readPage(Turn turn) {
    int count = pageIds();
    pageAtNanos = turn.now() + (isFirstRound ? FIRST_PAGE_NANOS : PAGE_NANOS);
    shelf.ask(new StoreRequest.ReadDropped(new Arc(place, Id.MAX), count), turn, this::turned);
  }

  private static List<Id> ids(StoreReply<StoreAnswer.DroppedRead> read) {
    return read.answer().map(StoreAnswer.DroppedRead::ids).orElse(List.of());
  }

  private void turned(StoreReply<StoreAnswer.DroppedRead> read, Turn turn) {
    List<Id> ids = ids(read);
    if (ids.size() < pageIds() && !read.hasFailed()) {
      place = Id.MAX;
      isFirstRound = false;
    } else if (!ids.isEmpty()) {
      place = ids.get(ids.size() - 1);
    }
    ask(ids, turn);
  }

  private void askAgain(Turn turn) {
    List<Id> ids = new ArrayList<>();
    absent.tailMap(absentPlace, false).keySet().stream().limit(pageIds()).forEach(ids::add);
    boolean more = ids.size() == pageIds();
    absentPlace = more ? ids.get(ids.size() - 1) : Id.ZERO;
    boolean isInDoubt = absent.size() > lost.size();
    absentAtNanos = turn.now() + (more ? DUE_PAGE_NANOS : isInDoubt ? DOUBT_NANOS : AGAIN_NANOS);
    ask(ids, turn);
  }

  private void ask(List<Id> ids, Turn turn) {
    List<Id> homes = ids.stream().flatMap(id -> view.homes().homes(id).stream()).toList();
    long sinceNanos = turn.now();
    locating.know(
        homes,
        sinceNanos,
        turn,
        later -> {
          // of others it is not known who holds them
          List<Id> located =
              ids.stream().filter(id -> isLocated(id, sinceNanos, later.now())).toList();
          whereabouts.ask(located, absent.keySet(), later, this::conclude);
        });
  }

  private boolean isLocated(Id id, long sinceNanos, long now) {
    return view.homes().homes(id).stream().allMatch(home -> view.knows(home, sinceNanos, now));
  }

  private void conclude(Whereabouts.Told told, Turn turn) {
    absent.keySet().removeAll(told.there());
    lost.removeAll(told.there());
    for (Id id : told.nowhere()) {
      Long since = absent.get(id);
      if (since == null && absent.size() < LOST_MAX) {
        long atNanos = turn.now() + DOUBT_NANOS;
        absentAtNanos = absent.isEmpty() ? atNanos : Math.min(absentAtNanos, atNanos);
        absent.put(id, turn.now());
      } else if (since != null && turn.now() - since >= DOUBT_NANOS) {
        lost.add(id);
      }
    }
    report(turn);
    done(turn);
  }

  private void report(Turn turn) {
    reported = Math.min(reported, lost.size());
    if (lost.size() > reported && (reported == 0 || turn.now() - reportedAtNanos >= AGAIN_NANOS)) {
      reported = lost.size();
      reportedAtNanos = turn.now();
      turn.report(
          Level.TROUBLE,
          "items that this node held until lately, and that no node within reach holds now: "
              + reported
              + ", item "
              + lost.first()
              + " first; start the nodes again that went last, or store these items again");
    }
  }
}
