package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.sync.Homes;

/**
 * What this node knows of the peers, itself among them. Invariant: of all reports about a peer that
 * came in, the one that {@linkplain Peer#supersedes supersedes} the others is kept, so that nodes
 * that have heard the same reports, in whatever order, have the same view.
 *
 * <p>While there are no more peers than its capacity it is whole: it has everybody. From then on it
 * keeps its {@linkplain Vicinity vicinity}, whom its {@link Geometry} aims at, and for a while
 * those that it was told of when it looked for a place.
 */
public final class View {
  /** Peers of which a view can be whole: so many fit a message. */
  public static final int CAPACITY_MAX = Limits.PEERS_MAX;

  /** Peers that died or left and are remembered as such, so that old reports do not raise them. */
  static final int GONE_MAX = 512;

  /**
   * Nodes that may have joined between an item's home and where it lies, until copies have been
   * made good. When a ring doubles at once, as when a split heals, an item of four places lies
   * farther off than this at all of them for 1 in 2^20.
   */
  private static final int JOINED_MAX = 4;

  /** The arc of those of whom it is not known who is round them: it has one point, and no other. */
  private static final Arc NOWHERE = new Arc(Id.MAX, Id.ZERO);

  /** In which neighbours hear of each other, when nothing is lost. A guess: two heartbeats. */
  private static final long NEAR_NANOS = 1_000_000_000L;

  /** Owners of one masked place of what a node owns, where the ring is far denser there. */
  private static final int HOLDERS_MAX = 32;

  /** Whom a node is to know. */
  public record Scope(int capacity, Geometry geometry) {
    /** Everybody, while that can be. */
    public static final Scope DEFAULT = new Scope(CAPACITY_MAX, Geometry.RING);

    public Scope {
      checkCapacity(capacity);
    }

    /** Throws IllegalArgumentException when no view can be so large. */
    public static void checkCapacity(int capacity) {
      if (capacity < 0 || capacity > CAPACITY_MAX) {
        throw new IllegalArgumentException(
            "a view of " + capacity + " peers; it is for 0 to " + CAPACITY_MAX);
      }
    }
  }

  private record Known(Peer peer, How how, long sequence) {}

  private final TreeMap<Id, Known> peers = new TreeMap<>();
  private final TreeMap<Id, List<Arc>> keepers = new TreeMap<>();
  private final Homes homes;
  private Ring active = new Ring(List.of());
  private Ring grown = new Ring(List.of());
  private Ring present = new Ring(List.of());
  private long digest;
  private long sequence;

  private final Id self;
  private final Scope scope;
  private boolean isWhole;
  private boolean isPlaced;
  private Contacts contacts;

  // nothing when it is to be reckoned anew
  private OptionalLong nearDigest = OptionalLong.empty();

  private final Visits visits = new Visits();

  public View(Id self, Homes homes, Scope scope) {
    this.self = self;
    this.homes = homes;
    this.scope = scope;
    this.isWhole = scope.capacity() > 0;
  }

  /** Takes a report in. Returns whether it was news. */
  boolean merge(Peer report, How how) {
    Known known = peers.get(report.id());
    if (known != null && !report.supersedes(known.peer())) {
      return false;
    }
    PeerState state = report.state();
    if (known != null && isThere(known)) {
      digest -= digestOf(known.peer());
    }
    if (state.isPresent()) {
      digest += digestOf(report);
    }
    Ring presentBefore = present;
    Ring activeBefore = active;
    present = with(present, report.id(), state.isPresent());
    grown = with(grown, report.id(), state.isToHold());
    active = with(active, report.id(), state.isOnRing());
    How first = known == null || known.how() == How.LEARNED ? how : known.how();
    peers.put(report.id(), new Known(report, first, sequence++));
    forgetOldestGone();
    if (present != presentBefore || active != activeBefore) {
      contacts = null;
    }
    nearDigest = OptionalLong.empty();
    isWhole &= present.size() <= scope.capacity();
    return true;
  }

