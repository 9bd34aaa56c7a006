package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ringslice.messages.IdTest.RING;
import static org.ringslice.messages.IdTest.number;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Arcs against whole numbers, and against walks of a small ring. */
@Domain(AnyMessage.class)
@Domain(DomainContext.Global.class)
class ArcTest {
  /** Points of a small ring, spread round the large one from just before its end. */
  private static final int POINTS = 7;

  @Property
  void containsWhatComesAfterTheBeginningUpToTheEnd(@ForAll Arc arc, @ForAll Id id) {
    assertEquals(isBetween(arc, id), arc.contains(id));
  }

  private static boolean isBetween(Arc arc, Id id) {
    BigInteger from = number(arc.from());
    BigInteger length = number(arc.to()).subtract(from).mod(RING);
    BigInteger way = number(id).subtract(from).mod(RING);
    boolean whole = length.signum() == 0;
    return whole || (way.signum() > 0 && way.compareTo(length) <= 0);
  }

  @Property
  void theEndsAreAsTheySay(@ForAll Arc arc) {
    assertTrue(arc.contains(arc.to()));
    assertEquals(arc.isWholeRing(), arc.contains(arc.from()));
    assertTrue(arc.contains(arc.from().next()));
    assertEquals(arc.isWholeRing(), arc.contains(arc.to().next()));
  }

  @Property
  void asIntervalsOfNumbersItIsOneOrTwo(@ForAll Arc arc, @ForAll Id id) {
    boolean afterFrom = id.compareTo(arc.from()) > 0;
    boolean upToTo = id.compareTo(arc.to()) <= 0;
    assertEquals(arc.wraps() ? afterFrom || upToTo : afterFrom && upToTo, arc.contains(id));
  }

  @Property
  void anArcAndItsRestAreTheRing(@ForAll Arc arc, @ForAll Id id) {
    if (!arc.isWholeRing()) {
      assertTrue(arc.contains(id) ^ new Arc(arc.to(), arc.from()).contains(id));
    }
  }

  @Property
  void theFractionIsNeverZeroAndOneForTheWholeRing(@ForAll Arc arc) {
    assertTrue(arc.fraction() > 0 && arc.fraction() <= 1);
    assertEquals(1, Arc.wholeRing(arc.from()).fraction());
    assertFalse(new Arc(arc.from(), arc.from().next()).fraction() == 0);
  }

  @Property
  void theArcOfAQuestionForItemsIsTheWalkThatItAsksFor(
      @ForAll Direction direction,
      @ForAll @IntRange(max = POINTS - 1) int at,
      @ForAll @IntRange(max = POINTS - 1) int until) {
    Arc arc = new Message.GetItems(direction, point(at), 1, point(until), Message.Scope.HELD).arc();
    List<Id> walk = new ArrayList<>();
    int step = direction == Direction.NEXT ? 1 : POINTS - 1;
    int i = at;
    do {
      i = (i + step) % POINTS;
      walk.add(point(i));
    } while (i != until);
    for (int k = 0; k < POINTS; k++) {
      assertEquals(walk.contains(point(k)), arc.contains(point(k)), k + " in " + arc);
    }
  }

  @Property
  void theArcOfAQuestionForItemsEndsWhereItSays(
      @ForAll Direction direction, @ForAll Id at, @ForAll Id until) {
    Arc arc = new Message.GetItems(direction, at, 1, until, Message.Scope.RING).arc();
    boolean next = direction == Direction.NEXT;
    assertTrue(arc.contains(until));
    assertEquals(at.equals(until), arc.contains(at));
    assertTrue(arc.contains(next ? at.next() : at.previous()));
    assertEquals(at.equals(until), arc.contains(next ? until.next() : until.previous()));
  }

  /** Some of the points are neighbours, and zero lies amidst them. */
  private static Id point(int i) {
    return switch (i) {
      case 0 -> Id.MAX.previous();
      case 1 -> Id.MAX;
      case 2 -> Id.ZERO;
      case 3 -> Id.ZERO.next();
      default -> Id.powerOfTwo(Id.BITS - POINTS + i);
    };
  }

  @Property
  void coversExactlyTheArcsOfWhichItContainsEveryPoint(
      @ForAll @IntRange(max = POINTS - 1) int from,
      @ForAll @IntRange(max = POINTS - 1) int to,
      @ForAll @IntRange(max = POINTS - 1) int otherFrom,
      @ForAll @IntRange(max = POINTS - 1) int otherTo) {
    Arc arc = new Arc(small(from), small(to));
    Arc other = new Arc(small(otherFrom), small(otherTo));
    boolean all = true;
    for (int i = 0; i < POINTS; i++) {
      // between two neighbours there are points too, the first of them right after the former
      for (Id point : List.of(small(i), small(i).next())) {
        all &= !other.contains(point) || arc.contains(point);
      }
    }
    assertEquals(all, arc.covers(other), () -> arc + " covers " + other);
  }

  private static Id small(int place) {
    return Id.ofWords(Long.divideUnsigned(-1L, POINTS) * place, 0, 0, 0);
  }

  @Property
  void itsPiecesAreTheWholeOfItAndAboutAsLong(
      @ForAll Arc arc, @ForAll @IntRange(min = 1, max = 5) int bits) {
    List<Arc> pieces = arc.split(bits);
    BigInteger length = length(arc);
    BigInteger count = BigInteger.ONE.shiftLeft(bits);
    assertEquals(length.compareTo(count) < 0 ? 1 : count.intValue(), pieces.size());
    Id begin = arc.from();
    BigInteger sum = BigInteger.ZERO;
    for (Arc piece : pieces) {
      assertEquals(begin, piece.from());
      begin = piece.to();
      sum = sum.add(length(piece));
      BigInteger more = length(piece).subtract(length.divide(BigInteger.valueOf(pieces.size())));
      assertTrue(more.signum() >= 0 && more.compareTo(count) < 0, () -> piece + " of " + arc);
    }
    assertEquals(arc.to(), begin);
    assertEquals(length, sum);
  }

  private static BigInteger length(Arc arc) {
    BigInteger length = number(arc.to()).subtract(number(arc.from())).mod(RING);
    return length.signum() == 0 ? RING : length;
  }

  @Property
  void movesWithAllItsPoints(@ForAll Arc arc, @ForAll Id id, @ForAll Id distance) {
    assertEquals(arc.contains(id), arc.plus(distance).contains(id.plus(distance)));
  }
}
