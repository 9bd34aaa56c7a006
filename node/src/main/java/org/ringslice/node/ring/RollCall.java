package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.sync.Homes;

/**
 * The nodes of an arc of the ring, all of which are to be asked something; and the digest of the
 * view that each is to have, for what they tell adds up only when all know the same ring.
 */
public final class RollCall {
  private final List<Id> nodes;
  private final Id until;
  private final ToLongFunction<Id> digests;

  private RollCall(List<Id> nodes, Id until, ToLongFunction<Id> digests) {
    this.nodes = nodes;
    this.until = until;
    this.digests = digests;
  }

  /** By a view in which nobody is missing. */
  static RollCall of(View view, Arc arc) {
    long digest = view.digest();
    return new RollCall(clockwise(view.present(), arc), arc.to(), node -> digest);
  }

  /**
   * By what the nodes of the ring told of each other.
   *
   * @param stretch clockwise, from {@link Vicinity#NEIGHBOURS} nodes before the arc on; less than
   *     {@link Limits#PEERS_MAX} are the whole ring
   */
  static RollCall of(List<Peer> stretch, Arc arc, Homes homes) {
    TreeMap<Id, Peer> peers = new TreeMap<>();
    stretch.forEach(peer -> peers.put(peer.id(), peer));
    Ring ring = new Ring(peers.keySet());
    Vicinity vicinity = new Vicinity(ring, ring, homes);
    ToLongFunction<Id> digests =
        node ->
            vicinity.neighbours(node, Vicinity.NEIGHBOURS).toRing().nodes().stream()
                .mapToLong(neighbour -> View.digestOf(peers.get(neighbour)))
                .sum();
    Arc known = stretch.size() < Limits.PEERS_MAX ? arc : begin(arc, lastWithNeighbours(stretch));
    return new RollCall(clockwise(ring, known), known.to(), digests);
  }

  private static Id lastWithNeighbours(List<Peer> stretch) {
    return stretch.get(stretch.size() - 1 - Vicinity.NEIGHBOURS).id();
  }

  /** As much of an arc as lies up to a point; all of it, where it ends before that. */
  private static Arc begin(Arc arc, Id point) {
    return arc.contains(point) ? new Arc(arc.from(), point) : arc;
  }

  private static List<Id> clockwise(Ring ring, Arc arc) {
    return ring.neighbours(Direction.NEXT, arc.from(), ring.size()).stream()
        .filter(arc::contains)
        .toList();
  }

  /** Clockwise. */
  public List<Id> nodes() {
    return nodes;
  }

  /** All nodes of the arc up to this point are among them. */
  public Id until() {
    return until;
  }

  /** Whether a node whose view has this digest knows its part of the ring as the others do. */
  public boolean agrees(Id node, long viewDigest) {
    return digests.applyAsLong(node) == viewDigest;
  }
}