  /** Whether everybody is known. */
  public boolean isWhole() {
    return isWhole;
  }

  /** Whether nobody is missing here: there are so few that all are neighbours, or it is whole. */
  public boolean hasEverybody() {
    return isWhole || (isPlaced && contacts().near().isWholeRing());
  }

  /** Somebody who knows of more than this node has told that it does not know everybody. */
  void heardOfMore() {
    isWhole = false;
  }

  /** Of those that are known the ones that this node has to know. */
  Contacts contacts() {
    if (contacts == null) {
      contacts = Contacts.of(self, present, active, homes, scope.geometry());
    }
    return contacts;
  }

  Geometry geometry() {
    return scope.geometry();
  }

  /** The points whose owners this node is to know. */
  List<Id> aims() {
    return contacts().aims();
  }

  /**
   * The nodes of the ring that hold any of what this node does, or is to: the owners of what it
   * owns and of the masked places of that.
   */
  List<Id> coHolders() {
    Ring ring = ring().without(self);
    if (ring.size() == 0 || contacts().near().isWholeRing()) {
      return ring.nodes();
    }
    TreeSet<Id> holders = new TreeSet<>();
    Arc owned = new Arc(grown().previous(self), self);
    for (Id offset : homes.homes(Id.ZERO)) {
      Arc arc = owned.plus(offset);
      Id at = ring.next(arc.from());
      for (int i = 0; i < HOLDERS_MAX && arc.contains(at); i++) {
        holders.add(at);
        at = ring.next(at);
      }
      holders.add(ring.owner(arc.to()));
    }
    return List.copyOf(holders);
  }

  /** Keeps those that somebody named for a while. */
  void visit(List<Id> named, long now) {
    if (!isWhole) {
      visits.add(NOWHERE, named, now);
    }
  }

  /**
   * Keeps those that were found round a place for a while. Others that were known there have gone:
   * who owns a place knows better than this node, but for its own neighbours.
   */
  void visit(Arc arc, List<Id> found, long now) {
    if (isWhole) {
      return;
    }
    visits.add(arc, found, now);
    Ring neighbours = contacts().neighbours();
    forget(
        present.nodes().stream()
            .filter(id -> arc.contains(id) && !found.contains(id) && !neighbours.contains(id))
            .toList());
  }

  /** Whether this node has found its own place in a ring of which it does not know everybody. */
  boolean isPlaced() {
    return isWhole || isPlaced;
  }

  void placed() {
    isPlaced = true;
  }

  /**
   * Whether all peers round a point are known as of that moment or later: its owner, and those
   * after it that may have owned it before. Of those past the end of what was found nothing is
   * known: some are here still that died long ago, and others never came to be here.
   */
  public boolean knows(Id point, long sinceNanos, long now) {
    if (isWhole) {
      return true;
    }
    Arc round = round(point);
    boolean isNear = now - sinceNanos >= NEAR_NANOS || ring().owner(point).equals(self);
    return (isNear && isPlaced && contacts().near().covers(round))
        || visits.cover(round, sinceNanos);
  }

  /** From a point to the last of those after it among which {@link #candidates} looks. */
  private Arc round(Id point) {
    Id last = ring().owner(point);
    for (int joined = 1; joined <= JOINED_MAX; joined++) {
      last = ring().next(last);
    }
    return new Arc(point.previous(), last);
  }

  /** Whether a peer can be expected to pass a request on the right way. */
  boolean leads(Id peer) {
    PeerState state = state(peer);
    return state == PeerState.ACTIVE || state == PeerState.LEAVING;
  }

  /** Those round a point, by their ids: so many on each side, and of those on the ring as many. */
  List<Peer> around(Id point, int count) {
    return new Vicinity(present, active, homes)
        .neighbours(point, count).toRing().nodes().stream()
            .map(id -> peers.get(id).peer())
            .toList();
  }

  /** Whether it was lately found who is round a point. */
  boolean wasVisited(Id point) {
    return visits.cover(new Arc(point.previous(), point), Long.MIN_VALUE);
  }

