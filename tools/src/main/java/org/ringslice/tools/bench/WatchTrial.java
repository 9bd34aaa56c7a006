package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;

/**
 * Three nodes, to which is stored at an even rate, and a watcher that is killed and resumed three
 * times while a holder is killed once and comes back: it is to be told of every item exactly once.
 */
public final class WatchTrial {
  private static final int NODES = 3;
  private static final int WATCHER_KILLS = 3;

  /** From the last store until the watcher has been told of all. */
  private static final long SETTLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  /**
   * How it went.
   *
   * @param stored items that were acknowledged
   * @param refusals why others were not
   * @param missed of the stored, those that the watcher was not told of
   * @param repeated those that it was told of more than once
   * @param alien those that it was told of and nobody had stored
   */
  public record Outcome(
      int stored,
      Map<String, Integer> refusals,
      List<Id> missed,
      List<Id> repeated,
      List<Id> alien,
      double perSecond) {
    /** Whether each item was told of exactly once. */
    public boolean isExact() {
      return stored > 0 && missed.isEmpty() && repeated.isEmpty() && alien.isEmpty();
    }
  }

  private final int perSecond;
  private final double seconds;

  /**
   * @param perSecond stores
   */
  public WatchTrial(int perSecond, double seconds) {
    this.perSecond = perSecond;
    this.seconds = seconds;
  }

  /** Runs it on nodes of its own on this machine. */
  public Outcome run() throws Exception {
    try (BenchNodes nodes = new BenchNodes(NODES, 2);
        Client customer = Client.of(nodes.endpoint(1));
        Client reader = Client.of(nodes.endpoint(0));
        WatcherProcess watcher =
            new WatcherProcess(
                nodes.endpoint(0),
                nodes.folder(),
                reader.cursor(List.of(Arc.wholeRing(Id.MAX))).join())) {
      watcher.start();
      Pace pace = new Pace(customer, 7);
      long begin = System.nanoTime();
      CompletableFuture<Void> faults = CompletableFuture.runAsync(() -> befall(nodes, watcher));
      pace.run(perSecond, seconds);
      double took = (System.nanoTime() - begin) / 1e9;
      faults.join();
      awaitAll(watcher, pace.stored().size());
      return outcome(pace, watcher.told(), took);
    }
  }

  /** Everything goes wrong once, and the watcher three times. */
  private void befall(BenchNodes nodes, WatcherProcess watcher) {
    long stepMillis = (long) (1000 * seconds / (2 * WATCHER_KILLS + 1));
    try {
      for (int i = 0; i < WATCHER_KILLS; i++) {
        TimeUnit.MILLISECONDS.sleep(stepMillis);
        watcher.kill();
        if (i == 0) {
          nodes.kill(NODES - 1);
        }
        TimeUnit.MILLISECONDS.sleep(stepMillis);
        watcher.start();
        if (i == 1) {
          nodes.restart(NODES - 1);
        }
      }
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private static void awaitAll(WatcherProcess watcher, int count) throws Exception {
    long deadline = System.nanoTime() + SETTLE_NANOS_MAX;
    while (watcher.told().size() < count && System.nanoTime() < deadline && watcher.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
    if (!watcher.isAlive()) {
      throw new IllegalStateException("the watcher has ended: " + watcher.log());
    }
  }

  private static Outcome outcome(Pace pace, List<Id> told, double seconds) {
    Map<Id, Integer> times = new HashMap<>();
    told.forEach(id -> times.merge(id, 1, Integer::sum));
    List<Id> missed = new ArrayList<>();
    for (Pace.Stored stored : pace.stored()) {
      if (Optional.ofNullable(times.get(stored.id())).isEmpty()) {
        missed.add(stored.id());
      }
    }
    List<Id> repeated = times.keySet().stream().filter(id -> times.get(id) > 1).toList();
    List<Id> alien = times.keySet().stream().filter(id -> !pace.isCalled(id)).toList();
    int stored = pace.stored().size();
    return new Outcome(stored, pace.refusals(), missed, repeated, alien, stored / seconds);
  }
}
