package org.ringslice.node.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Nodes that come and go while time passes. */
final class Unrest {
  private static final double MINUTE_NANOS = 60e9;

  /** To go: killed, with a farewell, and after having handed over what it holds. */
  private static final int WAYS = 3;

  private final World world;
  private final SplittableRandom random;

  Unrest(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /**
   * Lets time pass, in which nodes go and as many come, at random moments.
   *
   * @param share of the nodes there are, so many of which go in a minute
   */
  void churn(double share, long nanos) {
    double expected = world.living().size() * share * nanos / MINUTE_NANOS;
    int count = Math.max(1, (int) Math.round(expected));
    for (int i = 0; i < count; i++) {
      int way = i % WAYS;
      world.agenda().after(random.nextLong(nanos), () -> go(way));
      world.agenda().after(random.nextLong(nanos), world::startNode);
    }
    world.pass(nanos);
  }

  private void go(int way) {
    for (Host host : world.drawLiving(new Share(1, 0))) {
      switch (way) {
        case 0 -> host.crash();
        case 1 -> host.sayFarewell();
        default -> world.farewells().ask(host);
      }
    }
  }

  /** Lets time pass, in which some nodes by turns are deaf, hear, are killed, and start. */
  void flap(Share share, long eachNanos, long nanos) {
    List<Host> flapping = world.drawLiving(share);
    long leftNanos = nanos;
    for (int turn = 0; leftNanos > 0; turn++) {
      boolean isDeafTurn = turn % 4 == 0;
      boolean isKilledTurn = turn % 4 == 2;
      for (Host host : flapping) {
        if (isDeafTurn) {
          host.beDeaf();
        } else if (isKilledTurn) {
          host.crash();
        } else {
          restore(host);
        }
      }
      world.pass(Math.min(eachNanos, leftNanos));
      leftNanos -= eachNanos;
    }
    flapping.forEach(this::restore);
  }

  private void restore(Host host) {
    host.heal();
    if (!host.isRunning()) {
      world.start(host);
    }
  }
}
