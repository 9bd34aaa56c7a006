package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;

/** Stores small items at an even rate, and notes when each was called for and acknowledged. */
final class Pace {
  private static final int ITEM_BYTES = 1024;

  /** Past so many unanswered the rate is not kept: the nodes are not that fast. */
  private static final int OUTSTANDING_MAX = 2048;

  /** What became of one store; times of {@link System#nanoTime}. */
  record Stored(Id id, long calledNanos, long acknowledgedNanos) {}

  private final Client client;
  private final Random random;
  private final Map<Id, Stored> stored = new ConcurrentHashMap<>();
  private final Set<Id> called = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final Semaphore outstanding = new Semaphore(OUTSTANDING_MAX);

  Pace(Client client, long seed) {
    this.client = client;
    this.random = new Random(seed);
  }

  /** Stores for some time, and returns when all is answered; items come with those before. */
  void run(int perSecond, double seconds) throws InterruptedException {
    long begin = System.nanoTime();
    int count = (int) (perSecond * seconds);
    for (int i = 0; i < count; i++) {
      long dueNanos = begin + TimeUnit.SECONDS.toNanos(i) / perSecond;
      while (System.nanoTime() < dueNanos) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      outstanding.acquire();
      store();
    }
    outstanding.acquire(OUTSTANDING_MAX);
    outstanding.release(OUTSTANDING_MAX);
  }

  private void store() {
    byte[] bytes = new byte[ITEM_BYTES];
    random.nextBytes(bytes);
    Id id = Id.sha256(Bytes.wrap(bytes));
    called.add(id);
    long calledNanos = System.nanoTime();
    CompletableFuture<?> unused =
        client
            .store(bytes)
            .whenComplete(
                (receipt, failure) -> {
                  if (failure == null) {
                    stored.put(id, new Stored(id, calledNanos, System.nanoTime()));
                  } else {
                    refusals.merge(failure.getMessage(), 1, Integer::sum);
                  }
                  outstanding.release();
                });
  }

  /** All that was acknowledged. */
  List<Stored> stored() {
    return new ArrayList<>(stored.values());
  }

  /** Whether anybody asked for an item to be stored. */
  boolean isCalled(Id id) {
    return called.contains(id);
  }

  /** Why stores were refused, and how many. */
  Map<String, Integer> refusals() {
    return Map.copyOf(refusals);
  }
}
