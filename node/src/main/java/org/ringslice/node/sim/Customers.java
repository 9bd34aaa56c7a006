package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;

/**
 * People who store things, at nodes and through clients, and insist: what was refused, or got no
 * answer because the node was killed, they store again elsewhere, with the same bytes.
 */
final class Customers {
  /** Entries of one Store, at most. */
  private static final int BATCH_MAX = 4;

  /** Most items are small, a few are large. */
  private static final int SMALL_BYTES_MAX = 512;

  private static final int LARGE_BYTES_MAX = 32 << 10;
  private static final int LARGE_ONE_IN = 50;

  /**
   * One item in so many is stored a second time, by somebody who does not know that it is there.
   */
  private static final int AGAIN_ONE_IN = 20;

  /** Then a customer gives up. With the pause, and 15 s for each refusal, that is minutes. */
  private static final int ATTEMPTS_MAX = 30;

  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final World world;
  private final Ledger ledger;
  private final SplittableRandom random;
  private final List<String> disappointed = new ArrayList<>();
  private int ordered;
  private int waiting;

  Customers(World world, Ledger ledger, SplittableRandom random) {
    this.world = world;
    this.ledger = ledger;
    this.random = random;
  }

  /** Orders so many items to be stored, at moments drawn from the time that comes. */
  void store(int count, long overNanos) {
    int left = count;
    while (left > 0) {
      List<Entry> entries = new ArrayList<>();
      for (int size = Math.min(left, 1 + random.nextInt(BATCH_MAX)); size > 0; size--) {
        entries.add(newItem());
      }
      left -= entries.size();
      place(entries, random.nextLong(overNanos + 1));
      if (random.nextInt(AGAIN_ONE_IN) == 0) {
        place(entries, random.nextLong(overNanos + 1));
      }
    }
  }

  private void place(List<Entry> entries, long delayNanos) {
    Order order = new Order(entries);
    waiting++;
    ordered++;
    world.agenda().after(delayNanos, order::attempt);
  }

  private Entry newItem() {
    int sizeMax = random.nextInt(LARGE_ONE_IN) == 0 ? LARGE_BYTES_MAX : SMALL_BYTES_MAX;
    byte[] bytes = new byte[random.nextInt(sizeMax + 1)];
    random.nextBytes(bytes);
    return Entry.blob(Bytes.wrap(bytes));
  }

  /** Stores that were ordered so far. */
  int ordered() {
    return ordered;
  }

  /** Stores that are neither acknowledged nor given up. */
  int waiting() {
    return waiting;
  }

  /** Stores that were given up, each with the last reason. */
  List<String> disappointed() {
    return List.copyOf(disappointed);
  }

  private final class Order {
    private List<Entry> entries;
    private int attempts;
    private String trouble = "no node was running";

    Order(List<Entry> entries) {
      this.entries = entries;
    }

    void attempt() {
      Optional<Host> counter = world.anyCounter();
      if (counter.isEmpty()) {
        again();
      } else {
        entries.forEach(ledger::ordered);
        Message.Request request = new Message.Store(entries, Message.Intent.KEEP);
        int life = counter.get().life();
        counter.get().ask(request, reply -> replied(counter.get(), life, reply));
      }
    }

    private void replied(Host counter, int life, Message reply) {
      if (reply instanceof Message.Stored stored) {
        entries = refused(stored.receipts());
        if (entries.isEmpty()) {
          waiting--;
          return;
        }
      } else {
        trouble = ((Message.Failure) reply).sentence();
        world.complained(counter, life);
      }
      again();
    }

    private List<Entry> refused(List<Receipt> receipts) {
      List<Entry> refused = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        Receipt receipt = receipts.get(i);
        if (receipt.outcome() == Receipt.Outcome.REFUSED) {
          trouble = receipt.why();
          refused.add(entries.get(i));
        } else {
          ledger.acknowledged(entries.get(i), receipt);
        }
      }
      return refused;
    }

    private void again() {
      if (++attempts < ATTEMPTS_MAX) {
        world.agenda().after(random.nextLong(PAUSE_NANOS), this::attempt);
      } else {
        waiting--;
        disappointed.add("item " + entries.get(0).id() + " was never stored: " + trouble);
      }
    }
  }
}
