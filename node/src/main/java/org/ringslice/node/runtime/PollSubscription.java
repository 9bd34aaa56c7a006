package org.ringslice.node.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * One subscriber of what is told by long polls. Whatever happens to it is a step; steps run one
 * after the other, on the executor, whoever brings them, so that only a step touches the state and
 * calls the subscriber. One answer is in memory at most, and one question underway. A node that was
 * reached once and is lost is asked again until it is back, whether it has answered yet or not.
 */
final class PollSubscription<T> implements Flow.Subscription {
  /** After a failure; it doubles up to {@link #PAUSE_MILLIS_MAX}. A guess. */
  private static final long PAUSE_MILLIS_MIN = 100;

  private static final long PAUSE_MILLIS_MAX = 2_000;

  private final Flow.Subscriber<? super T> subscriber;
  private final Line line;
  private final Poll<T> poll;
  private final Connection connection;
  private final Executor executor;

  private final ConcurrentLinkedQueue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger stepsDue = new AtomicInteger();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean ended;

  // of the steps
  private final ArrayDeque<T> page = new ArrayDeque<>();
  private boolean isAsking;
  private boolean isLost;
  private long pauseMillis = PAUSE_MILLIS_MIN;

  PollSubscription(
      Flow.Subscriber<? super T> subscriber,
      Line line,
      Poll<T> poll,
      Connection connection,
      Executor executor) {
    this.subscriber = subscriber;
    this.line = line;
    this.poll = poll;
    this.connection = connection;
    this.executor = executor;
  }

  void begin() {
    step(() -> subscriber.onSubscribe(this));
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      step(() -> fail(new IllegalArgumentException("asked for " + count + " more")));
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
    boolean isDue = page.isEmpty() && (demand.get() > 0 || poll.isBeginning());
    if (!ended && isDue && !isAsking) {
      ask();
    }
  }

  private void ask() {
    isAsking = true;
    CompletableFuture<?> unused =
        line.ask(poll.question())
            .whenComplete((answer, failure) -> step(() -> onReply(answer, failure)));
  }

  private void onReply(Message.Answer answer, Throwable failure) {
    if (failure == null) {
      isAsking = false;
      onAnswer(answer);
    } else if (failure instanceof RefusedException refused && refused.mayPass()) {
      onLoss(refused);
    } else {
      fail(failure);
    }
  }

  private void onAnswer(Message.Answer answer) {
    pauseMillis = PAUSE_MILLIS_MIN;
    if (isLost) {
      isLost = false;
      connection.back();
    }
    page.addAll(poll.take(answer));
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
