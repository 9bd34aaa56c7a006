package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Knows which nodes hold what is watched here. Where this node knows everybody they are all nodes
 * of its view; else it asks for those at the watched arcs and at their masked places, along the
 * ring, again and again. That is a survey; what it finds takes the place of what the one before it
 * found.
 *
 * <p>Invariant: who is followed are the holders of what is watched, less those that came to be
 * holders since the last survey began. No change is lost by that. A store is acknowledged when its
 * holders have it, and told by any of them that is followed. Where none is, because all are new,
 * the next survey finds them, and a node that comes to be followed, or to hold more, is compared
 * ({@link Following}): what it has that is not known is told then. And what lies elsewhere, as
 * after a split, is brought to the holders before it is dropped where it lies.
 */
final class Lookout {
  /**
   * Nodes that are followed at a time; what lies at more is not watched. As many as a view has
   * where it is whole: each costs a question that waits.
   */
  static final int FOLLOWED_MAX = View.CAPACITY_MAX;

  /** How far along the ring one question goes: four places, which are asked for in turn. */
  static final int STEP_NODES = 32;

  /**
   * From the end of a survey to the next: in half the time for which those that it found stay in
   * the view. A guess.
   */
  static final long AGAIN_NANOS = 10_000_000_000L;

  /** Before a survey that failed begins anew. A guess. */
  static final long RETRY_NANOS = 1_000_000_000L;

  /** After which it is not believed any more that these are the holders: a survey was left out. */
  static final long BELIEVED_NANOS = 2 * AGAIN_NANOS;

  /** What it tells. */
  interface Listener {
    /** A survey has ended: others may be the holders, or it is sure of more. */
    void found(Turn turn);

    /**
     * What was watched at a moment lies at more than {@link #FOLLOWED_MAX} nodes. Less is to be
     * watched from this turn on; meanwhile all is as it was before.
     */
    void tooMany(long thenNanos, Turn turn);
  }

  private static final Ring NOBODY = new Ring(List.of());

  private final View view;
  private final Timers timers;
  private final Sampler sampler;
  private final Listener listener;

  private Arcs wanted = Arcs.NONE;
  private Arcs surveyed = Arcs.NONE;
  private long surveyedAtNanos;
  private Survey survey;
  private Timers.Handle next;

  // those of the view, while that has everybody; else those of the last survey
  private Ring nodes = NOBODY;
  private boolean seesAll;

  // who holds what is reckoned by these, for each node when it is asked for
  private Ring ring = NOBODY;
  private Ring grown = NOBODY;
  private final TreeMap<Id, Arcs> shares = new TreeMap<>();

  Lookout(View view, Timers timers, Sampler sampler, Listener listener) {
    this.view = view;
    this.timers = timers;
    this.sampler = sampler;
    this.listener = listener;
  }

  /** From now on this is watched, and the view may have changed. */
  void watch(Arcs arcs, Turn turn) {
    wanted = arcs;
    if (arcs.isEmpty()) {
      stop();
      reckonBy(NOBODY, NOBODY, NOBODY);
    } else if (view.hasEverybody()) {
      stop();
      seesAll = true;
      reckonBy(view.present(), view.ring(), view.grown());
    } else if (survey == null && !surveyed.covers(arcs)) {
      begin(turn);
    }
  }

  private void stop() {
    survey = null;
    timers.cancel(next);
    surveyed = Arcs.NONE;
    seesAll = false;
  }

  private void reckonBy(Ring nowNodes, Ring nowRing, Ring nowGrown) {
    nodes = nowNodes;
    if (ring != nowRing || grown != nowGrown) {
      ring = nowRing;
      grown = nowGrown;
      shares.clear();
    }
  }

  /** Whom to follow, as far as is known; nobody while nothing is watched. */
  Ring nodes() {
    return nodes;
  }

  /** Whether a node is worth asking: nothing is known against it. */
  boolean isTrusted(Id node) {
    // whoever was found far off may have been forgotten since
    return view.peer(node).isEmpty() || view.isTrusted(node);
  }

  /**
   * What a node holds of what is watched, and of other things where everybody is known; or came to
   * hold if those who join had joined.
   */
  Arcs shareOf(Id node) {
    return shares.computeIfAbsent(
        node,
        each ->
            Arcs.of(
                Stream.of(ring, grown)
                    .flatMap(nodes -> new Shares(nodes, view.homes()).of(each).stream())
                    .map(Share::arc)
                    .toList()));
  }

