package org.ringslice.node.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpeningsTest {
  @Test
  void knowsHowFarEachOpeningWent() {
    Openings openings = Openings.first(7).then(8, 30, 0).then(9, 50, 0);

    assertEquals(OptionalLong.of(30), openings.lastOf(7, 90));
    assertEquals(OptionalLong.of(50), openings.lastOf(8, 90));
    assertEquals(OptionalLong.of(90), openings.lastOf(9, 90));
    assertEquals(OptionalLong.empty(), openings.lastOf(10, 90));
  }

  @Test
  void forgetsThoseOfWhichNoLineIsLeft() {
    Openings openings = Openings.first(7).then(8, 30, 0).then(9, 50, 31);

    assertEquals(OptionalLong.empty(), openings.lastOf(7, 90));
    assertEquals(OptionalLong.of(50), openings.lastOf(8, 90));
    // who has been told of the last that is gone lacks nothing
    assertEquals(OptionalLong.of(30), Openings.first(7).then(8, 30, 30).lastOf(7, 90));
  }

  @Test
  void forgetsTheOldestOfTooMany() {
    Openings openings = Openings.first(1);
    for (int next = 2; next <= Openings.EARLIER_MAX + 2; next++) {
      openings = openings.then(next, next, 0);
    }

    assertEquals(Openings.EARLIER_MAX, openings.earlier().size());
    assertEquals(OptionalLong.empty(), openings.lastOf(1, 0));
    assertEquals(OptionalLong.of(3), openings.lastOf(2, 0));
  }
}
