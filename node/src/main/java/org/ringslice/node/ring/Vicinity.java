package org.ringslice.node.ring;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * Who concerns a node, and whom it therefore has to know however large the ring is: its neighbours,
 * and those round the masked places of what it holds, for they hold the same. It goes both ways:
 * whoever concerns a node is concerned by it, so that news of a node needs to be told to those in
 * its vicinity, and to nobody else.
 */
final class Vicinity {
  /** Before and after; of those on the ring as many, where others join between them. */
  static final int NEIGHBOURS = 8;

  /**
   * Before and after a masked place: what a node holds ends where a fourth node before it begins
   * ({@link Ring#holders}), and who does not lie there may come to when one of them dies.
   */
  private static final int MASKED_NEIGHBOURS = 5;

  /** Nodes that each passes news on to, further along the ring. */
  private static final int RELAYS = 2;

  /** Of one masked place, where the ring is much denser there than here. */
  private static final int MASKED_MAX = 32;

  private final Ring present;
  private final Ring active;
  private final Homes homes;

  /**
   * @param active of those that are present
   */
  Vicinity(Ring present, Ring active, Homes homes) {
    this.present = present;
    this.active = active;
    this.homes = homes;
  }

  /** The neighbours of a point, who lies at it or owns it among them. */
  Choice neighbours(Id point, int count) {
    Choice near = new Choice(present);
    addRound(point, count, near);
    return near;
  }

  private void addRound(Id point, int count, Choice found) {
    found.addRound(point, count);
    if (active.size() > 0 && active.size() < present.size()) {
      found.add(active.owner(point));
      found.addAll(active.neighbours(Direction.PREV, point, count));
      found.addAll(active.neighbours(Direction.NEXT, point, count));
    }
  }

  /** All who concern a node, it among them. */
  Choice of(Id node) {
    Choice all = neighbours(node, NEIGHBOURS);
    Arc near = near(node);
    for (int mask = 1; mask < homes.count(); mask++) {
      addRound(homes.home(node, mask), MASKED_NEIGHBOURS, all);
      if (!near.isWholeRing()) {
        all.addWithin(near.plus(homes.home(Id.ZERO, mask)), MASKED_MAX);
      }
    }
    return all;
  }

  /**
   * To whom a node passes on news of another: along the ring, away from that one or from its masked
   * place, so that all whom it concerns are told, most of them twice, over connections that are
   * there anyway. Who is next to it, or it itself, tells on both sides and at its masked places.
   */
  List<Id> relays(Id self, Id subject) {
    Ring concerned = of(subject).toRing();
    Ring others = concerned.without(subject).without(self);
    boolean isConcerned = concerned.contains(self) || self.equals(subject);
    if (!isConcerned || others.size() == 0) {
      return List.of();
    }
    Id centre = nearestHome(self, subject);
    Direction away = isAfter(self, centre) ? Direction.NEXT : Direction.PREV;
    Direction back = away == Direction.NEXT ? Direction.PREV : Direction.NEXT;
    Id behind = others.neighbours(back, self, 1).get(0);
    boolean isFirst = isAfter(behind, centre) != isAfter(self, centre);
    TreeSet<Id> relays = new TreeSet<>(others.neighbours(away, self, RELAYS));
    if (isFirst) {
      relays.add(behind);
    }
    if (isFirst && centre.equals(subject)) {
      homes.homes(subject).forEach(home -> relays.add(others.owner(home)));
    }
    return List.copyOf(relays);
  }

  private Id nearestHome(Id self, Id subject) {
    return homes.homes(subject).stream()
        .min(Comparator.comparing(home -> Ways.distance(self, home)))
        .orElseThrow();
  }

  private static boolean isAfter(Id id, Id point) {
    return id.minus(point).compareTo(Id.powerOfTwo(Id.BITS - 1)) < 0;
  }

  private Arc near(Id node) {
    Id from = node;
    Id to = node;
    for (int i = 0; i < Math.min(homes.count(), present.size() / 2); i++) {
      from = present.previous(from);
      to = present.next(to);
    }
    return new Arc(from, to);
  }
}
