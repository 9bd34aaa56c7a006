package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/**
 * Who holds what, by arcs. Holders change only where a home of an item passes a node, so each node
 * makes 2^n ends, and between two ends all items have the same holders ({@link Ring#holders}).
 */
final class Shares {
  /** Rings up to this size are looked at as a whole; of larger ones only what is near a node. */
  private static final int WHOLE_MAX = 16;

  private final Ring ring;
  private final Homes homes;

  // of the node that was asked about first, for it is nearly always the same one
  private Id node;
  private List<Share> ofNode;

  Shares(Ring ring, Homes homes) {
    this.ring = ring;
    this.homes = homes;
  }

  Ring ring() {
    return ring;
  }

  /**
   * The shares by another ring. What the node holds that was asked about first is reckoned anew
   * only where those have changed that decide it.
   */
  Shares by(Ring other) {
    Shares shares = new Shares(other, homes);
    boolean isLocal = node != null && isLocal(node) && shares.isLocal(node);
    if (isLocal && shares.deciding(node).isLike(deciding(node))) {
      shares.node = node;
      shares.ofNode = ofNode;
    }
    return shares;
  }

  /** Whether what a node holds depends on a part of the ring. */
  private boolean isLocal(Id one) {
    return ring.size() > homes.count() && near(one).stream().noneMatch(Arc::isWholeRing);
  }

  /**
   * Those on whom it depends what a node holds: all whom {@link #of} may look at, which is as many
   * before the masked places of what the node owns as an item has holders, and as many after them.
   */
  private Ring deciding(Id one) {
    Arc looked = new Arc(before(one).previous(), one);
    List<Arc> arcs = homes.homes(Id.ZERO).stream().map(looked::plus).toList();
    return ring.along(arcs, homes.count());
  }

  /** The shares of an arc, clockwise. */
  List<Share> within(Arc arc) {
    List<Share> shares = new ArrayList<>();
    if (ring.size() == 0) {
      return shares;
    }
    Id from = arc.from();
    for (Id end : ends(arc)) {
      List<Id> holders = ring.holders(end, homes);
      holders.sort(null);
      Share last = shares.isEmpty() ? null : shares.get(shares.size() - 1);
      if (last != null && last.holders().equals(holders)) {
        shares.set(shares.size() - 1, new Share(new Arc(last.arc().from(), end), holders));
      } else {
        shares.add(new Share(new Arc(from, end), holders));
      }
      from = end;
    }
    return shares;
  }

  /** Where holders may change, clockwise; the end of the arc comes last. */
  private List<Id> ends(Arc arc) {
    Id begin = arc.from().next();
    TreeSet<Id> distances = new TreeSet<>();
    distances.add(arc.to().minus(begin));
    for (int mask = 0; mask < homes.count(); mask++) {
      Id offset = homes.home(Id.ZERO, mask);
      Arc there = arc.plus(offset);
      Id first = ring.owner(there.from().next());
      for (Id at = first; there.contains(at); ) {
        distances.add(at.minus(offset).minus(begin));
        at = ring.next(at);
        if (at.equals(first)) {
          break;
        }
      }
    }
    return distances.stream().map(begin::plus).toList();
  }

  /** The shares that a node is a holder of, clockwise. */
  List<Share> of(Id one) {
    if (node == null) {
      node = one;
      ofNode = reckon(one);
    }
    return one.equals(node) ? ofNode : reckon(one);
  }

  private List<Share> reckon(Id one) {
    return near(one).stream()
        .flatMap(arc -> within(arc).stream())
        .filter(share -> share.holders().contains(one))
        .toList();
  }

  /** Arcs, apart from each other, outside of which a node holds nothing. */
  private List<Arc> near(Id one) {
    if (ring.size() <= WHOLE_MAX || !ring.contains(one)) {
      return List.of(Arc.wholeRing(Id.ZERO));
    }
    List<Arc> arcs = new ArrayList<>();
    arcs.add(new Arc(before(one), one));
    for (int mask = 1; mask < homes.count(); mask++) {
      Id back = Id.ZERO.minus(homes.home(Id.ZERO, mask));
      Arc owned = new Arc(ring.previous(one), one).plus(back);
      if (arcs.stream().anyMatch(arc -> touch(arc, owned))) {
        return List.of(Arc.wholeRing(Id.ZERO));
      }
      arcs.add(owned);
    }
    arcs.sort(Comparator.comparing(Arc::from));
    return arcs;
  }

  /** As many nodes before one as an item has holders. */
  private Id before(Id one) {
    Id before = one;
    for (int i = 0; i < homes.count(); i++) {
      before = ring.previous(before);
    }
    return before;
  }

  private static boolean touch(Arc one, Arc other) {
    return one.contains(other.to()) || other.contains(one.to());
  }

  /** What a node is no holder of, clockwise. */
  List<Arc> notOf(Id one) {
    List<Share> own = of(one);
    if (own.isEmpty()) {
      return List.of(Arc.wholeRing(Id.ZERO));
    }
    List<Arc> gaps = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Id end = own.get(i).arc().to();
      Id next = own.get((i + 1) % own.size()).arc().from();
      boolean all = own.size() == 1 && own.get(0).arc().isWholeRing();
      if (!end.equals(next) && !all) {
        gaps.add(new Arc(end, next));
      }
    }
    return gaps;
  }
}
