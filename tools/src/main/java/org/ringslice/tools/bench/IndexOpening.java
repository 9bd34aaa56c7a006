package org.ringslice.tools.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.store.DiskStore;
import org.ringslice.sync.EntryDigest;

/** A process that opens a store, lists all its rows, and tells how long both took. */
final class IndexOpening {
  static final EntryDigest KEY = new EntryDigest(1, 2);

  private IndexOpening() {}

  /**
   * What was measured.
   *
   * @param emptyNanos to open an empty store first, the database's library included
   */
  record Times(long emptyNanos, long openNanos, long listNanos) {}

  static Times inAProcess(Path store, Path empty) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                IndexOpening.class.getName(),
                store.toString(),
                empty.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the process that opens " + store + " failed: " + said);
    }
    List<Long> nanos = said.lines().map(Long::valueOf).toList();
    return new Times(nanos.get(0), nanos.get(1), nanos.get(2));
  }

  public static void main(String[] args) throws Exception {
    LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    long start = System.nanoTime();
    DiskStore.open(Path.of(args[1]), KEY, events::add).close();
    System.out.println(System.nanoTime() - start);
    start = System.nanoTime();
    try (DiskStore store = DiskStore.open(Path.of(args[0]), KEY, events::add)) {
      System.out.println(System.nanoTime() - start);
      long entries = store.books().held().index().size();
      start = System.nanoTime();
      store.ask(1, StoreRequest.Scan.page(Book.HELD, Arc.wholeRing(Id.ZERO), Integer.MAX_VALUE));
      Event.StoreDone scanned = (Event.StoreDone) events.take();
      System.out.println(System.nanoTime() - start);
      int rows = ((StoreAnswer.Scanned) scanned.reply().get()).items().size();
      if (rows != entries) {
        throw new IllegalStateException(rows + " rows of " + entries);
      }
    }
  }
}
