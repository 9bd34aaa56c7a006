package org.ringslice.node.files;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;

/**
 * On how many nodes each of the parts of a store is durable, at least, against what was demanded.
 * The parts that have too few copies are remembered and asked for again, by which their holders
 * also mend them. One thread at a time.
 */
public final class CopyCount {
  /** Parts that are remembered, 16 MB of them; past that there is no waiting for any. */
  static final int LACKING_MAX = 65_536;

  /** Between two questions. A guess: a mended copy takes about as long. */
  private static final long PAUSE_MILLIS = 250;

  private final CopyDemand demand;
  private final Map<Id, Receipt> lacking = new LinkedHashMap<>();
  private boolean isOverfull;
  private Receipt least;
  private int wanted;

  public CopyCount(CopyDemand demand) {
    this.demand = demand;
  }

  /** Takes what was told of a part last. */
  public void note(Receipt receipt) {
    wanted = Math.max(wanted, receipt.wanted());
    if (receipt.copies() >= demand.min()) {
      lacking.remove(receipt.id());
    } else if (lacking.size() < LACKING_MAX || lacking.containsKey(receipt.id())) {
      lacking.put(receipt.id(), receipt);
      return;
    } else {
      isOverfull = true;
    }
    if (least == null || receipt.copies() < least.copies()) {
      least = receipt;
    }
  }

  /** Of the part that has the fewest copies, some part having been noted. */
  public Receipt least() {
    return Stream.concat(lacking.values().stream(), Stream.ofNullable(least))
        .min(Comparator.comparingInt(Receipt::copies))
        .orElseThrow();
  }

  /** On how many nodes each part should be. */
  public int wanted() {
    return wanted;
  }

  public boolean isEnough() {
    return lacking.isEmpty() && !isOverfull;
  }

  /**
   * Whether copies that lack may still come: more than an item is to have never do. Nodes that died
   * since the store began may be back soon.
   */
  private boolean isWorthWaiting() {
    return !isEnough() && !isOverfull && wanted >= demand.min();
  }

  /** Completes when there are enough copies, or it is no use to wait for them any longer. */
  public CompletableFuture<Void> settle(Line line) {
    return settle(line, System.nanoTime() + demand.patience().toNanos());
  }

  private CompletableFuture<Void> settle(Line line, long deadlineNanos) {
    if (!isWorthWaiting() || System.nanoTime() - deadlineNanos >= 0) {
      return CompletableFuture.completedFuture(null);
    }
    Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, later)
        .thenCompose(none -> ask(line, new ArrayList<>(lacking.keySet())))
        .thenCompose(none -> settle(line, deadlineNanos));
  }

  /** Asks where they are, a batch after the other. A question that fails is asked again later. */
  private CompletableFuture<Void> ask(Line line, List<Id> ids) {
    if (ids.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    int size = Math.min(ids.size(), Limits.BATCH_ENTRIES_MAX);
    Message.HaveItems question = new Message.HaveItems(ids.subList(0, size), Message.Scope.RING);
    return line.ask(question)
        .thenAccept(answer -> ((Message.HaveThese) answer).receipts().forEach(this::note))
        .exceptionally(refused -> null)
        .thenCompose(none -> ask(line, ids.subList(size, ids.size())));
  }

  /** Why there are not enough: what was reached, and what to do. */
  public TooFewCopiesException refusal(StoredFile stored) {
    return new TooFewCopiesException(least(), wanted, demand, stored);
  }
}
