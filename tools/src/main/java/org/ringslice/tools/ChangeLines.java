package org.ringslice.tools;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.SliceChange;

/**
 * Prints the changes of a slice, one a line, as they come. Asks for more when half of what was
 * asked for is printed, so that a reader that is slow, or stopped, holds back the asking.
 */
final class ChangeLines implements Flow.Subscriber<SliceChange> {
  /** Changes that may have come and not been printed. */
  private static final int AHEAD_MAX = 1024;

  /** A change, or why there will be none any more. */
  private record Arrival(SliceChange change, Throwable end) {}

  private final Results results;
  private final boolean json;

  // one place more, for the end
  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(AHEAD_MAX + 1);
  private volatile Flow.Subscription subscription;

  ChangeLines(Results results, boolean json) {
    this.results = results;
    this.json = json;
  }

  /** Prints so many changes, or until it can't go on. */
  void print(Flow.Publisher<SliceChange> changes, long countMax) throws IOException {
    changes.subscribe(this);
    int unasked = 0;
    for (long printed = 0; printed < countMax; printed++) {
      results.line(WatchCommand.line(next(), json));
      if (arrivals.isEmpty()) {
        results.flush();
      }
      if (++unasked == AHEAD_MAX / 2) {
        subscription.request(unasked);
        unasked = 0;
      }
    }
    subscription.cancel();
  }

  private SliceChange next() {
    Arrival arrival;
    try {
      arrival = arrivals.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
    if (arrival.end() instanceof RefusedException refused) {
      throw refused;
    } else if (arrival.end() != null) {
      throw new IllegalStateException(arrival.end());
    }
    return arrival.change();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(AHEAD_MAX);
  }

  @Override
  public void onNext(SliceChange change) {
    arrivals.add(new Arrival(change, null));
  }

  @Override
  public void onError(Throwable failure) {
    arrivals.add(new Arrival(null, failure));
  }

  @Override
  public void onComplete() {}
}
