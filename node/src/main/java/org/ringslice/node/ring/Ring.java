package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * The nodes in the order of their ids, as one node sees them at one moment: an immutable value. The
 * same rule serves a ring of one node and of a thousand: each node owns (the node before it,
 * itself].
 */
public final class Ring {
  private final Id[] nodes;

  /** The first words of all, side by side, so that a search looks at few of the ids themselves. */
  private final long[] tops;

  public Ring(Collection<Id> nodes) {
    this(nodes.stream().sorted().distinct().toArray(Id[]::new));
  }

  private Ring(Id[] ordered) {
    nodes = ordered;
    tops = new long[ordered.length];
    Arrays.setAll(tops, place -> ordered[place].topBits());
  }

  private Ring(Id[] ordered, long[] tops) {
    this.nodes = ordered;
    this.tops = tops;
  }

  /** This ring and one node more. */
  Ring with(Id node) {
    int at = placeAtOrAfter(node);
    if (isAt(at, node)) {
      return this;
    }
    Id[] more = Arrays.copyOf(nodes, nodes.length + 1);
    long[] moreTops = Arrays.copyOf(tops, tops.length + 1);
    System.arraycopy(nodes, at, more, at + 1, nodes.length - at);
    System.arraycopy(tops, at, moreTops, at + 1, tops.length - at);
    more[at] = node;
    moreTops[at] = node.topBits();
    return new Ring(more, moreTops);
  }

  /** This ring and one node less. */
  Ring without(Id node) {
    int at = placeAtOrAfter(node);
    if (!isAt(at, node)) {
      return this;
    }
    Id[] less = Arrays.copyOf(nodes, nodes.length - 1);
    long[] lessTops = Arrays.copyOf(tops, tops.length - 1);
    System.arraycopy(nodes, at + 1, less, at, less.length - at);
    System.arraycopy(tops, at + 1, lessTops, at, lessTops.length - at);
    return new Ring(less, lessTops);
  }

  /** Whether another has the same nodes. */
  public boolean isLike(Ring other) {
    return Arrays.equals(nodes, other.nodes);
  }

  /** Those of its nodes that lie within any of some arcs, and so many after each of those. */
  public Ring along(List<Arc> arcs, int after) {
    Choice found = new Choice(this);
    for (Arc arc : arcs) {
      found.addWithin(arc, nodes.length);
      found.addAll(neighbours(Direction.NEXT, arc.to(), after));
    }
    return found.toRing();
  }

  /** This ring without some nodes. */
  Ring without(List<Id> gone) {
    BitSet places = new BitSet(nodes.length);
    places.set(0, nodes.length);
    for (Id node : gone) {
      if (contains(node)) {
        places.clear(place(node));
      }
    }
    return places.cardinality() == nodes.length ? this : at(places);
  }

  /** Those of its nodes that have these places. */
  Ring at(BitSet places) {
    Id[] some = new Id[places.cardinality()];
    int count = 0;
    for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
      some[count++] = nodes[at];
    }
    return new Ring(some);
  }

  /** The node of a place in [0, size), the least id first. */
  Id node(int place) {
    return nodes[place];
  }

  /** The place of a node that is on the ring, in [0, size). */
  int place(Id node) {
    return placeAtOrAfter(node);
  }

  /** The place of the node that owns a point. The ring must not be empty. */
  int ownerPlace(Id point) {
    int place = placeAtOrAfter(point);
    return place == nodes.length ? 0 : place;
  }

  /** The place of the first node at a point or after it, or the size: the ring is not closed. */
  private int placeAtOrAfter(Id point) {
    int low = 0;
    int high = nodes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(tops[middle], point.topBits());
      if (order < 0 || (order == 0 && nodes[middle].compareTo(point) < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean isAt(int place, Id node) {
    return place < nodes.length && nodes[place].equals(node);
  }

  public int size() {
    return nodes.length;
  }

  /** How many there are beside one, which need not be among them. */
  int sizeWithout(Id node) {
    return contains(node) ? nodes.length - 1 : nodes.length;
  }

  public boolean contains(Id node) {
    return isAt(placeAtOrAfter(node), node);
  }

  /** All nodes, the least id first. */
  public List<Id> nodes() {
    return Collections.unmodifiableList(Arrays.asList(nodes));
  }

  /** The nodes that another ring has not, the least id first. */
  List<Id> nodesNotOf(Ring other) {
    List<Id> found = new ArrayList<>();
    int at = 0;
    for (Id node : nodes) {
      while (at < other.nodes.length && other.nodes[at].compareTo(node) < 0) {
        at++;
      }
      if (!other.isAt(at, node)) {
        found.add(node);
      }
    }
    return found;
  }

  /** The node that owns a point: the first at it or clockwise of it. The ring must not be empty. */
  public Id owner(Id point) {
    return nodes[ownerPlace(point)];
  }

  /** The first node strictly clockwise of a point; the one at the point itself when it is alone. */
  public Id next(Id point) {
    return nodes[ownerPlace(point.next())];
  }

  /**
   * The first node strictly anticlockwise of a point; the one at the point itself when it is alone.
   */
  public Id previous(Id point) {
    return nodes[Math.floorMod(ownerPlace(point) - 1, nodes.length)];
  }

  /**
   * Up to {@code count} nodes strictly before or after a point, nearest first, none twice; the one
   * at the point itself comes last.
   */
  public List<Id> neighbours(Direction direction, Id point, int count) {
    List<Id> neighbours = new ArrayList<>();
    if (nodes.length == 0) {
      return neighbours;
    }
    int step = direction == Direction.NEXT ? 1 : -1;
    int index = direction == Direction.NEXT ? ownerPlace(point.next()) : ownerPlace(point) - 1;
    for (int i = 0; i < Math.min(count, nodes.length); i++) {
      neighbours.add(nodes[Math.floorMod(index + step * i, nodes.length)]);
    }
    return neighbours;
  }

  /**
   * The nodes that hold an item: the owners of its homes in the order of growing masks, without
   * repeats; while those are fewer than min(2^n, nodes), the next nodes clockwise of the item. So
   * there are exactly min(2^n, nodes) of them, and a node that joins never makes an old one a new
   * holder.
   */
  public List<Id> holders(Id item, Homes homes) {
    int wanted = Math.min(homes.count(), nodes.length);
    List<Id> holders = new ArrayList<>(wanted);
    for (int mask = 0; mask < homes.count() && holders.size() < wanted; mask++) {
      addOnce(holders, owner(homes.home(item, mask)));
    }
    for (int i = ownerPlace(item); holders.size() < wanted; i++) {
      addOnce(holders, nodes[Math.floorMod(i, nodes.length)]);
    }
    return holders;
  }

  private static void addOnce(List<Id> list, Id id) {
    if (!list.contains(id)) {
      list.add(id);
    }
  }
}
