package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;

/**
 * Who is on the ring, and what becomes of the peers that this node knows. Every change of the view
 * passes through {@link #learn}, which is where its consequences are drawn.
 *
 * <p>A peer that does not answer is first SUSPECTED, which it can refute, and then DEAD (SWIM: Das,
 * Gupta, Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process Group Membership
 * Protocol", DSN 2002, sections 4.2 and 4.3).
 */
public final class Membership {
  /** From suspicion to death. With {@link Heartbeats} a death is noticed within 3 s. */
  static final long SUSPICION_NANOS = 1_000_000_000L;

  /** Between a change of the view and its being written down; changes come in bursts. */
  private static final long REMEMBER_NANOS = 1_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Gossip gossip;
  private final Settling settling;
  private final Namesakes namesakes;
  private final Introductions introductions;
  private final Features features;
  private final List<Timers.Alarm> watchers = new ArrayList<>();

  private boolean rememberSoon;
  private boolean toldOfSlander;
  private boolean isAcquainted;

  public Membership(Self self, View view, Timers timers, Guests guests, RandomGenerator random) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.introductions = new Introductions(self, view, timers, guests, random, this);
    this.links = introductions.links();
    this.features = new Features(self, view, timers, links);
    this.gossip = new Gossip(self, view, timers, links, this, random);
    this.settling =
        new Settling(self, view, timers, links, introductions::areAwaited, this::joined);
    this.namesakes = introductions.namesakes();
    watch(settling::viewChanged);
    watch(features::viewChanged);
  }

  /** Has somebody told of each change of the view, after it. */
  public void watch(Timers.Alarm watcher) {
    watchers.add(watcher);
  }

  public Links links() {
    return links;
  }

  public Features features() {
    return features;
  }

  public Introductions introductions() {
    return introductions;
  }

  public void started(Turn turn) {
    view.merge(self.asPeer(), How.STATIC);
    settling.started(turn);
    links.started(turn);
    introductions.started(turn);
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
    if (isNew || !isAcquainted) {
      isAcquainted = true;
      viewChanged(turn);
    }
  }

  /** Whether this node is on the ring, or somebody has told it who is. */
  boolean knowsTheRing() {
    return self.state() != PeerState.JOINING || (isAcquainted && view.hasActive());
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

  void learn(Peer report, How how, Turn turn) {
    learn(List.of(report), how, turn);
  }

  /**
   * Somebody believes that this node is gone, or knows it from a life that it does not remember.
   */
  private Optional<Peer> refute(Peer report, Turn turn) {
    if (!report.supersedes(self.asPeer()) || self.state() == PeerState.LEFT) {
      return Optional.empty();
    }
    if (!self.outlive(report.incarnation())) {
      tellOfSlander(report, turn);
      return Optional.empty();
    }
    if (!report.state().isOnRing()) {
      // what was stored meanwhile went to others
      settling.doubt();
    }
    Peer living = self.asPeer();
    view.merge(living, How.STATIC);
    turn.report(Level.DETAIL, "refuted that this node is " + report.state());
    return Optional.of(living);
  }

  /** Nothing is above the last incarnation; nobody gives that out but to do harm. */
  private void tellOfSlander(Peer report, Turn turn) {
    if (!toldOfSlander) {
      toldOfSlander = true;
      turn.report(
          Level.TROUBLE,
          "another node says that this one is "
              + report.state()
              + ", with the greatest incarnation, which can't be refuted: nodes that believe it"
              + " take this one for gone; if they go on to, start it with a new data folder");
    }
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
