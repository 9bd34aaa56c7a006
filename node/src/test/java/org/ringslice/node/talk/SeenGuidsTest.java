package org.ringslice.node.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.ringslice.messages.Guid;

class SeenGuidsTest {
  private static final long SECOND = 1_000_000_000L;

  private final SeenGuids seen = new SeenGuids();
  private long next;

  private Guid guid() {
    return new Guid(0, next++);
  }

  @Test
  void remembersEachForItsTimeAndNotForEver() {
    Guid first = guid();
    assertFalse(seen.has(first));
    assertTrue(seen.note(first, SECOND));
    seen.note(guid(), SECOND + SeenGuids.AGE_NANOS);
    assertTrue(seen.has(first));
    seen.note(guid(), SECOND + SeenGuids.AGE_NANOS + 1);
    assertFalse(seen.has(first));
  }

  @Test
  void takesInNoMoreThanTheRateAfterABurst() {
    int burst = 0;
    while (seen.note(guid(), 5 * SECOND)) {
      burst++;
    }
    assertEquals(SeenGuids.RATE_PER_SECOND, burst);
    int taken = 0;
    for (int milli = 1; milli <= 3_000; milli++) {
      taken += seen.note(guid(), 5 * SECOND + milli * SECOND / 1_000) ? 1 : 0;
    }
    assertEquals(3 * SeenGuids.RATE_PER_SECOND, taken);
  }

  @Test
  void whatWasRefusedIsNotSeen() {
    while (seen.note(guid(), 0)) {}
    Guid refused = guid();
    assertFalse(seen.note(refused, 0));
    assertFalse(seen.has(refused));
  }

  @Test
  void allThatComeAtTheRateAreRememberedForTheirTime() {
    Guid first = guid();
    long now = 0;
    seen.note(first, now);
    while (now <= SeenGuids.AGE_NANOS) {
      assertTrue(seen.has(first), "after " + now);
      seen.note(guid(), now);
      now += SECOND / SeenGuids.RATE_PER_SECOND;
    }
  }
}