  /**
   * Forgets whom this node need not know, unless it knows everybody. Without those its contacts are
   * the same.
   */
  void trim(long now) {
    if (isWhole) {
      return;
    }
    visits.forget(now);
    Ring needed = contacts().all();
    forget(present.nodesNotOf(needed).stream().filter(id -> !visits.contains(id)).toList());
  }

  private void forget(List<Id> ids) {
    for (Id id : ids) {
      digest -= digestOf(peers.remove(id).peer());
    }
    present = present.without(ids);
    grown = grown.without(ids);
    active = active.without(ids);
  }

  /** What is known of those that concern a peer: all, where everybody is known. */
  List<Peer> concerning(Id peer) {
    if (isWhole) {
      return digestible();
    }
    List<Peer> told = new ArrayList<>();
    for (Id near : new Vicinity(present, active, homes).of(peer).toRing().nodes()) {
      told.add(peers.get(near).peer());
    }
    Arc near = Contacts.near(peer, Vicinity.NEIGHBOURS, present);
    peers.values().stream()
        .map(Known::peer)
        .filter(known -> !known.state().isPresent() && near.contains(known.id()))
        .limit(Limits.PEERS_MAX - told.size())
        .forEach(told::add);
    return told;
  }

  /** To whom news of a peer is passed on, where not everybody is known. */
  List<Id> relays(Id subject) {
    return new Vicinity(present, active, homes).relays(self, subject);
  }

  private static Ring with(Ring ring, Id node, boolean isOnIt) {
    return isOnIt ? ring.with(node) : ring.without(node);
  }

  /** Notes how a peer was found, when that is more than hearsay. */
  void found(Id id, How how) {
    Known known = peers.get(id);
    if (known != null && known.how() == How.LEARNED) {
      peers.put(id, new Known(known.peer(), how, known.sequence()));
    }
  }

  private void forgetOldestGone() {
    if (peers.size() - present.size() > GONE_MAX) {
      peers.values().stream()
          .filter(known -> !isThere(known))
          .min(Comparator.comparingLong(Known::sequence))
          .ifPresent(oldest -> peers.remove(oldest.peer().id()));
    }
  }

  private static boolean isThere(Known known) {
    return known.peer().state().isPresent();
  }

