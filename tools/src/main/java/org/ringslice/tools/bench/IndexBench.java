package org.ringslice.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.node.event.Event;
import org.ringslice.node.store.DiskStore;

/**
 * How long it takes until a store of many small entries is open and its index is there: made anew
 * of all rows, taken from its file, and after a kill with lines of the journal to take in. Each
 * opening is by a process of its own, for a node starts cold. Then, how fast all rows are listed.
 */
final class IndexBench {
  private static final int ENTRY_BYTES = 100;
  private static final int BATCH_ENTRIES = 256;
  private static final int OUTSTANDING = 4;

  private final Figures figures;
  private final int entries;
  private final int lines;
  private final int runs;
  private final Random random = new Random(7);

  IndexBench(Figures figures, int entries, int lines, int runs) {
    this.figures = figures;
    this.entries = entries;
    this.lines = lines;
    this.runs = runs;
  }

  void run() throws Exception {
    Path folder = Files.createTempDirectory("ringslice-bench-");
    try {
      Path store = folder.resolve("store");
      fill(store, entries, () -> {});
      String all = entries + " entries of " + ENTRY_BYTES + " B, ";
      openings(folder, all + "index made of the rows", () -> copyWithoutIndex(store, folder));
      IndexOpening.inAProcess(store, folder.resolve("empty")); // saves what it has made
      openings(folder, all + "index saved", () -> store);
      Path killed = folder.resolve("killed");
      fill(store, lines, () -> copy(store, killed));
      openings(folder, all + lines + " lines after it", () -> copy(killed, folder.resolve("k")));
    } finally {
      delete(folder);
    }
  }

  /** Something that works on files. */
  @FunctionalInterface
  private interface Step<T> {
    T take() throws IOException;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  /**
   * Stores new entries.
   *
   * @param then done while the store is open, and idle
   */
  private void fill(Path folder, int count, Action then) throws Exception {
    LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    try (DiskStore store = DiskStore.open(folder, IndexOpening.KEY, events::add)) {
      int waiting = 0;
      for (int stored = 0; stored < count; stored += BATCH_ENTRIES) {
        store.keep(stored, batch(Math.min(BATCH_ENTRIES, count - stored)));
        if (++waiting == OUTSTANDING) {
          expectKept(events.take());
          waiting--;
        }
      }
      while (waiting-- > 0) {
        expectKept(events.take());
      }
      then.run();
    }
  }

  private static void expectKept(Event event) {
    if (!(event instanceof Event.Kept kept) || kept.failure().isPresent()) {
      throw new IllegalStateException("not stored: " + event);
    }
  }

  private List<Entry> batch(int count) {
    List<Entry> batch = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[ENTRY_BYTES];
      random.nextBytes(bytes);
      batch.add(Entry.blob(Bytes.wrap(bytes)));
    }
    return batch;
  }

  private void openings(Path folder, String params, Step<Path> stores) throws Exception {
    Sample bare = new Sample();
    Sample open = new Sample();
    Sample list = new Sample();
    for (int run = 0; run < runs; run++) {
      IndexOpening.Times times = IndexOpening.inAProcess(stores.take(), folder.resolve("empty"));
      bare.add(times.emptyNanos());
      open.add(times.openNanos());
      list.add(times.listNanos());
    }
    figures.times("open", "an empty store, right before", runs, bare);
    figures.times("open", params, runs, open);
    figures.times("list", "all its rows, with the dead", runs, list);
  }

  private static Path copyWithoutIndex(Path from, Path folder) throws IOException {
    Path to = copy(from, folder.resolve("rows"));
    Files.deleteIfExists(to.resolve("held.compared"));
    return to;
  }

  private static Path copy(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
