package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

class InterestsTest {
  private static final Id HALF = Id.powerOfTwo(Id.BITS - 1);
  private static final Arcs LEFT = Arcs.of(List.of(new Arc(Id.ZERO, HALF)));
  private static final Arcs RIGHT = Arcs.of(List.of(new Arc(HALF, Id.ZERO)));

  private final Interests interests = new Interests();

  @Test
  void refusesTheSliceThatWasAskedForFirstAfterAllOthers() {
    interests.note(LEFT, 1);
    interests.note(RIGHT, 2);
    interests.note(LEFT, 3);

    assertEquals(Optional.of(RIGHT), interests.refuseNewest(3, 4));
    assertEquals(LEFT, interests.union());
    assertTrue(interests.isRefused(RIGHT, 3 + Interests.REFUSED_NANOS));
    assertFalse(interests.isRefused(LEFT, 4));
    assertFalse(interests.isRefused(RIGHT, 4 + Interests.REFUSED_NANOS));
  }

  @Test
  void refusesNoneThatWasAskedForLaterThanWhatWasTooMuch() {
    interests.note(LEFT, 1);
    interests.note(RIGHT, 3);

    assertEquals(Optional.of(LEFT), interests.refuseNewest(2, 4));
    assertEquals(Optional.empty(), interests.refuseNewest(2, 4));
    assertEquals(RIGHT, interests.union());
  }

  @Test
  void forgetsWhatNobodyHasAskedForLately() {
    interests.note(LEFT, 1);
    interests.note(RIGHT, 2);
    assertFalse(interests.forget(Interests.LINGER_NANOS));
    assertTrue(interests.forget(1 + Interests.LINGER_NANOS));
    assertEquals(RIGHT, interests.union());
  }
}
