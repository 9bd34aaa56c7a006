package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;

/**
 * Who is on the ring: introductions in both directions, and what becomes of the peers that this
 * node knows. Every change of the view passes through {@link #learn}, which is where its
 * consequences are drawn.
 *
 * <p>A peer that does not answer is first SUSPECTED, which it can refute, and then DEAD (SWIM: Das,
 * Gupta, Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process Group Membership
 * Protocol", DSN 2002, sections 4.2 and 4.3).
 */
public final class Membership implements Links.Host {
  /** From suspicion to death. With {@link Heartbeats} a death is noticed within 3 s. */
  static final long SUSPICION_NANOS = 1_000_000_000L;

  /** Between two attempts to reach somebody who was known once: heals splits. */
  static final long RETRY_NANOS = 5_000_000_000L;

  /** Doors of the dead, and as many of those sighted, at which is knocked at a time. A guess. */
  private static final int RETRIES_AT_ONCE = 3;

  /** Between a change of the view and its being written down; changes come in bursts. */
  private static final long REMEMBER_NANOS = 1_000_000_000L;

  /** While it is younger, a node that finds its id taken gives way; an older one stays. */
  private static final long YOUNG_NANOS = 10_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Guests guests;
  private final Links links;
  private final Gossip gossip;
  private final Settling settling;
  private final Namesakes namesakes;
  private final RandomGenerator random;
  private final List<Timers.Alarm> watchers = new ArrayList<>();

  private long startedAt;
  private boolean rememberSoon;
  private final TreeMap<String, Sighting> sightings = new TreeMap<>();

  // places named by a person of which was told that nobody was reached there
  private final TreeSet<String> toldOf = new TreeSet<>();

  private record Sighting(Endpoint endpoint, How how) {}

  /** Endpoints sighted and not answered yet; past that the one that sorts first is forgotten. */
  private static final int SIGHTINGS_MAX = 1024;

