package org.ringslice.node.sim;

import org.ringslice.messages.Id;

/**
 * Every watcher was told, exactly once, of each acknowledged item of its slice that was ordered
 * while it watched and that nodes still owe; of what was stored before, at most once; and of
 * nothing else.
 */
final class WatchedCheck implements Check {
  /** Then what a watcher has not been told of, it never is. */
  private static final long SETTLE_NANOS = 120_000_000_000L;

  @Override
  public void look(World world, Findings findings) {
    world.passUntil(
        () ->
            world.watchers().all().stream()
                .allMatch(each -> each.isReady() && isComplete(world, each)),
        SETTLE_NANOS);
    findings.expect(!world.watchers().all().isEmpty(), () -> "nobody has watched anything");
    for (Watchers.Watcher watcher : world.watchers().all()) {
      findings.expect(watcher.isReady(), () -> watcher + " has never begun");
      findings.expect(
          watcher.refusal().isEmpty(), () -> watcher + " can't go on: " + watcher.refusal());
      expectOnce(world, watcher, findings);
      for (Id item : watcher.seen()) {
        findings.expect(
            watcher.slice().contains(item) && world.ledger().isOrdered(item),
            () -> watcher + " was told of " + item + ", which is none of its business");
      }
    }
  }

  private static boolean isComplete(World world, Watchers.Watcher watcher) {
    return world.ledger().promises().stream()
        .allMatch(
            promise -> watcher.timesSeen(promise.entry().id()) >= due(world, watcher, promise));
  }

  private static void expectOnce(World world, Watchers.Watcher watcher, Findings findings) {
    for (Ledger.Promise promise : world.ledger().promises()) {
      Id item = promise.entry().id();
      int least = due(world, watcher, promise);
      int times = watcher.timesSeen(item);
      findings.expect(
          times >= least && times <= 1,
          () -> watcher + " was told of item " + item + " " + times + " times");
    }
  }

  private static int due(World world, Watchers.Watcher watcher, Ledger.Promise promise) {
    Id item = promise.entry().id();
    boolean isDue =
        watcher.slice().contains(item)
            && world.custody().isOwed(promise)
            && world.ledger().orderedAtNanos(item) > watcher.readySinceNanos();
    return isDue ? 1 : 0;
  }
}
