package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * A stretch of the ring, found place after place. Invariant: all nodes of the ring from its start
 * to {@code at} have been found.
 */
final class Stretch implements Routing.Finder {
  /** Who waits for it. Exactly one of the two is called. */
  interface Then {
    void found(Message.PeersAre peers, Turn turn);

    void failed(Message.Failure failure, Turn turn);
  }

  private final Routing routing;
  private final Message.GetPeers request;
  private final Then then;
  private final List<Peer> found = new ArrayList<>();
  private final TreeSet<Id> ids = new TreeSet<>();
  private List<Message.Hop> route = List.of();
  private Id at;

  Stretch(Routing routing, Message.GetPeers request, Then then) {
    this.routing = routing;
    this.request = request;
    this.then = then;
    this.at = request.at();
  }

  void step(Turn turn) {
    boolean traced = request.traced() && found.isEmpty();
    routing.find(new Message.GetPlace(at, Limits.AROUND_MAX, traced), turn, this);
  }

  @Override
  public void found(Message.PlaceIs place, Turn turn) {
    route = found.isEmpty() ? place.route() : route;
    boolean isLast = take(place.peers());
    if (isLast || found.size() == request.count()) {
      then.found(new Message.PeersAre(request.direction(), found, route), turn);
    } else {
      step(turn);
    }
  }

  /** Takes those of a place that follow. Returns whether no more do. */
  private boolean take(List<Peer> place) {
    TreeMap<Id, Peer> peers = new TreeMap<>();
    place.stream()
        .filter(peer -> peer.state().isOnRing())
        .forEach(peer -> peers.put(peer.id(), peer));
    Ring ring = new Ring(peers.keySet());
    // of more than there are on both sides of a place some are not told of
    boolean isAll = ring.without(at).size() < 2 * Limits.AROUND_MAX;
    int count = isAll ? ring.size() : Limits.AROUND_MAX;
    for (Id next : ring.neighbours(request.direction(), at, count)) {
      if (found.size() == request.count() || !ids.add(next)) {
        return true;
      }
      found.add(peers.get(next));
      at = next;
    }
    return isAll;
  }

  @Override
  public void failed(Message.Failure failure, Turn turn) {
    then.failed(Message.Failure.of(request, failure.code(), failure.sentence()), turn);
  }
}
