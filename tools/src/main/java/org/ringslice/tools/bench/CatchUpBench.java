package org.ringslice.tools.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;

/**
 * How long a node takes, and how many bytes, until what it holds is proved equal to what another
 * one holds: one that joins with nothing, and one that was away while more was stored. When that is
 * so a node itself says, in its log. Replicas compare slices and go on from no cursor, so that no
 * journal is needed for it; what can be lost on the way is the saved index.
 */
final class CatchUpBench {
  /** In what manner the node goes away, and comes again. */
  private enum Way {
    STOPPED("stopped"),
    KILLED("killed"),
    INDEX_LOST("stopped, its saved index deleted");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  /** What is measured of one way. */
  private static final class Measured {
    private final Sample start = new Sample();
    private final Sample proved = new Sample();
    private final Sample cpu = new Sample();
    private final List<Long> wireBytes = new ArrayList<>();
  }

  private static final long PROOF_SECONDS_MAX = 900;
  private static final long SEEN_NANOS_MAX = 30_000_000_000L;

  private final Figures figures;
  private final int items;
  private final int more;
  private final int itemBytes;
  private final int runs;
  private final Filling filling;

  CatchUpBench(Figures figures, int items, int more, int itemBytes, int runs) {
    this.figures = figures;
    this.items = items;
    this.more = more;
    this.itemBytes = itemBytes;
    this.runs = runs;
    filling = new Filling(itemBytes);
  }

  void run() throws IOException, InterruptedException, TimeoutException {
    try (Pair pair = new Pair()) {
      long fillNanos = pair.store(items);
      figures.operations("catch-up", of(items) + " stored on one node", items / (fillNanos / 1e9));
      pair.join();
      Map<Way, Measured> all = new EnumMap<>(Way.class);
      for (int i = 0; i < runs; i++) {
        for (Way way : Way.values()) {
          pair.measure(way, more, all.computeIfAbsent(way, none -> new Measured()));
        }
      }
      all.forEach((way, measured) -> print(way, measured));
    }
  }

  private String of(int count) {
    return count + " items of " + itemBytes + " B";
  }

  private void print(Way way, Measured measured) {
    String params = of(items) + ", " + more + " more while " + way.words + ": ";
    figures.times("catch-up", params + "JVM and store", runs, measured.start);
    figures.times("catch-up", params + "then proved equal", runs, measured.proved);
    figures.times("catch-up", params + "CPU of both", runs, measured.cpu);
    measured.wireBytes.sort(null);
    figures.wire("catch-up", params + "on the wire", measured.wireBytes.get(runs / 2));
  }

  /** The node that is there all the time, and the one that comes and goes. */
  private final class Pair implements Closeable {
    private final Path folder = Files.createTempDirectory("ringslice-catch-up-");
    private final String network = folder.getFileName().toString();
    private final NodeProcess here;
    private NodeProcess other;

    Pair() throws IOException, InterruptedException {
      here = new NodeProcess(folder.resolve("here"), network, List.of());
    }

    /** Stores so many new items at the one that is there; how long it took. */
    long store(int count) {
      return filling.store(here.endpoint(), count);
    }

    private void start() throws IOException, InterruptedException {
      here.passOver();
      other = new NodeProcess(folder.resolve("other"), network, List.of("--peer", here.endpoint()));
    }

    /** When either of them says that both hold the same, proved. */
    private long awaitProof() throws IOException, InterruptedException {
      String proved = "compared with node " + other.id().substring(0, 8);
      return here.await(line -> line.contains(proved) && line.contains("proved"), PROOF_SECONDS_MAX)
          .atNanos();
    }

    void join() throws IOException, InterruptedException {
      start();
      double seconds = (awaitProof() - other.startedNanos() - other.startNanos()) / 1e9;
      figures.operations("catch-up", of(items) + " to one that joins empty", items / seconds);
      figures.bytes(
          "catch-up", of(items) + " to one that joins empty", items / 1e6 * itemBytes / seconds);
      figures.wire("catch-up", of(items) + " to one that joins empty", other.wireBytes());
    }

    void measure(Way way, int count, Measured measured)
        throws IOException, InterruptedException, TimeoutException {
      goAway(way);
      store(count);
      start();
      measured.start.add(other.startNanos());
      long cpuNanos = here.cpuNanos() + other.cpuNanos();
      measured.proved.add(awaitProof() - other.startedNanos() - other.startNanos());
      measured.cpu.add(here.cpuNanos() + other.cpuNanos() - cpuNanos);
      measured.wireBytes.add(other.wireBytes());
    }

    private void goAway(Way way) throws IOException, InterruptedException, TimeoutException {
      if (way == Way.KILLED) {
        other.close();
      } else {
        other.stop();
      }
      if (way == Way.INDEX_LOST) {
        deleteIndexes();
      }
      awaitAlone();
    }

    private void deleteIndexes() throws IOException {
      try (Stream<Path> files = Files.walk(folder.resolve("other"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".compared")).toList()) {
          Files.delete(file);
        }
      }
    }

    private void awaitAlone() throws TimeoutException {
      long deadline = System.nanoTime() + SEEN_NANOS_MAX;
      try (Client client = Client.of(here.endpoint())) {
        while (client.peers(Direction.NEXT, Id.ZERO, 2).join().size() > 1) {
          if (System.nanoTime() > deadline) {
            throw new TimeoutException("the node that is there did not see the other one go");
          }
        }
      }
    }

    @Override
    public void close() {
      here.close();
      if (other != null) {
        other.close();
      }
      BenchNodes.delete(folder);
    }
  }
}