  /** Whether all who hold any of some arcs are among {@link #nodes}. */
  boolean isSureOf(Arcs arcs, long now) {
    return seesAll
        ? view.hasEverybody()
        : surveyed.covers(arcs) && now - surveyedAtNanos <= BELIEVED_NANOS;
  }

  private void begin(Turn turn) {
    timers.cancel(next);
    if (view.hasEverybody()) {
      // whom the view has forgotten since its last change made it so
      listener.found(turn);
      return;
    }
    survey = new Survey(wanted, turn.now());
    survey.step(turn);
  }

  private void ended(Arcs arcs, Ring found, SortedMap<Id, List<Arc>> holdings, Turn turn) {
    survey = null;
    seesAll = false;
    next = timers.after(AGAIN_NANOS, turn, this::begin);
    surveyed = arcs;
    surveyedAtNanos = turn.now();
    reckonBy(new Ring(holdings.keySet()), found, found);
    holdings.forEach((node, held) -> shares.put(node, Arcs.of(held)));
    listener.found(turn);
    // more may have come to be wanted meanwhile
    watch(wanted, turn);
  }

  private void failed(Turn turn) {
    next = timers.after(RETRY_NANOS, turn, this::begin);
  }

  private void tooMany(long thenNanos, Turn turn) {
    survey = null;
    next = timers.after(AGAIN_NANOS, turn, this::begin);
    listener.tooMany(thenNanos, turn);
  }

  /**
   * One walk along all that is wanted and its masked places. Invariant: of what is left out of
   * {@link #remaining}, all owners have been found, and the nodes after them that {@link
   * Ring#holders} falls back on.
   */
  private final class Survey {
    private final Arcs arcs;
    private final long beganAtNanos;
    private final Arcs places;
    private final TreeSet<Id> found = new TreeSet<>();
    private Arcs remaining;

    Survey(Arcs arcs, long nowNanos) {
      this.arcs = arcs;
      beganAtNanos = nowNanos;
      places =
          Arcs.of(
              view.homes().homes(Id.ZERO).stream()
                  .flatMap(offset -> arcs.toList().stream().map(arc -> arc.plus(offset)))
                  .toList());
      remaining = places;
    }

    void step(Turn turn) {
      if (found.stream().filter(places::contains).count() > FOLLOWED_MAX) {
        tooMany(beganAtNanos, turn);
      } else if (remaining.isEmpty()) {
        end(turn);
      } else {
        Id from = remaining.toList().get(0).from();
        int count = STEP_NODES + view.homes().count();
        sampler.peersAfter(from, count, turn, (peers, later) -> told(from, count, peers, later));
      }
    }

    private void told(Id from, int count, Optional<List<Peer>> peers, Turn turn) {
      if (survey != this) {
        return;
      }
      List<Id> ids = peers.orElse(List.of()).stream().map(Peer::id).toList();
      if (ids.isEmpty()) {
        // nobody answered, or nobody is on the ring yet
        failed(turn);
        return;
      }
      found.addAll(ids);
      boolean isAll = ids.size() < count;
      remaining =
          isAll
              ? Arcs.NONE
              : remaining.minus(Arcs.of(List.of(new Arc(from, ids.get(STEP_NODES - 1)))));
      step(turn);
    }

    private void end(Turn turn) {
      Ring ring = new Ring(found);
      SortedMap<Id, List<Arc>> holdings = holdings(new Shares(ring, view.homes()));
      // some own what is wanted and lie past it
      if (holdings.size() > FOLLOWED_MAX) {
        tooMany(beganAtNanos, turn);
      } else {
        ended(arcs, ring, holdings, turn);
      }
    }

    /** Who holds what of what is wanted. */
    private SortedMap<Id, List<Arc>> holdings(Shares all) {
      TreeMap<Id, List<Arc>> holdings = new TreeMap<>();
      for (Arc arc : arcs.toList()) {
        for (Share share : all.within(arc)) {
          for (Id holder : share.holders()) {
            holdings.computeIfAbsent(holder, none -> new ArrayList<>()).add(share.arc());
          }
        }
      }
      return holdings;
    }
  }
}
