package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

class ArcsTest {
  /** Ends are drawn from these, so that arcs often touch, wrap, and share ends. */
  private static final List<Id> POINTS = points();

  private static List<Id> points() {
    List<Id> points = new ArrayList<>(List.of(Id.ZERO, Id.MAX, Id.ZERO.next(), Id.MAX.previous()));
    for (int i = 1; i < 8; i++) {
      Id point = Id.ofWords((long) i << 61, 0, 0, i);
      points.addAll(List.of(point.previous(), point, point.next()));
    }
    return points;
  }

  private final SplittableRandom random = new SplittableRandom(3);

  private Arc anyArc() {
    return new Arc(anyPoint(), anyPoint());
  }

  private Id anyPoint() {
    return POINTS.get(random.nextInt(POINTS.size()));
  }

  private List<Arc> anyArcs() {
    List<Arc> arcs = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      arcs.add(anyArc());
    }
    return arcs;
  }

  private static boolean contain(List<Arc> arcs, Id point) {
    return arcs.stream().anyMatch(arc -> arc.contains(point));
  }

  @Test
  void areTheSetsThatTheirArcsAre() {
    for (int i = 0; i < 5_000; i++) {
      List<Arc> left = anyArcs();
      List<Arc> right = anyArcs();
      Arcs one = Arcs.of(left);
      Arcs other = Arcs.of(right);
      boolean isAllCovered = true;
      for (Id point : POINTS) {
        boolean inOne = contain(left, point);
        boolean inOther = contain(right, point);
        assertEquals(inOne, one.contains(point));
        assertEquals(inOne || inOther, one.plus(other).contains(point));
        assertEquals(inOne && !inOther, one.minus(other).contains(point));
        assertEquals(inOne && inOther, one.and(other).contains(point));
        isAllCovered &= !inOther || inOne;
      }
      assertEquals(isAllCovered, one.covers(other));
    }
  }

  @Test
  void areEqualWhateverTheyWereMadeOf() {
    for (int i = 0; i < 5_000; i++) {
      Arcs arcs = Arcs.of(anyArcs());
      Arcs some = Arcs.of(anyArcs());
      assertEquals(arcs, Arcs.of(arcs.toList()));
      assertEquals(arcs, arcs.minus(some).plus(arcs.and(some)));
      assertEquals(arcs.isEmpty(), arcs.toList().isEmpty());
    }
  }

  @Test
  void giveAsFewArcsAsThereCanBe() {
    Id quarter = Id.ofWords(1L << 62, 0, 0, 0);
    Id half = quarter.plus(quarter);
    Arc wrapping = new Arc(half, quarter);

    assertEquals(List.of(wrapping), Arcs.of(List.of(wrapping)).toList());
    assertEquals(
        List.of(new Arc(Id.ZERO, half)),
        Arcs.of(List.of(new Arc(quarter, half), new Arc(Id.ZERO, quarter))).toList());
    List<Arc> all = Arcs.of(List.of(wrapping, new Arc(quarter, half))).toList();
    assertEquals(1, all.size());
    assertTrue(all.get(0).isWholeRing());
  }

  @Test
  void mayBeNothingAtAll() {
    assertTrue(Arcs.NONE.isEmpty());
    assertFalse(Arcs.NONE.contains(Id.ZERO));
    assertTrue(Arcs.of(List.of(anyArc())).covers(Arcs.NONE));
    assertTrue(
        Arcs.of(List.of(Arc.wholeRing(anyPoint())))
            .minus(Arcs.of(List.of(Arc.wholeRing(Id.MAX))))
            .isEmpty());
  }
}
