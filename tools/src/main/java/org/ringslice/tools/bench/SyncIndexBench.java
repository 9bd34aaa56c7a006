package org.ringslice.tools.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

/** How long an index takes to build from entries in memory, to save and to load, best of some. */
final class SyncIndexBench {
  private static final EntryDigest NETWORK = new EntryDigest(1, 2);
  private static final int RUNS = 5;

  private final PrintStream out;
  private final boolean json;

  SyncIndexBench(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void run(int entries) {
    SplittableRandom random = new SplittableRandom(5);
    List<EntryInfo> sorted = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      Id id =
          Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
      sorted.add(new EntryInfo(id, Kind.BLOB, 0, true, 1));
    }
    sorted.sort((x, y) -> x.id().compareTo(y.id()));
    Index index = Index.of(NETWORK, sorted);
    Bytes saved = index.save();
    Arc all = Arc.wholeRing(Id.MAX);
    if (!Index.load(NETWORK, saved).summary(all).equals(index.summary(all))) {
      throw new IllegalStateException("what was loaded is not what was saved");
    }
    double built = millis(() -> Index.of(NETWORK, sorted));
    double saving = millis(index::save);
    double loading = millis(() -> Index.load(NETWORK, saved));
    String format =
        json
            ? "{\"workload\":\"sync-index\",\"entries\":%d,\"build_ms\":%.1f,\"save_ms\":%.1f,"
                + "\"load_ms\":%.1f,\"saved_bytes_per_entry\":%.2f}%n"
            : "index of %d: built in %.1f ms, saved in %.1f ms and loaded in %.1f ms, %.2f bytes an"
                + " entry on disk%n";
    double each = (double) saved.size() / entries;
    out.printf(Locale.ROOT, format, entries, built, saving, loading, each);
  }

  private static double millis(Supplier<Object> work) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      Object kept = work.get();
      best = kept == null ? best : Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }
}
