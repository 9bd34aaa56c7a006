package org.ringslice.node.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Takes the first cursor of a slice, and no more. */
final class SliceBeginning implements Flow.Subscriber<Cursor> {
  private final CompletableFuture<Cursor> cursor = new CompletableFuture<>();
  private Flow.Subscription subscription;

  CompletableFuture<Cursor> cursor() {
    return cursor;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(Cursor first) {
    subscription.cancel();
    cursor.complete(first);
  }

  @Override
  public void onError(Throwable failure) {
    cursor.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {}
}
