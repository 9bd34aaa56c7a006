package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
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

  public Ring(Collection<Id> nodes) {
    this.nodes = nodes.stream().sorted().distinct().toArray(Id[]::new);
  }

  private Ring(Id[] ordered) {
    nodes = ordered;
  }

  /** This ring and one node more. */
  Ring with(Id node) {
    int found = Arrays.binarySearch(nodes, node);
    if (found >= 0) {
      return this;
    }
    int at = -found - 1;
    Id[] more = Arrays.copyOf(nodes, nodes.length + 1);
    System.arraycopy(nodes, at, more, at + 1, nodes.length - at);
    more[at] = node;
    return new Ring(more);
  }

  /** This ring and one node less. */
  Ring without(Id node) {
    int at = Arrays.binarySearch(nodes, node);
    if (at < 0) {
      return this;
    }
    Id[] less = Arrays.copyOf(nodes, nodes.length - 1);
    System.arraycopy(nodes, at + 1, less, at, nodes.length - at - 1);
    return new Ring(less);
  }

  /** Whether another has the same nodes. */
  boolean isLike(Ring other) {
    return Arrays.equals(nodes, other.nodes);
  }

  /** The node of a place in [0, size), the least id first. */
  Id node(int place) {
    return nodes[place];
  }

  /** The place of a node that is on the ring, in [0, size). */
  int place(Id node) {
    return Arrays.binarySearch(nodes, node);
  }

  public int size() {
    return nodes.length;
  }

  public boolean contains(Id node) {
    return Arrays.binarySearch(nodes, node) >= 0;
  }

  /** All nodes, the least id first. */
  public List<Id> nodes() {
    return List.of(nodes);
  }

  /** The node that owns a point: the first at it or clockwise of it. The ring must not be empty. */
  public Id owner(Id point) {
    return nodes[indexAtOrAfter(point)];
  }

  /** The first node strictly clockwise of a point; the one at the point itself when it is alone. */
  public Id next(Id point) {
    return nodes[indexAtOrAfter(point.next())];
  }

  /**
   * The first node strictly anticlockwise of a point; the one at the point itself when it is alone.
   */
  public Id previous(Id point) {
    return nodes[Math.floorMod(indexAtOrAfter(point) - 1, nodes.length)];
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
    int index =
        direction == Direction.NEXT ? indexAtOrAfter(point.next()) : indexAtOrAfter(point) - 1;
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
    for (int i = indexAtOrAfter(item); holders.size() < wanted; i++) {
      addOnce(holders, nodes[Math.floorMod(i, nodes.length)]);
    }
    return holders;
  }

  private static void addOnce(List<Id> list, Id id) {
    if (!list.contains(id)) {
      list.add(id);
    }
  }

  private int indexAtOrAfter(Id point) {
    int found = Arrays.binarySearch(nodes, point);
    int index = found >= 0 ? found : -found - 1;
    return index == nodes.length ? 0 : index;
  }
}
