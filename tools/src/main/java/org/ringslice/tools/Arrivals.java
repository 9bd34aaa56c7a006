package org.ringslice.tools;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.ErrorCode;
import org.ringslice.node.port.RefusedException;

/**
 * What a node tells of, as changes of a slice, to be taken one after the other by one thread. Asks
 * for more when half of what was asked for is taken, so that who takes slowly, or not at all, holds
 * back the asking.
 */
final class Arrivals<T> implements Flow.Subscriber<T> {
  /** Those that may have come and not been taken. */
  private static final int AHEAD_MAX = 1024;

  /** One of them, or why there will be none any more. */
  private record Arrival<T>(T told, Throwable end) {}

  // one place more, for the end
  private final BlockingQueue<Arrival<T>> arrivals = new ArrayBlockingQueue<>(AHEAD_MAX + 1);
  private volatile Flow.Subscription subscription;
  private int taken;

  private Arrivals() {}

  static <T> Arrivals<T> of(Flow.Publisher<T> publisher) {
    Arrivals<T> arrivals = new Arrivals<>();
    publisher.subscribe(arrivals);
    return arrivals;
  }

  /** The next one, as soon as there is one. */
  T next() {
    return next(Long.MAX_VALUE);
  }

  /** The next one, if it comes within a time. */
  T next(long nanosMax) {
    Arrival<T> arrival;
    try {
      arrival = arrivals.poll(nanosMax, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
    if (arrival == null) {
      throw new RefusedException(ErrorCode.TIMED_OUT, "nothing was told of in time");
    } else if (arrival.end() instanceof RefusedException refused) {
      throw refused;
    } else if (arrival.end() != null) {
      throw new IllegalStateException(arrival.end());
    }
    if (++taken == AHEAD_MAX / 2) {
      subscription.request(taken);
      taken = 0;
    }
    return arrival.told();
  }

  /** Whether the next one is not there yet. */
  boolean isEmpty() {
    return arrivals.isEmpty();
  }

  /** No more are wanted. */
  void cancel() {
    subscription.cancel();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(AHEAD_MAX);
  }

  @Override
  public void onNext(T told) {
    arrivals.add(new Arrival<>(told, null));
  }

  @Override
  public void onError(Throwable failure) {
    arrivals.add(new Arrival<>(null, failure));
  }

  @Override
  public void onComplete() {}
}
