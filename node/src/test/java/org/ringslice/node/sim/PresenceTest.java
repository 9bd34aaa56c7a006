package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Id;

/** Who may be named as the owner of a point, and for how long after it went. */
class PresenceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long GRACE = Presence.GRACE_NANOS;

  private final World world = new World(4, 2);
  private Host asker;
  private Host next;
  private Host afterNext;
  private Id point;

  @BeforeEach
  void aRingOfSixAtRest() {
    world.startNodes(6);
    world.pass(10 * SECOND);
    List<Host> living = world.living().stream().sorted(Comparator.comparing(Host::id)).toList();
    point = living.get(1).id().next();
    asker = living.get(0);
    next = living.get(2);
    afterNext = living.get(3);
  }

  private boolean mayOwn(Host host, long graceNanos) {
    return world.presence().mayOwn(host.id(), point, asker, now(), graceNanos);
  }

  private long now() {
    return world.agenda().nowNanos();
  }

  @Test
  void agreesWithTheModelOnARingAtRest() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 500; i++) {
      Id any = World.randomId(random);
      Id owner = world.model().owner(any);
      for (Host host : world.living()) {
        boolean may = world.presence().mayOwn(host.id(), any, asker, now(), 0);
        assertEquals(host.id().equals(owner), may);
      }
    }
  }

  @Test
  void oneThatDiedMayBeNamedForAWhile() {
    next.crash();
    world.pass(SECOND);

    assertTrue(mayOwn(next, GRACE));
    assertFalse(mayOwn(next, 0));
    assertTrue(mayOwn(afterNext, 0));
    world.pass(GRACE);
    assertFalse(mayOwn(next, GRACE));
  }

  @Test
  void oneThatCameMayBePassedOverForAWhile() {
    next.crash();
    world.pass(20 * SECOND);
    world.start(next);
    world.passUntil(() -> mayOwn(next, 0), 20 * SECOND);

    assertTrue(mayOwn(next, 0));
    assertTrue(mayOwn(afterNext, GRACE));
    world.pass(GRACE + SECOND);
    assertFalse(mayOwn(afterNext, GRACE));
  }

  @Test
  void oneThatCanNotBeReachedMayBePassedOver() {
    next.joinGroup(1);
    assertTrue(mayOwn(afterNext, 0));

    next.heal();
    world.pass(SECOND);
    assertTrue(mayOwn(afterNext, GRACE));
    world.pass(GRACE);
    assertFalse(mayOwn(afterNext, GRACE));
  }

  @Test
  void oneThatNeverWasMayNotBeNamed() {
    assertFalse(
        world.presence().mayOwn(World.randomId(new SplittableRandom(1)), point, asker, now(), 0));
  }
}
