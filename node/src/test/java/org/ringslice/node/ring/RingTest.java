package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;

class RingTest {
  private static Id id(long top) {
    return Id.ofWords(top, 0, 0, 0);
  }

  @Test
  void ofOneNodeGivesItAllPointsAndItselfAsNeighbour() {
    Ring ring = new Ring(List.of(id(5)));

    for (Id point : List.of(Id.ZERO, id(5), id(5).next(), Id.MAX)) {
      assertEquals(id(5), ring.owner(point));
      assertEquals(id(5), ring.next(point));
      assertEquals(id(5), ring.previous(point));
      assertEquals(List.of(id(5)), ring.neighbours(Direction.PREV, point, 3));
      assertEquals(List.of(id(5)), ring.neighbours(Direction.NEXT, point, 3));
    }
  }

  @Test
  void ownsFromThePreviousNodeExcludedToTheNodeIncluded() {
    Ring ring = new Ring(List.of(id(1), id(3)));

    assertEquals(id(3), ring.owner(id(1).next()));
    assertEquals(id(3), ring.owner(id(3)));
    assertEquals(id(1), ring.owner(id(3).next()));
    assertEquals(id(1), ring.owner(Id.MAX));
    assertEquals(id(1), ring.owner(Id.ZERO));
    assertEquals(id(1), ring.owner(id(1)));
  }

  @Test
  void countsUnsigned() {
    Ring ring = new Ring(List.of(id(-1), id(1)));

    assertEquals(List.of(id(1), id(-1)), ring.nodes());
    assertEquals(id(-1), ring.owner(id(Long.MIN_VALUE)));
  }

  @Test
  void namesTheNodeAtThePointItselfLast() {
    Ring ring = new Ring(List.of(id(1), id(2), id(3)));

    assertEquals(List.of(id(3), id(1), id(2)), ring.neighbours(Direction.NEXT, id(2), 9));
    assertEquals(List.of(id(1), id(3), id(2)), ring.neighbours(Direction.PREV, id(2), 9));
    assertEquals(List.of(id(1)), ring.neighbours(Direction.PREV, id(2), 1));
  }

  @Property
  void isTheSameHoweverItCameToBe(
      @ForAll @UniqueElements List<Long> members, @ForAll @UniqueElements List<Long> leavers) {
    Ring grown = new Ring(List.of());
    for (long node : members) {
      grown = grown.with(id(node));
      assertTrue(grown.contains(id(node)));
      assertEquals(grown.nodes(), grown.with(id(node)).nodes());
    }
    assertEquals(new Ring(members.stream().map(RingTest::id).toList()).nodes(), grown.nodes());

    Ring shrunk = grown;
    for (long node : leavers) {
      shrunk = shrunk.without(id(node));
      assertFalse(shrunk.contains(id(node)));
    }
    List<Id> left =
        members.stream().filter(node -> !leavers.contains(node)).map(RingTest::id).toList();
    assertEquals(new Ring(left).nodes(), shrunk.nodes());
  }
}
