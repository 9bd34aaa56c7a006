package org.ringslice.tools.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Giving;
import org.ringslice.sync.Index;
import org.ringslice.sync.Session;
import org.ringslice.sync.Step;

/** One side of a session in memory, and what it cost. Confined to one thread. */
final class SyncSide {
  private static final EntryDigest NETWORK = new EntryDigest(1, 2);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final EntryInfo[] sorted;
  private final NavigableMap<Id, EntryInfo> added = new TreeMap<>();
  private final Index index;
  private final Session session;
  private final Queue<Bytes> outbox = new ArrayDeque<>();
  private long cpuNanos;
  private long sentBytes;
  private int messages;
  private boolean done;

  SyncSide(EntryInfo[] sorted, long seed) {
    this.sorted = sorted;
    index = Index.of(NETWORK, List.of(sorted));
    Arc all = Arc.wholeRing(Id.MAX);
    LongSupplier salts = new SplittableRandom(seed)::nextLong;
    // all in one session, however much that is: what is measured is what a session costs
    session = new Session(index, all, salts, Giving.BOTH, Integer.MAX_VALUE);
  }

  /** Compares and equalises two sides, the first of which begins. */
  static void reconcile(SyncSide a, SyncSide b) {
    a.act(() -> a.session.start(false), b);
    while (!a.outbox.isEmpty() || !b.outbox.isEmpty()) {
      SyncSide from = a.outbox.isEmpty() ? b : a;
      SyncSide to = from == a ? b : a;
      Bytes body = from.outbox.remove();
      to.act(() -> to.session.receive(body), from);
    }
    Arc all = Arc.wholeRing(Id.MAX);
    if (!a.done || !b.done || !a.index.summary(all).equals(b.index.summary(all))) {
      throw new IllegalStateException("the two sides did not become equal");
    }
  }

  private void act(Supplier<List<Step>> input, SyncSide peer) {
    long start = THREADS.getCurrentThreadCpuTime();
    List<Step> steps = input.get();
    cpuNanos += THREADS.getCurrentThreadCpuTime() - start;
    for (Step step : steps) {
      if (step instanceof Step.Send send) {
        sentBytes += send.body().size();
        messages++;
        outbox.add(send.body());
      } else if (step instanceof Step.NeedIds need) {
        List<EntryInfo> entries = read(need.arcs());
        act(() -> session.supply(entries), peer);
      } else if (step instanceof Step.Push push) {
        push.entries().forEach(peer::store);
      } else if (step instanceof Step.GaveUp end) {
        throw new IllegalStateException(end.sentence());
      } else if (step instanceof Step.Done) {
        done = true;
      } else {
        throw new IllegalStateException("a session of the benchmark ended in " + step);
      }
    }
  }

  private void store(EntryInfo entry) {
    int at = insertion(entry.id());
    boolean known = at < sorted.length && sorted[at].id().equals(entry.id());
    if (!known && added.put(entry.id(), entry) == null) {
      index.add(entry);
      index.crowded().ifPresent(this::split);
    }
  }

  private void split(Arc leaf) {
    index.split(leaf, read(List.of(leaf)));
  }

  /**
   * The arcs of an index's leaves do not pass zero, and neither does the whole ring from its end.
   */
  private List<EntryInfo> read(List<Arc> arcs) {
    List<EntryInfo> entries = new ArrayList<>();
    for (Arc arc : arcs) {
      Id first = arc.from().next();
      int from = insertion(first);
      int to = arc.to().equals(Id.MAX) ? sorted.length : insertion(arc.to().next());
      entries.addAll(Arrays.asList(sorted).subList(from, to));
      entries.addAll(added.subMap(first, true, arc.to(), true).values());
    }
    return entries;
  }

  private int insertion(Id id) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle].id().compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  double cpuMillis() {
    return cpuNanos / 1e6;
  }

  long sentBytes() {
    return sentBytes;
  }

  int messages() {
    return messages;
  }

  double indexBytesPerEntry() {
    return (double) index.heapBytes() / Math.max(1, index.size());
  }
}
