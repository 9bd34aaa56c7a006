package org.ringslice.node.sim;

/**
 * From wherever one asks, the owner of a point is found, and the right one: of a ring that has had
 * time to settle.
 */
final class RoutesCheck implements Check {
  /** Look-ups; the mean of their hops is then off by about 0.05. */
  private static final int LOOK_UPS = 1_000;

  private static final long OVER_NANOS = 1_000_000_000L;

  @Override
  public void look(World world, Findings findings) {
    LookUps lookUps = world.lookUps();
    lookUps.takeMistakes();
    int before = lookUps.total().right();
    lookUps.order(LOOK_UPS, OVER_NANOS, 0);
    world.passUntil(() -> lookUps.waiting() == 0, OVER_NANOS + World.ANSWER_NANOS_MAX);
    var mistakes = lookUps.takeMistakes().iterator();
    for (int i = 0; i < LOOK_UPS; i++) {
      boolean isRight = i < lookUps.total().right() - before;
      findings.expect(isRight, () -> mistakes.hasNext() ? mistakes.next() : "a look-up is lost");
    }
  }
}
