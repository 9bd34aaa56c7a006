package org.ringslice.tools.bench;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;

/**
 * Small items, many outstanding, two nodes: durable stores a second, and reads of what was stored.
 */
final class StoreBench {
  private static final int ITEM_BYTES = 1024;
  private static final int NODES = 2;

  private final Figures figures;
  private final int count;
  private final int outstanding;

  StoreBench(Figures figures, int count, int outstanding) {
    this.figures = figures;
    this.count = count;
    this.outstanding = outstanding;
  }

  /** Stores, and then reads too when asked. */
  void run(boolean alsoGet) throws Exception {
    try (BenchNodes nodes = new BenchNodes(NODES, 2)) {
      Endpoint endpoint = RttBench.endpoint(nodes.endpoint(0));
      try (RawLink bulk = RawLink.open(endpoint, Lane.BULK)) {
        Random random = new Random(7);
        Id[] ids = new Id[count];
        stores(bulk, random, new Id[count / 4], new Sample());
        Sample sample = new Sample();
        double seconds = stores(bulk, random, ids, sample);
        String params = "1 KiB, " + NODES + " copies, durable, " + outstanding + " outstanding";
        figures.operations("store", params, count / seconds, sample);
        if (alsoGet) {
          Sample gets = new Sample();
          double getSeconds = gets(bulk, ids, gets);
          figures.operations(
              "get", "1 KiB, " + outstanding + " outstanding", count / getSeconds, gets);
        }
      }
    }
  }

  private double stores(RawLink bulk, Random random, Id[] ids, Sample sample) {
    return pipeline(
        bulk,
        ids.length,
        sample,
        i -> {
          byte[] bytes = new byte[ITEM_BYTES];
          random.nextBytes(bytes);
          Entry entry = Entry.blob(Bytes.wrap(bytes));
          ids[i] = entry.id();
          return new Message.Store(List.of(entry), Message.Intent.KEEP);
        });
  }

  private double gets(RawLink bulk, Id[] ids, Sample sample) {
    return pipeline(bulk, ids.length, sample, i -> new Message.GetItem(ids[i], 0));
  }

  private interface Requests {
    Message.Request at(int index);
  }

  /** Returns the seconds that it took. */
  private double pipeline(RawLink link, int requests, Sample sample, Requests source) {
    TreeMap<Long, Long> sentAt = new TreeMap<>();
    long start = System.nanoTime();
    int sent = 0;
    for (int received = 0; received < requests; received++) {
      while (sent < requests && sentAt.size() < outstanding) {
        Message.Request request = source.at(sent++);
        long now = System.nanoTime();
        sentAt.put(link.send(request), now);
      }
      Envelope answer = link.receive();
      sample.add(System.nanoTime() - sentAt.remove(answer.header().processingId()));
      expectDone(answer.message());
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void expectDone(Message answer) {
    if (answer instanceof Message.ItemIs) {
      return;
    }
    if (answer instanceof Message.Stored stored) {
      Receipt receipt = stored.receipts().get(0);
      if (receipt.copies() == NODES) {
        return;
      }
    }
    throw new IllegalStateException("not done: " + answer);
  }
}
