package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;

/**
 * Keeps the views of all nodes equal. News is passed on at once to a few nodes, each of which
 * passes on what was news to it (rumour mongering); heartbeats carry a digest of the view, and
 * where two differ, the whole views are compared (anti-entropy). Demers et al., "Epidemic
 * Algorithms for Replicated Database Maintenance", PODC 1987, sections 1.3 and 1.4: the first is
 * quick, the second is certain.
 */
public final class Gossip {
  /**
   * Nodes that a piece of news is told to. With 6, a rumour dies before all know it for 0.25 % of
   * nodes.
   */
  static final int FANOUT = 6;

  /** News is gathered for so long, so that a flood of newcomers is one message and not hundreds. */
  static final long GATHER_NANOS = 10_000_000;

  /**
   * The same where not everybody is known: it goes four steps along the ring, and all that it
   * concerns watch each other besides.
   */
  static final long GATHER_ALONG_NANOS = 100_000_000;

  /** Between two comparisons of whole views with the same peer. */
  static final long COMPARE_NANOS = 1_000_000_000L;

  private static final long TIMEOUT_NANOS = 2_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Membership membership;
  private final RandomGenerator random;

  private final TreeMap<Id, Peer> news = new TreeMap<>();
  private final TreeMap<Id, Compared> compared = new TreeMap<>();

  /**
   * The last comparison with a peer.
   *
   * @param digest of its view before it
   */
  private record Compared(long atNanos, long digest) {}

  Gossip(
      Self self,
      View view,
      Timers timers,
      Links links,
      Membership membership,
      RandomGenerator random) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.membership = membership;
    this.random = random;
  }

  /** Passes news on, soon. */
  void spread(List<Peer> fresh, Turn turn) {
    if (news.isEmpty()) {
      timers.after(view.isWhole() ? GATHER_NANOS : GATHER_ALONG_NANOS, turn, this::tell);
    }
    fresh.forEach(peer -> news.put(peer.id(), peer));
  }

  private void tell(Turn turn) {
    List<Peer> told = news.values().stream().limit(Limits.PEERS_MAX).toList();
    news.clear();
    TreeMap<Id, List<Peer>> byHearer = new TreeMap<>();
    if (view.isWhole()) {
      someOf(FANOUT).forEach(hearer -> byHearer.put(hearer, new ArrayList<>(told)));
    } else {
      told.forEach(peer -> tell(peer, view.relays(peer.id()), byHearer));
    }
    // a suspect must hear of it, to refute it
    told.stream()
        .filter(peer -> peer.state() == PeerState.SUSPECTED)
        .forEach(peer -> tell(peer, List.of(peer.id()), byHearer));
    byHearer.remove(self.id());
    byHearer.forEach(
        (hearer, peers) -> exchange(hearer, new Message.ExchangeView(peers, false), turn));
  }

  private static void tell(Peer news, List<Id> hearers, SortedMap<Id, List<Peer>> byHearer) {
    for (Id hearer : hearers) {
      List<Peer> told = byHearer.computeIfAbsent(hearer, none -> new ArrayList<>());
      if (!told.contains(news)) {
        told.add(news);
      }
    }
  }

  /** Tells everybody whom a link leads to, at once. */
  void farewell(Peer me, Turn turn) {
    for (Id peer : view.present().nodes()) {
      if (links.isReady(peer, Lane.CONTROL)) {
        exchange(peer, new Message.ExchangeView(List.of(me), false), turn);
      }
    }
  }

  /**
   * Different nodes of the ring, drawn at random, this one not among them: Floyd's sample (Bentley,
   * "A sample of brilliance", CACM 30(9), 1987).
   */
  List<Id> someOf(int count) {
    Ring others = view.present().without(self.id());
    TreeSet<Integer> places = new TreeSet<>();
    for (int last = Math.max(0, others.size() - count); last < others.size(); last++) {
      int place = random.nextInt(last + 1);
      places.add(places.contains(place) ? last : place);
    }
    return places.stream().map(others::node).toList();
  }

  /** A peer's heartbeat bore this digest of its view. */
  void heard(Id peer, long digest, Turn turn) {
    if (digest != view.digest()) {
      Compared last = compared.get(peer);
      // of views that are not whole two never come to be equal
      boolean isNew = last == null || view.isWhole() || last.digest() != digest;
      if (isNew && (last == null || turn.now() - last.atNanos() >= COMPARE_NANOS)) {
        compare(peer, digest, turn);
      }
    }
  }

  /** Compares the whole view with a peer's, or what concerns the two. */
  void compare(Id peer, Turn turn) {
    compare(peer, 0, turn);
  }

  private void compare(Id peer, long digest, Turn turn) {
    compared.put(peer, new Compared(turn.now(), digest));
    if (compared.size() > View.CAPACITY_MAX) {
      compared.keySet().removeIf(id -> !view.present().contains(id));
    }
    exchange(peer, new Message.ExchangeView(view.concerning(peer), true), turn);
  }

  private void exchange(Id peer, Message.ExchangeView request, Turn turn) {
    links.ask(peer, request, peer, 0, TIMEOUT_NANOS, new Listener(), turn);
  }

  private final class Listener implements Asker {
    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Message.ViewIs theirs = (Message.ViewIs) answer;
      membership.compared(theirs.peers(), theirs.whole(), turn);
      // of those who are there it hears anyway, of the gone only those near them
      List<Peer> gone =
          correctionsTo(theirs.peers()).stream()
              .filter(known -> !known.state().isPresent())
              .toList();
      if (!gone.isEmpty()) {
        exchange(peer, new Message.ExchangeView(gone, false), turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      // whether the peer lives is the heartbeats' matter; what it missed, the next comparison
      // brings
      compared.remove(peer);
    }
  }

  /** A peer tells what it knows. */
  public void onExchangeView(Inquiry inquiry, Message.ExchangeView request, Turn turn) {
    List<Peer> untold =
        request.whole() ? untold(request.peers(), view.concerning(inquiry.requestor())) : List.of();
    membership.learn(request.peers(), How.LEARNED, turn);
    List<Peer> answer = new ArrayList<>(correctionsTo(request.peers()));
    untold.stream().limit(Limits.PEERS_MAX - answer.size()).forEach(answer::add);
    inquiry.answer(new Message.ViewIs(answer, view.isWhole()), turn);
  }

  private static List<Peer> untold(List<Peer> told, List<Peer> known) {
    TreeSet<Id> toldOf = new TreeSet<>();
    told.forEach(peer -> toldOf.add(peer.id()));
    return known.stream().filter(peer -> !toldOf.contains(peer.id())).toList();
  }

  /**
   * What is known better of those that were told of, also of those who do not concern the teller as
   * far as this node knows: it need not know that they are gone. A suspect refutes it thus.
   */
  private List<Peer> correctionsTo(List<Peer> told) {
    return told.stream()
        .flatMap(peer -> view.peer(peer.id()).filter(known -> known.supersedes(peer)).stream())
        .toList();
  }
}
