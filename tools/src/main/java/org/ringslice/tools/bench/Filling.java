package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;

/** Fills a node with random items of one size, each other than all before. For one thread. */
final class Filling {
  private static final int OUTSTANDING = 16;

  private final int itemBytes;
  private final int batchMax;
  private final Random random = new Random(11);

  Filling(int itemBytes) {
    this.itemBytes = itemBytes;
    batchMax = Math.min(Limits.BATCH_ENTRIES_MAX, Limits.BATCH_BYTES_MAX / 2 / itemBytes);
  }

  /** Stores so many new items; returns the nanoseconds that it took. */
  long store(String endpoint, int count) {
    long begin = System.nanoTime();
    try (RawLink link = RawLink.open(RttBench.endpoint(endpoint), Lane.BULK)) {
      int sent = 0;
      int outstanding = 0;
      while (sent < count || outstanding > 0) {
        if (sent < count && outstanding < OUTSTANDING) {
          int batch = Math.min(batchMax, count - sent);
          link.send(new Message.Store(entries(batch), Message.Intent.KEEP));
          sent += batch;
          outstanding++;
        } else {
          expectStored(link.receive().message());
          outstanding--;
        }
      }
    }
    return System.nanoTime() - begin;
  }

  private List<Entry> entries(int count) {
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[itemBytes];
      random.nextBytes(bytes);
      entries.add(Entry.blob(Bytes.wrap(bytes)));
    }
    return entries;
  }

  private static void expectStored(Message answer) {
    boolean all =
        answer instanceof Message.Stored stored
            && stored.receipts().stream()
                .allMatch(receipt -> receipt.outcome() == Receipt.Outcome.STORED);
    if (!all) {
      throw new IllegalStateException("not stored: " + answer);
    }
  }
}
