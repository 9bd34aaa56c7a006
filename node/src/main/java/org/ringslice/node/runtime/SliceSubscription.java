package org.ringslice.node.runtime;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * One subscriber of a slice. Whatever happens to it is a step; steps run one after the other, on
 * the executor, whoever brings them, so that only a step touches the state and calls the
 * subscriber. One page of changes is in memory at most, and one question underway.
 */
final class SliceSubscription implements Flow.Subscription {
  /** After a failure; it doubles up to {@link #PAUSE_MILLIS_MAX}. A guess. */
  private static final long PAUSE_MILLIS_MIN = 100;

  private static final long PAUSE_MILLIS_MAX = 2_000;

  private final Flow.Subscriber<? super SliceChange> subscriber;
  private final Line line;
  private final List<Arc> slice;
  private final SliceWatch.Connection connection;
  private final Executor executor;

  private final ConcurrentLinkedQueue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger stepsDue = new AtomicInteger();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean ended;

  // of the steps
  private final ArrayDeque<SliceChange> page = new ArrayDeque<>();
  private Cursor cursor;
  private boolean isAsking;
  private boolean wasAnswered;
  private boolean isLost;
  private long pauseMillis = PAUSE_MILLIS_MIN;

  SliceSubscription(
      Flow.Subscriber<? super SliceChange> subscriber,
      Line line,
      List<Arc> slice,
      Optional<Cursor> since,
      SliceWatch.Connection connection,
      Executor executor) {
    this.subscriber = subscriber;
    this.line = line;
    this.slice = slice;
    this.cursor = since.orElse(null);
    this.connection = connection;
    this.executor = executor;
  }

  void begin() {
    step(() -> subscriber.onSubscribe(this));
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      step(() -> fail(new IllegalArgumentException("asked for " + count + " changes")));
      return;
    }
    demand.accumulateAndGet(count, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
    step(() -> {});
  }

  @Override
  public void cancel() {
    ended = true;
  }

  private void step(Runnable step) {
    steps.add(step);
    if (stepsDue.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  private void run() {
    do {
      Runnable step = steps.remove();
      if (!ended) {
        step.run();
        proceed();
      }
    } while (stepsDue.decrementAndGet() > 0);
  }

  /** Tells what there is while it is asked for, then asks for more. */
  private void proceed() {
    while (!ended && demand.get() > 0 && !page.isEmpty()) {
      demand.decrementAndGet();
      subscriber.onNext(page.poll());
    }
    // who begins now asks before anything is demanded: from then on nothing is missed
    boolean isDue = page.isEmpty() && (demand.get() > 0 || cursor == null);
    if (!ended && isDue && !isAsking) {
      ask();
    }
  }

  private void ask() {
    isAsking = true;
    CompletableFuture<?> unused =
        line.ask(question(slice, Optional.ofNullable(cursor)))
            .whenComplete((answer, failure) -> step(() -> onReply(answer, failure)));
  }

  static Message.Watch question(List<Arc> slice, Optional<Cursor> since) {
    Cursor after = since.orElse(new Cursor(0, 0));
    return new Message.Watch(slice, after.journal(), after.sequence(), Message.Scope.RING);
  }

  private void onReply(Message.Answer answer, Throwable failure) {
    if (failure == null) {
      isAsking = false;
      onSignals((Message.Signals) answer);
    } else if (failure instanceof RefusedException refused && wasAnswered && isPassing(refused)) {
      onLoss(refused);
    } else {
      fail(failure);
    }
  }

  /** A node that is closed does not come back; what it says of itself is its program's affair. */
  private static boolean isPassing(RefusedException refused) {
    return refused.code().isWorthRetrying() && refused.code() != ErrorCode.STOPPING;
  }

  private void onSignals(Message.Signals signals) {
    wasAnswered = true;
    pauseMillis = PAUSE_MILLIS_MIN;
    if (isLost) {
      isLost = false;
      connection.back();
    }
    for (Message.Signal signal : signals.changes()) {
      page.add(new SliceChange(signal.entry(), new Cursor(signals.journal(), signal.sequence())));
    }
    if (cursor != null || signals.ready()) {
      cursor = new Cursor(signals.journal(), signals.next());
    }
  }

  private void onLoss(RefusedException refused) {
    if (!isLost) {
      isLost = true;
      connection.lost(refused.getMessage());
    }
    CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS, executor)
        .execute(() -> step(() -> isAsking = false));
    pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
  }

  private void fail(Throwable failure) {
    ended = true;
    page.clear();
    subscriber.onError(failure);
  }
}