  public Membership(Self self, View view, Timers timers, Guests guests, RandomGenerator random) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.guests = guests;
    this.random = random;
    this.links = new Links(self, timers, guests, this::endpointsOf, this);
    this.gossip = new Gossip(self, view, timers, links, this, random);
    this.settling = new Settling(self, view, timers, links, this::joined);
    this.namesakes = new Namesakes(self, view, links);
    watch(settling::viewChanged);
  }

  /** Has somebody told of each change of the view, after it. */
  public void watch(Timers.Alarm watcher) {
    watchers.add(watcher);
  }

  public Links links() {
    return links;
  }

  private List<Endpoint> endpointsOf(Id id) {
    return view.peer(id).map(Peer::endpoints).orElse(List.of());
  }

  public void started(Turn turn) {
    startedAt = turn.now();
    view.merge(self.asPeer(), How.STATIC);
    settling.started(turn);
    links.started(turn);
    timers.after(RETRY_NANOS, turn, this::retryTheLost);
  }

  /** This node has what it is to answer for. */
  private void joined(Turn turn) {
    self.become(PeerState.ACTIVE);
    tellOfSelf(turn);
    turn.report(Level.DETAIL, "this node is on the ring, of " + view.ring().size());
  }

  private void tellOfSelf(Turn turn) {
    view.merge(self.asPeer(), How.STATIC);
    news(List.of(self.asPeer()), turn);
  }

  /**
   * From now on this node is read from and is not one of those who are to hold, until {@link
   * #stopping} or {@link #stay}.
   */
  public void leave(Turn turn) {
    turnInto(PeerState.LEAVING, turn);
  }

  /** Is a full member again: nobody else stays. */
  public void stay(Turn turn) {
    settling.doubt();
    turnInto(PeerState.ACTIVE, turn);
  }

  private void turnInto(PeerState state, Turn turn) {
    self.become(state);
    self.outlive(self.incarnation());
    tellOfSelf(turn);
  }

  /** This node takes no more stores: it may lack what is stored from now on. */
  public void closed() {
    settling.doubt();
  }

  /** Says farewell, so that nobody need wait for this node's heartbeat. */
  public void stopping(Turn turn) {
    self.become(PeerState.LEFT);
    view.merge(self.asPeer(), How.STATIC);
    gossip.farewell(self.asPeer(), turn);
  }

  /** An interface came or went. */
  public void listens(List<Endpoint> endpoints, Turn turn) {
    self.listenAt(endpoints);
    self.outlive(self.incarnation());
    tellOfSelf(turn);
  }

  /** A node may be listening there. */
  public void sighted(Endpoint endpoint, How how, Turn turn) {
    if (self.listensAt(endpoint)) {
      return;
    }
    Optional<Id> there = links.whoListensAt(endpoint);
    if (there.isPresent()) {
      view.found(there.get(), how);
      return;
    }
    sightings.put(endpoint.toString(), new Sighting(endpoint, how));
    if (sightings.size() > SIGHTINGS_MAX) {
      sightings.pollFirstEntry();
    }
    if (!links.isDialled(endpoint)) {
      links.dial(endpoint, turn);
    }
  }

  /** Somebody says who it is, on a link that it dialled. */
  public void onGetId(Inquiry inquiry, Message.GetId request, Turn turn) {
    Identity asker = request.asker();
    if (inquiry.isLocal()) {
      inquiry.answer(new Message.IdIs(self.identity()), turn);
    } else if (asker.role() == Role.PEER) {
      onPeer(inquiry, request, turn);
    } else if (!asker.network().isEmpty() && !asker.network().equals(self.network())) {
      inquiry.answer(wrongNetwork(asker, request), turn);
    } else {
      admit(inquiry, asker, turn);
    }
  }

  private void onPeer(Inquiry inquiry, Message.GetId request, Turn turn) {
    Identity asker = request.asker();
    Optional<Message.Failure> refusal = refusal(asker, request, turn);
    if (refusal.isPresent()) {
      inquiry.answer(refusal.get(), turn);
      if (namesakes.isOfSelf(asker)) {
        namesakes.lookForOne(asker.toPeer(PeerState.JOINING), turn);
      }
    } else if (namesakes.isInDoubt(asker)) {
      namesakes.settle(asker, (believed, then) -> settled(inquiry, request, believed, then), turn);
    } else {
      greet(asker, How.LEARNED, turn);
      admit(inquiry, asker, turn);
    }
  }

  private void settled(Inquiry inquiry, Message.GetId request, boolean believed, Turn turn) {
    if (believed) {
      greet(request.asker(), How.LEARNED, turn);
      admit(inquiry, request.asker(), turn);
    } else {
      Message.Failure refusal = namesakes.refusal(request.asker(), request, ErrorCode.ID_TAKEN);
      turn.report(Level.TROUBLE, "refused a node: " + refusal.sentence());
      inquiry.answer(refusal, turn);
    }
  }

  private void admit(Inquiry inquiry, Identity asker, Turn turn) {
    guests
        .admit(inquiry.link(), asker.role(), turn)
        .ifPresent(oldest -> links.lost(oldest, "room was made for others", turn));
    inquiry.answer(new Message.IdIs(self.identity()), turn);
    if (asker.role() == Role.PEER) {
      links.introduced(inquiry.link(), inquiry.lane(), asker, turn);
      asker.endpoints().forEach(at -> forgetSighting(at, asker.id()));
    }
  }

  /** Who was sighted has come by itself. */
  private void forgetSighting(Endpoint at, Id who) {
    Sighting sighting = sightings.remove(at.toString());
    if (sighting != null) {
      view.found(who, sighting.how());
    }
  }

  @Override
  public Optional<String> meet(Identity who, Endpoint at, Turn turn) {
    Sighting sighting = sightings.remove(at.toString());
    if (who.id().equals(self.id()) && who.session() == self.session()) {
      return Optional.of("that is this node itself");
    }
    Optional<Message.Failure> refusal = refusal(who, new Message.GetId(who), turn);
    if (refusal.isPresent()) {
      return refusal.map(Message.Failure::sentence);
    }
    How how = sighting == null ? How.LEARNED : sighting.how();
    if (namesakes.isInDoubt(who)) {
      namesakes.settle(who, (believed, then) -> greetIf(believed, who, how, then), turn);
      return Optional.of("it says the id of another node, which is asked first");
    }
    greet(who, how, turn);
    view.found(who.id(), how);
    return Optional.empty();
  }

  private void greetIf(boolean believed, Identity who, How how, Turn turn) {
    if (believed) {
      greet(who, how, turn);
    }
  }

  /**
   * Takes in what a peer says of itself. Where that is not what was known, the views are compared;
   * those of old acquaintances are kept equal by the heartbeats.
   */
  private void greet(Identity who, How how, Turn turn) {
    // how far it has come, the comparison tells
    Peer peer = who.toPeer(PeerState.JOINING);
    boolean isKnown =
        view.isTrusted(who.id())
            && view.peer(who.id()).filter(known -> !peer.supersedes(known)).isPresent();
    learn(peer, how, turn);
    // who need not be known is no reason to compare
    boolean isOfUse = view.peer(who.id()).isPresent();
    if (!isKnown && isOfUse && !who.id().equals(self.id())) {
      // a link that was just dialled is ready only after this turn
      timers.after(0, turn, later -> gossip.compare(who.id(), later));
    }
  }

  private Optional<Message.Failure> refusal(Identity who, Message request, Turn turn) {
    if (!who.network().equals(self.network())) {
      return Optional.of(wrongNetwork(who, request));
    }
    if (who.maskBits() != self.maskBits()) {
      String sentence =
          "this network places items by "
              + self.maskBits()
              + " mask bits, not "
              + who.maskBits()
              + "; start the node with --mask-bits "
              + self.maskBits();
      return Optional.of(Message.Failure.of(request, ErrorCode.WRONG_MASK_BITS, sentence));
    }
    if (namesakes.isOfSelf(who)) {
      // of two that are young the one that began later goes, which finds that out by itself
      boolean stays = !isYoung(turn) || Long.compareUnsigned(self.session(), who.session()) < 0;
      ErrorCode code = stays ? ErrorCode.ID_TAKEN : ErrorCode.UNREACHABLE;
      return Optional.of(namesakes.refusal(who, request, code));
    }
    return Optional.empty();
  }

  private Message.Failure wrongNetwork(Identity who, Message request) {
    String sentence =
        "this is a node of the network '" + self.network() + "', not of '" + who.network() + "'";
    return Message.Failure.of(request, ErrorCode.WRONG_NETWORK, sentence);
  }

  private boolean isYoung(Turn turn) {
    return turn.now() - startedAt < YOUNG_NANOS;
  }

  @Override
  public void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn) {
    Sighting sighting = sightings.get(at.toString());
    if (sighting != null && sighting.how() == How.STATIC && toldOf.add(at.toString())) {
      String again = failure.retry() ? "; it is tried again" : "";
      turn.report(
          Level.TROUBLE, "no link to the node named by --peer: " + failure.sentence() + again);
    }
    if (!failure.retry()) {
      // whoever is there will not think otherwise soon
      sightings.remove(at.toString());
    }
    String sentence = failure.sentence() + " (it listens at " + at + ")";
    switch (failure.code()) {
      case ID_TAKEN, WRONG_MASK_BITS ->
          turn.emit(
              isYoung(turn)
                  ? new Effect.Abort(sentence)
                  : new Effect.Report(Level.TROUBLE, sentence));
      default -> turn.report(Level.DETAIL, "no link to " + at + ": " + failure.sentence());
    }
  }

  /**
   * Takes reports of peers in and draws the consequences of those that are news. Returns the news.
   */
  List<Peer> learn(List<Peer> reports, How how, Turn turn) {
    List<Peer> news = new ArrayList<>();
    for (Peer report : reports) {
      if (report.id().equals(self.id())) {
        namesakes.lookForOne(report, turn);
        refute(report, turn).ifPresent(news::add);
      } else {
        Optional<Peer> before = view.peer(report.id());
        if (view.merge(report, how)) {
          news.add(report);
          changed(before, report, turn);
        }
      }
    }
    if (!news.isEmpty()) {
      view.trim(turn.now());
      // what need not be known is not passed on, and is no news
      news.removeIf(peer -> view.peer(peer.id()).isEmpty());
    }
    if (!news.isEmpty()) {
      news(news, turn);
    }
    return news;
  }

  /** Views were compared: this is what the peer knew better, and whether it knows everybody. */
  void compared(List<Peer> reports, boolean whole, Turn turn) {
    boolean isNew = !whole && view.isWhole();
    if (isNew) {
      view.heardOfMore();
    }
    learn(reports, How.LEARNED, turn);
    if (isNew) {
      viewChanged(turn);
    }
  }

  /** Has those who wait for a change of the view look at it. */
  void viewChanged(Turn turn) {
    watchers.forEach(watcher -> watcher.ring(turn));
  }

  private void news(List<Peer> news, Turn turn) {
    gossip.spread(news, turn);
    rememberSoon(turn);
    viewChanged(turn);
  }

  private void learn(Peer report, How how, Turn turn) {
    learn(List.of(report), how, turn);
  }

  /**
   * Somebody believes that this node is gone, or knows it from a life that it does not remember.
   */
  private Optional<Peer> refute(Peer report, Turn turn) {
    if (!report.supersedes(self.asPeer()) || self.state() == PeerState.LEFT) {
      return Optional.empty();
    }
    self.outlive(report.incarnation());
    if (!report.state().isOnRing()) {
      // what was stored meanwhile went to others
      settling.doubt();
    }
    Peer living = self.asPeer();
    view.merge(living, How.STATIC);
    turn.report(Level.DETAIL, "refuted that this node is " + report.state());
    return Optional.of(living);
  }

  private void changed(Optional<Peer> before, Peer now, Turn turn) {
    boolean wasOnRing = before.map(peer -> peer.state().isOnRing()).orElse(false);
    switch (now.state()) {
      case JOINING -> {}
      case LEAVING ->
          turn.report(Level.NEWS, "node " + now.id() + " at " + place(now) + " is leaving");
      case ACTIVE -> {
        if (!wasOnRing) {
          turn.report(
              Level.NEWS,
              "node "
                  + now.id()
                  + " at "
                  + place(now)
                  + " is on the ring, of "
                  + view.grown().size());
        }
      }
      case SUSPECTED -> {
        turn.report(Level.NEWS, "node " + now.id() + " at " + place(now) + " does not answer");
        links.abandon(now.id(), "node " + now.id() + " does not answer", turn);
        timers.after(SUSPICION_NANOS, turn, later -> bury(now, later));
      }
      case DEAD, LEFT -> {
        links.abandon(now.id(), "node " + now.id() + " is gone", turn);
        if (wasOnRing) {
          String how = now.state() == PeerState.LEFT ? " went" : " is taken for dead";
          turn.report(
              Level.NEWS,
              "node "
                  + now.id()
                  + " at "
                  + place(now)
                  + how
                  + "; the ring is of "
                  + view.grown().size());
        }
      }
    }
  }

  private static String place(Peer peer) {
    return peer.endpoints().isEmpty() ? "?" : peer.endpoints().get(0).toString();
  }

  /** A peer did not answer its heartbeats. */
  void suspect(Id id, Turn turn) {
    view.peer(id)
        .filter(peer -> view.isTrusted(id))
        .ifPresent(peer -> learn(peer.in(PeerState.SUSPECTED), How.LEARNED, turn));
  }

  private void bury(Peer suspected, Turn turn) {
    view.peer(suspected.id())
        .filter(suspected::equals)
        .ifPresent(peer -> learn(peer.in(PeerState.DEAD), How.LEARNED, turn));
  }

  /**
   * Splits heal because each side goes on to knock at the other's doors; so do those who were
   * sighted, and did not answer then.
   */
  private void retryTheLost(Turn turn) {
    List<Endpoint> lost = new ArrayList<>();
    view.peers().stream()
        .filter(peer -> peer.state() == PeerState.DEAD)
        .forEach(peer -> lost.addAll(peer.endpoints()));
    knock(lost, turn);
    knock(new ArrayList<>(sightings.values().stream().map(Sighting::endpoint).toList()), turn);
    timers.after(RETRY_NANOS, turn, this::retryTheLost);
  }

  private void knock(List<Endpoint> doors, Turn turn) {
    doors.removeIf(links::isDialled);
    for (int i = 0; i < RETRIES_AT_ONCE && !doors.isEmpty(); i++) {
      links.dial(doors.remove(random.nextInt(doors.size())), turn);
    }
  }

  private void rememberSoon(Turn turn) {
    if (!rememberSoon) {
      rememberSoon = true;
      timers.after(REMEMBER_NANOS, turn, this::remember);
    }
  }

  private void remember(Turn turn) {
    rememberSoon = false;
    List<Peer> others =
        view.peers().stream()
            .filter(peer -> !peer.id().equals(self.id()) && peer.state() != PeerState.LEFT)
            .toList();
    turn.emit(new Effect.Remember(others));
  }

  /** Whether this node is sure to have all of one of the masked places of an arc. */
  public boolean isSureOf(Arc arc) {
    return settling.isSureOf(arc);
  }

  /** The neighbours of a point, as this node sees the ring. */
  public Message.PeersAre answer(Message.GetPeers request) {
    List<Peer> peers =
        view.ring().neighbours(request.direction(), request.at(), request.count()).stream()
            .map(view::peer)
            .flatMap(Optional::stream)
            .toList();
    List<Message.Hop> route = request.traced() ? List.of(new Message.Hop(self.id(), 0)) : List.of();
    return new Message.PeersAre(request.direction(), peers, route);
  }

  public Gossip gossip() {
    return gossip;
  }
}
