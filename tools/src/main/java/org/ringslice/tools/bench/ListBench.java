package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.runtime.Client;

/** {@code list all} of many small items as a process: lines a second, and what memory it took. */
final class ListBench {
  private static final int NODES = 3;
  private static final int ITEM_BYTES = 100;

  /** Stores of a batch each that are underway. */
  private static final int OUTSTANDING = 16;

  private static final long SETTLE_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

  private final Figures figures;
  private final PrintStream out;
  private final int items;

  ListBench(Figures figures, PrintStream out, int items) {
    this.figures = figures;
    this.out = out;
    this.items = items;
  }

  void run() throws Exception {
    try (BenchNodes nodes = new BenchNodes(NODES, 2)) {
      try (Client client = Client.of(nodes.endpoint(0))) {
        store(client);
        awaitCopies(client);
      }
      for (String format : List.of("text", "json")) {
        list(nodes.endpoint(1), format);
      }
    }
  }

  private void store(Client client) throws InterruptedException {
    Semaphore window = new Semaphore(OUTSTANDING);
    AtomicInteger notStored = new AtomicInteger();
    for (int stored = 0; stored < items; stored += Limits.BATCH_ENTRIES_MAX) {
      List<Entry> batch = new ArrayList<>();
      for (int i = stored; i < Math.min(items, stored + Limits.BATCH_ENTRIES_MAX); i++) {
        byte[] bytes = ByteBuffer.allocate(ITEM_BYTES).putInt(i).array();
        batch.add(Entry.blob(Bytes.wrap(bytes)));
      }
      window.acquire();
      CompletableFuture<?> unused =
          client
              .line()
              .ask(new Message.Store(batch, Message.Intent.KEEP))
              .whenComplete(
                  (answer, failure) -> {
                    notStored.addAndGet(batch.size() - kept(answer));
                    window.release();
                  });
    }
    window.acquire(OUTSTANDING);
    if (notStored.get() > 0) {
      throw new IllegalStateException(notStored.get() + " items were not stored");
    }
  }

  private static int kept(Message.Answer answer) {
    return answer instanceof Message.Stored stored
        ? (int)
            stored.receipts().stream()
                .filter(receipt -> receipt.outcome() != Receipt.Outcome.REFUSED)
                .count()
        : 0;
  }

  /** A list tells what owners have; one that was slow may still be given what it lacks. */
  private static void awaitCopies(Client client) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE_NANOS_MAX;
    while (!isWhole(client)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not every item has all its copies");
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private static boolean isWhole(Client client) {
    return client.status().join().stream()
        .flatMap(part -> part.nodes().stream())
        .allMatch(node -> node.missing() == 0 && node.why().isEmpty());
  }

  private void list(String node, String format) throws IOException, InterruptedException {
    List<String> command =
        BenchNodes.java(
            "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-Xmx128m");
    command.addAll(List.of("org.ringslice.tools.Main", "list", "all", "--node", node));
    if (format.equals("json")) {
      command.add("--json");
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int lines = 0;
    long peakKilobytes = 0;
    long begin = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      while (in.readLine() != null) {
        begin = lines == 0 ? System.nanoTime() : begin;
        if (++lines % 100_000 == 0) {
          peakKilobytes = peakKilobytes(process.pid());
        }
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    int code = process.waitFor();
    if (code != 0 || lines != items) {
      throw new IllegalStateException(lines + " lines of " + items + ", exit code " + code);
    }
    figures.files("list " + format, items + " items over " + NODES + " nodes", lines / seconds);
    out.printf(Locale.ROOT, "resident at the most: %d MB%n", peakKilobytes >> 10);
  }

  /** Of a process, resident, by what Linux tells. */
  private static long peakKilobytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }
}
