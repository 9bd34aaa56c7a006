package org.ringslice.node.ring;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Id;
import org.ringslice.messages.Route.Relation;

/**
 * Whom a node that can't know everybody is to know far off, and to whom of those it passes a
 * request on. Only the way differs: the last step and the ownership are the ring's in all of them,
 * and each node knows its neighbours besides. Gummadi et al., "The Impact of DHT Routing Geometry
 * on Resilience and Proximity", SIGCOMM 2003, compares them.
 */
public interface Geometry {
  /** A Chord ring: {@link FingerTable}. */
  Geometry RING = new FingerTable();

  /** Pastry's prefixes: {@link PrefixRows}. */
  Geometry PREFIX = new PrefixRows();

  /** Kademlia's tree: {@link XorBuckets}. */
  Geometry XOR = new XorBuckets();

  /** The one of a name, as people write it. */
  static Optional<Geometry> named(String name) {
    return switch (name) {
      case "ring" -> Optional.of(RING);
      case "prefix" -> Optional.of(PREFIX);
      case "xor" -> Optional.of(XOR);
      default -> Optional.empty();
    };
  }

  /** What people call it. */
  String name();

  /** What those are to a node that it knows for its {@link #aims}. */
  Relation relation();

  /**
   * Points whose owners a node is to know, where those are nodes that {@link #serves} them; the
   * farthest off first.
   *
   * @param arcBits the logarithm to the base of 2 of what one node owns on the mean, as near as is
   *     known, in [0, 256]: nothing nearer than that is aimed at
   */
  List<Id> aims(Id self, int arcBits);

  /** Whether a node is of use to another as the owner of one of its aims. */
  boolean serves(Id self, Id aim, Id node);

  /**
   * Of the peers of a node, those that are nearer to a point than it is itself, the nearest first:
   * a request that is passed on to any of them comes to its end.
   */
  List<Id> nearer(Id self, Id point, List<Id> peers);
}