  /** A finaliser of SplitMix64 (Steele, Lea, Flood 2014) over what distinguishes two reports. */
  static long digestOf(Peer peer) {
    long z =
        peer.id().topBits()
            + 0x9e3779b97f4a7c15L * (peer.incarnation() * 8 + peer.state().code() + 1);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The nodes that answer for their slices: from these is read. While there are none, those that
   * join, for somebody has to be the first.
   */
  public Ring ring() {
    return active.size() > 0 ? active : present;
  }

  /**
   * Those who are to hold what there is: with those that join and without those that leave, what
   * the ring comes to be when nothing else happens. While all leave, all of them.
   */
  public Ring grown() {
    return grown.size() > 0 ? grown : present;
  }

  /** Everybody who is there, whether on the ring, joining, or leaving. */
  public Ring present() {
    return present;
  }

  /** Whether somebody answers for slices. */
  boolean hasActive() {
    return active.size() > 0;
  }

  public Homes homes() {
    return homes;
  }

  /**
   * Equal on nodes that know the same of everybody who is there; of a view that is not whole, it
   * stands for the neighbours alone. A guard against accidents, not forgers.
   */
  public long digest() {
    return isWhole ? digest : nearDigest();
  }

  private long nearDigest() {
    if (nearDigest.isEmpty()) {
      long sum = 0;
      for (Id neighbour : contacts().neighbours().nodes()) {
        sum += digestOf(peers.get(neighbour).peer());
      }
      nearDigest = OptionalLong.of(sum);
    }
    return nearDigest.getAsLong();
  }

  public Optional<Peer> peer(Id id) {
    return Optional.ofNullable(peers.get(id)).map(Known::peer);
  }

  public How how(Id id) {
    Known known = peers.get(id);
    return known == null ? How.LEARNED : known.how();
  }

  /** Whether a peer is there and nobody doubts that it lives. */
  public boolean isTrusted(Id id) {
    PeerState state = state(id);
    return state.isPresent() && state != PeerState.SUSPECTED;
  }

  /** DEAD for one that is not known. */
  public PeerState state(Id id) {
    Known known = peers.get(id);
    return known == null ? PeerState.DEAD : known.peer().state();
  }

  /** All peers, by id, the gone ones too. */
  public List<Peer> peers() {
    return peers.values().stream().map(Known::peer).toList();
  }

  /** As much of this view as a message can tell: those on the ring first, then the latest gone. */
  public List<KnownPeer> known() {
    return peers.values().stream()
        .sorted(
            Comparator.comparing((Known known) -> !isThere(known))
                .thenComparing(Comparator.comparingLong(Known::sequence).reversed()))
        .limit(Limits.PEERS_MAX)
        .map(known -> new KnownPeer(known.peer(), known.how()))
        .toList();
  }

  /** The peers of {@link #known}. */
  List<Peer> digestible() {
    return peers.size() <= Limits.PEERS_MAX
        ? peers()
        : known().stream().map(KnownPeer::peer).toList();
  }

  /** Notes which arcs a node keeps beyond its share, in place of what it kept before. */
  void noteKept(Id keeper, List<Arc> arcs) {
    keepers.keySet().removeIf(id -> !present.contains(id));
    if (arcs.isEmpty() || !present.contains(keeper)) {
      keepers.remove(keeper);
    } else {
      keepers.put(keeper, List.copyOf(arcs));
    }
  }

  /** The nodes that keep an item though they need not, and that nobody doubts, by their ids. */
  public List<Id> keepers(Id item) {
    List<Id> found = new ArrayList<>();
    keepers.forEach(
        (keeper, arcs) -> {
          if (isTrusted(keeper) && arcs.stream().anyMatch(arc -> arc.contains(item))) {
            found.add(keeper);
          }
        });
    return found;
  }

  /** The nodes that hold an item, or come to when they have joined; the regular place first. */
  public List<Id> holders(Id item) {
    return grown().holders(item, homes);
  }

  /**
   * The nodes that a store goes to: those that hold the item now, from which it is read, and those
   * that will when the joining have joined and the leaving have left.
   */
  public List<Id> writers(Id item) {
    List<Id> writers = holders(item);
    ring().holders(item, homes).forEach(holder -> addOnce(writers, holder));
    return writers;
  }

  /**
   * Where to look for an item, the likeliest first: its holders, then, for each of its homes, the
   * nodes after the owner, which were the owners before others joined. The peers that nobody doubts
   * come first.
   */
  public List<Id> candidates(Id item, int firstMask) {
    List<Id> candidates = new ArrayList<>();
    Ring ring = ring();
    for (int mask = firstMask; mask < homes.count(); mask++) {
      addOnce(candidates, ring.owner(homes.home(item, mask)));
    }
    for (Id holder : ring.holders(item, homes)) {
      addOnce(candidates, holder);
    }
    // one that was here before and comes back has not forgotten
    for (Id holder : holders(item)) {
      addOnce(candidates, holder);
    }
    List<Id> formerOwners = new ArrayList<>();
    homes.homes(item).forEach(home -> formerOwners.add(ring.owner(home)));
    for (int joined = 1; joined <= JOINED_MAX; joined++) {
      formerOwners.replaceAll(ring::next);
      formerOwners.forEach(former -> addOnce(candidates, former));
    }
    keepers(item).forEach(keeper -> addOnce(candidates, keeper));
    candidates.sort(Comparator.comparing(id -> !isTrusted(id)));
    return candidates;
  }

  private static void addOnce(List<Id> list, Id id) {
    if (!list.contains(id)) {
      list.add(id);
    }
  }
}
