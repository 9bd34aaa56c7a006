package org.ringslice.node.sim;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Id;

/**
 * The ring as the design defines it, in the plainest way: big integers and lists. It shares no line
 * with the product, so that a mistake in one is seen by the other. The nodes of a model are all
 * that is needed to know where everything belongs.
 */
final class Model {
  private static final int BITS = 256;
  private static final BigInteger RING = BigInteger.ONE.shiftLeft(BITS);

  private final List<Id> nodes;
  private final int maskBits;

  Model(Collection<Id> nodes, int maskBits) {
    this.nodes = List.copyOf(nodes);
    this.maskBits = maskBits;
  }

  private static BigInteger number(Id id) {
    return new BigInteger(1, id.toBytes());
  }

  /** How far it is clockwise from one point to another: 0 when they are the same. */
  private static BigInteger clockwise(BigInteger from, BigInteger to) {
    return to.subtract(from).mod(RING);
  }

  /** All ids strictly after a point, nearest first; one at the point itself comes last. */
  static List<Id> after(Id point, Collection<Id> ids) {
    BigInteger from = number(point).add(BigInteger.ONE);
    return sorted(ids, Comparator.comparing(id -> clockwise(from, number(id))));
  }

  /** All ids strictly before a point, nearest first; one at the point itself comes last. */
  static List<Id> before(Id point, Collection<Id> ids) {
    BigInteger from = number(point).subtract(BigInteger.ONE);
    return sorted(ids, Comparator.comparing(id -> clockwise(number(id), from)));
  }

  private static List<Id> sorted(Collection<Id> ids, Comparator<Id> order) {
    List<Id> sorted = new ArrayList<>(ids);
    sorted.sort(order);
    return sorted;
  }

  /** The node that owns a point: the first at it or after it. */
  Id owner(Id point) {
    return owner(number(point));
  }

  private Id owner(BigInteger point) {
    Id nearest = null;
    BigInteger distance = RING;
    for (Id node : nodes) {
      BigInteger away = clockwise(point, number(node));
      if (away.compareTo(distance) < 0) {
        nearest = node;
        distance = away;
      }
    }
    return nearest;
  }

  /** The nodes that are to hold an item. */
  List<Id> holders(Id item) {
    int homes = 1 << maskBits;
    int wanted = Math.min(homes, nodes.size());
    List<Id> holders = new ArrayList<>();
    for (int mask = 0; mask < homes; mask++) {
      BigInteger offset = BigInteger.valueOf(reversed(mask)).shiftLeft(BITS - maskBits);
      Id owner = owner(number(item).add(offset).mod(RING));
      if (!holders.contains(owner)) {
        holders.add(owner);
      }
    }
    for (Id node : fromOn(item)) {
      if (holders.size() < wanted && !holders.contains(node)) {
        holders.add(node);
      }
    }
    return holders;
  }

  private int reversed(int mask) {
    int reversed = 0;
    for (int bit = 0; bit < maskBits; bit++) {
      if ((mask & 1 << bit) != 0) {
        reversed |= 1 << (maskBits - 1 - bit);
      }
    }
    return reversed;
  }

  /** All nodes clockwise from a point, one at the point itself first. */
  private List<Id> fromOn(Id point) {
    BigInteger from = number(point);
    return sorted(nodes, Comparator.comparing(id -> clockwise(from, number(id))));
  }
}
