package org.ringslice.tools.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;
import org.ringslice.node.runtime.Connection;
import org.ringslice.node.runtime.Cursor;
import org.ringslice.node.runtime.SliceChange;
import org.ringslice.node.runtime.SliceWatch;

/**
 * How long after its call a store is told to a watcher at another node, beside its own
 * acknowledgement; and whether each is told exactly once when the watcher and a holder are killed.
 */
final class WatchBench {
  private static final int NODES = 3;
  private static final double WARM_UP_SECONDS = 5;
  private static final double LATENCY_SECONDS = 15;
  private static final long SETTLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final List<Arc> ALL = List.of(Arc.wholeRing(Id.MAX));

  private final Figures figures;
  private final PrintStream out;
  private final int perSecond;
  private final double seconds;

  WatchBench(Figures figures, PrintStream out, int perSecond, double seconds) {
    this.figures = figures;
    this.out = out;
    this.perSecond = perSecond;
    this.seconds = seconds;
  }

  void run() throws Exception {
    latency();
    if (seconds > 0) {
      WatchTrial.Outcome outcome = new WatchTrial(perSecond, seconds).run();
      out.printf(
          Locale.ROOT,
          "watcher killed 3 times, a holder once: %,d stored (%.0f/s), %d missed, %d told twice,"
              + " %d of nobody; refused: %s%n",
          outcome.stored(),
          outcome.perSecond(),
          outcome.missed().size(),
          outcome.repeated().size(),
          outcome.alien().size(),
          outcome.refusals());
      if (!outcome.isExact()) {
        throw new IllegalStateException("not every item was told of exactly once");
      }
    }
  }

  private void latency() throws Exception {
    try (BenchNodes nodes = new BenchNodes(NODES, 2);
        Client customer = Client.of(nodes.endpoint(1));
        Client reader = Client.of(nodes.endpoint(0))) {
      Cursor now = reader.cursor(ALL).join();
      Told told = new Told();
      Executor sameThread = Runnable::run;
      new SliceWatch(reader.line(), ALL, Optional.of(now), Connection.UNNOTICED, sameThread)
          .subscribe(told);
      new Pace(customer, 1).run(perSecond, WARM_UP_SECONDS);
      Pace pace = new Pace(customer, 2);
      pace.run(perSecond, LATENCY_SECONDS);
      report(pace.stored(), told);
      told.subscription.cancel();
    }
  }

  private void report(List<Pace.Stored> stored, Told told) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE_NANOS_MAX;
    Sample acknowledged = new Sample();
    Sample watched = new Sample();
    for (Pace.Stored each : stored) {
      while (!told.atNanos.containsKey(each.id()) && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      Long toldNanos = told.atNanos.get(each.id());
      if (toldNanos == null) {
        throw new IllegalStateException("the watcher was not told of item " + each.id());
      }
      acknowledged.add(each.acknowledgedNanos() - each.calledNanos());
      watched.add(toldNanos - each.calledNanos());
    }
    String params = "1 KiB, " + NODES + " copies, durable, from the call of store";
    double rate = stored.size() / LATENCY_SECONDS;
    figures.operations("acknowledged", params, rate, acknowledged);
    figures.operations("watched", params + ", at another node", rate, watched);
  }

  /** When the watcher was told of what. */
  private static final class Told implements Flow.Subscriber<SliceChange> {
    private final Map<Id, Long> atNanos = new ConcurrentHashMap<>();
    private volatile Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(SliceChange change) {
      atNanos.put(change.entry().id(), System.nanoTime());
    }

    @Override
    public void onError(Throwable failure) {
      failure.printStackTrace();
    }

    @Override
    public void onComplete() {}
  }
}
