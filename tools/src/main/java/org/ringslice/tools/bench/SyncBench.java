package org.ringslice.tools.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/**
 * What a session costs over a grid of sets: n entries and d differences. CPU is of both sides
 * together, with the index there and the ids in memory.
 */
final class SyncBench {
  private static final int[] DIFFERING = {0, 1, 2, 10, 100, 1000, 10_000, 100_000};
  private static final int WARM_UP_ENTRIES = 20_000;
  private static final int WARM_UP_RUNS = 10;

  private final PrintStream out;
  private final boolean json;
  private final int runs;
  private final boolean clustered;

  SyncBench(PrintStream out, boolean json, int runs, boolean clustered) {
    this.out = out;
    this.json = json;
    this.runs = runs;
    this.clustered = clustered;
  }

  void run(int... entries) {
    for (int i = 0; i < WARM_UP_RUNS; i++) {
      measure(new SyncCase(WARM_UP_ENTRIES, SyncCase.Shape.BOTH, 400), i);
      measure(new SyncCase(WARM_UP_ENTRIES, SyncCase.Shape.HALF, WARM_UP_ENTRIES / 2), i);
    }
    if (!json) {
      out.printf(
          Locale.ROOT,
          "%9s %-6s %8s %10s %11s %8s %10s %11s %10s %10s%n",
          "entries",
          "shape",
          "differ",
          "bytes",
          "round trips",
          "CPU ms",
          "riblt",
          "negentropy",
          "prototype",
          "bound");
    }
    for (int n : entries) {
      for (int d : DIFFERING) {
        if (d <= n) {
          show(new SyncCase(n, SyncCase.Shape.BOTH, d));
        }
      }
      show(new SyncCase(n, SyncCase.Shape.HALF, n / 2));
      show(new SyncCase(n, SyncCase.Shape.EMPTY, n));
      new SyncIndexBench(out, json).run(n);
    }
  }

  /** The means over some seeds; of round trips the most. */
  private record Cost(double bytes, int messages, double cpuMillis, double indexBytes) {}

  private void show(SyncCase each) {
    double bytes = 0;
    double cpuMillis = 0;
    int messages = 0;
    double indexBytes = 0;
    for (int seed = 0; seed < runs; seed++) {
      Cost cost = measure(each, seed);
      bytes += cost.bytes() / runs;
      cpuMillis += cost.cpuMillis() / runs;
      messages = Math.max(messages, cost.messages());
      indexBytes = Math.max(indexBytes, cost.indexBytes());
    }
    print(each, new Cost(bytes, messages, cpuMillis, indexBytes));
  }

  private void print(SyncCase each, Cost cost) {
    SyncAnchors anchors = SyncAnchors.of(each);
    String format =
        json
            ? "{\"workload\":\"sync\",\"entries\":%d,\"shape\":\"%s\",\"differing\":%d,"
                + "\"bytes\":%.0f,\"round_trips\":%.1f,\"cpu_ms\":%.2f,\"riblt_bytes\":%d,"
                + "\"negentropy_bytes\":%d,\"prototype_bytes\":%d,\"bound_bytes\":%.0f,"
                + "\"index_bytes_per_entry\":%.2f}%n"
            : "%9d %-6s %8d %10.0f %11.1f %8.1f %10d %11d %10d %10.0f   index %.1f B/entry%n";
    out.printf(
        Locale.ROOT,
        format,
        each.entries(),
        each.shape().name().toLowerCase(Locale.ROOT),
        each.differing(),
        cost.bytes(),
        cost.messages() / 2.0,
        cost.cpuMillis(),
        anchors.riblt(),
        anchors.negentropy(),
        anchors.prototype(),
        each.boundBytes(),
        cost.indexBytes());
  }

  private Cost measure(SyncCase each, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int common = each.common();
    EntryInfo[] all = new EntryInfo[common + each.differing()];
    Arrays.setAll(all, i -> new EntryInfo(id(random), Kind.BLOB, 0, true, 1));
    int endOfHere = common + each.onlyHere();
    EntryInfo[] there = Arrays.copyOf(all, common + each.onlyThere());
    System.arraycopy(all, endOfHere, there, common, each.onlyThere());
    SyncSide a = new SyncSide(sorted(Arrays.copyOf(all, endOfHere)), random.nextLong());
    SyncSide b = new SyncSide(sorted(there), random.nextLong());
    SyncSide.reconcile(a, b);
    return new Cost(
        a.sentBytes() + b.sentBytes(),
        a.messages() + b.messages(),
        a.cpuMillis() + b.cpuMillis(),
        b.indexBytesPerEntry());
  }

  private Id id(SplittableRandom random) {
    long a = random.nextLong();
    long b = random.nextLong();
    return Id.ofWords(clustered ? 3 : a, clustered ? 5 : b, random.nextLong(), random.nextLong());
  }

  /** In the order of their ids in memory as well, as a store would read them. */
  private static EntryInfo[] sorted(EntryInfo[] entries) {
    Arrays.sort(entries, (x, y) -> x.id().compareTo(y.id()));
    EntryInfo[] fresh = new EntryInfo[entries.length];
    for (int i = 0; i < fresh.length; i++) {
      Id id = entries[i].id();
      Id copy = Id.ofWords(id.word(0), id.word(1), id.word(2), id.word(3));
      fresh[i] = new EntryInfo(copy, Kind.BLOB, 0, true, 1);
    }
    return fresh;
  }
}
