package org.ringslice.node.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Ring;

/** IPTPS 2003, section 4: each node is told once, by few steps, whatever each of them knows. */
class DelegationTest {
  private static final int NEIGHBOURS = 8;

  private final SplittableRandom random = new SplittableRandom(2003);

  private Ring ring(int nodes) {
    TreeSet<Id> ids = new TreeSet<>();
    while (ids.size() < nodes) {
      ids.add(Id.ofWords(random.nextLong(), random.nextLong(), 0, 0));
    }
    return new Ring(ids);
  }

  /** What a node of a large ring knows: those next to it, and those half-way, a quarter-way, … */
  private static Ring neighboursAndFingers(Ring ring, Id node) {
    TreeSet<Id> known = new TreeSet<>(ring.neighbours(Direction.NEXT, node, NEIGHBOURS));
    known.addAll(ring.neighbours(Direction.PREV, node, NEIGHBOURS));
    known.add(node);
    for (int exponent = Id.BITS - 64; exponent < Id.BITS; exponent++) {
      known.add(ring.owner(node.plus(Id.powerOfTwo(exponent))));
    }
    return new Ring(known);
  }

  /** Has an arc told; how often each node was, at most, and after how many steps the last. */
  private record Told(TreeMap<Id, Integer> times, int depth) {
    static Told by(Id first, Arc all, Function<Id, Ring> knowledge) {
      record Step(Id node, Arc arc, int depth) {}
      TreeMap<Id, Integer> times = new TreeMap<>();
      ArrayDeque<Step> steps = new ArrayDeque<>(List.of(new Step(first, all, 0)));
      int depth = 0;
      while (!steps.isEmpty()) {
        Step step = steps.remove();
        times.merge(step.node(), 1, Integer::sum);
        depth = step.depth();
        for (Delegation part :
            Delegation.by(step.node(), step.arc(), knowledge.apply(step.node()))) {
          steps.add(new Step(part.first(), part.arc(), depth + 1));
        }
      }
      return new Told(times, depth);
    }

    void expectOnceEach(List<Id> nodes) {
      assertEquals(List.copyOf(nodes), List.copyOf(times.keySet()));
      assertTrue(times.values().stream().allMatch(count -> count == 1), times.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100, 1_000})
  void eachNodeIsToldOnceWhereAllAreKnown(int nodes, TestReporter reporter) {
    Ring ring = ring(nodes);
    for (Id first : ring.neighbours(Direction.NEXT, Id.ZERO, 5)) {
      Told told = Told.by(first, Arc.wholeRing(Id.ZERO), node -> ring);
      told.expectOnceEach(ring.nodes());
      reporter.publishEntry(nodes + " nodes, steps to the last", Integer.toString(told.depth()));
      assertTrue(told.depth() <= 8, "in " + told.depth() + " steps");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 10_000})
  void eachNodeIsToldOnceWhereNeighboursAndFingersAreKnown(int nodes, TestReporter reporter) {
    Ring ring = ring(nodes);
    TreeMap<Id, Ring> known = new TreeMap<>();
    ring.nodes().forEach(node -> known.put(node, neighboursAndFingers(ring, node)));
    Told told = Told.by(ring.owner(Id.MAX), Arc.wholeRing(Id.MAX), known::get);

    told.expectOnceEach(ring.nodes());
    reporter.publishEntry(nodes + " nodes, steps to the last", Integer.toString(told.depth()));
    assertTrue(told.depth() <= 15, "in " + told.depth() + " steps");
  }

  @Test
  void eachNodeIsToldOnceWhereOnlyTheNextIsKnown() {
    Ring ring = ring(50);
    Function<Id, Ring> next = node -> new Ring(List.of(node, ring.next(node)));
    Told.by(ring.owner(Id.ZERO), Arc.wholeRing(Id.ZERO), next).expectOnceEach(ring.nodes());
  }

  @Test
  void idsWithNothingBetweenThemAreToldApart() {
    TreeSet<Id> ids = new TreeSet<>();
    for (int i = -20; i < 20; i++) {
      ids.add(i < 0 ? Id.ofWords(-1, -1, -1, i) : Id.ofWords(0, 0, 0, i));
    }
    Ring ring = new Ring(ids);
    for (Id first : ids) {
      Told told = Told.by(first, Arc.wholeRing(first), node -> ring);
      told.expectOnceEach(ring.nodes());
    }
  }

  @Test
  void ofAnArcNobodyElseIsTold() {
    Ring ring = ring(300);
    Arc arc = new Arc(Id.powerOfTwo(255), Id.powerOfTwo(253));
    List<Id> inside = ring.nodes().stream().filter(arc::contains).toList();
    Told.by(inside.get(inside.size() / 2), arc, node -> ring).expectOnceEach(inside);
    Id outside = ring.next(Id.powerOfTwo(254));
    Told told = Told.by(outside, arc, node -> ring);
    assertEquals(1, told.times().remove(outside));
    told.expectOnceEach(inside);
  }

  @Test
  void whoIsSilentIsPassedOverUntilThePartIsAtItsEnd() {
    Ring ring = ring(10);
    Id self = ring.owner(Id.ZERO);
    Id last = ring.previous(self);
    Delegation part = new Delegation(ring.next(self), last);
    for (int left = 8; left > 0; left--) {
      Id passedOver = part.first();
      part = part.withoutFirst(self, ring).orElseThrow();
      assertEquals(new Delegation(ring.next(passedOver), last), part);
    }
    assertTrue(part.withoutFirst(self, ring).isEmpty());
    assertTrue(new Delegation(last, self).withoutFirst(self, ring).isEmpty());
  }
}
