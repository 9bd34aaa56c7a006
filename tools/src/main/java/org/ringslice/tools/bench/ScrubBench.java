package org.ringslice.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What it costs that a node reads all that it holds once a week: the share of a core of a node that
 * nobody asks anything, while no pass is under way and while one is, and how long a pass takes that
 * takes all the time that there is.
 */
final class ScrubBench {
  private static final long PASS_SECONDS_MAX = 3600;

  /** A node has other things to do right after its start. */
  private static final long SETTLE_SECONDS = 15;

  private final Figures figures;
  private final int items;
  private final int itemBytes;
  private final int seconds;
  private final Path folder;

  ScrubBench(Figures figures, int items, int itemBytes, int seconds) throws IOException {
    this.figures = figures;
    this.items = items;
    this.itemBytes = itemBytes;
    this.seconds = seconds;
    folder = Files.createTempDirectory("ringslice-scrub-");
  }

  void run() throws IOException, InterruptedException {
    String what = items + " items of " + itemBytes + " B, ";
    try {
      NodeProcess filled = start();
      long fillNanos = new Filling(itemBytes).store(filled.endpoint(), items);
      figures.operations("scrub", what + "stored on one node", items / (fillNanos / 1e9));
      filled.stop();
      double resting = rest();
      figures.percent("scrub", what + "a core, at rest, no pass under way", resting);
      pass(what);
      if (!breakOff()) {
        System.err.println(
            "a pass is over before the node is ready; it takes more to see its share");
        return;
      }
      double passing = rest();
      figures.percent("scrub", what + "a core, at rest, a pass under way", passing);
      figures.percent("scrub", what + "a core, so by the pass", passing - resting);
    } finally {
      BenchNodes.delete(folder);
    }
  }

  private NodeProcess start(String... options) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(options));
    return new NodeProcess(folder.resolve("node"), folder.getFileName().toString(), all);
  }

  /** The share of a core, in percent, of a node that nobody asks. */
  private double rest() throws IOException, InterruptedException {
    NodeProcess node = start();
    try {
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      long before = node.cpuNanos();
      long begin = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds);
      double share = (double) (node.cpuNanos() - before) / (System.nanoTime() - begin);
      node.stop();
      return 100 * share;
    } finally {
      node.close();
    }
  }

  /**
   * Begins a pass and breaks it off: the next start goes on with it as with any other.
   *
   * @return false when it was over by then
   */
  private boolean breakOff() throws IOException, InterruptedException {
    NodeProcess node = start("--scrub", "full");
    node.stop();
    return !node.hasSaid(this::isOver);
  }

  private boolean isOver(String line) {
    return line.contains("verified " + items + " items");
  }

  private void pass(String what) throws IOException, InterruptedException {
    NodeProcess node = start("--scrub", "full");
    try {
      long end = node.await(this::isOver, PASS_SECONDS_MAX).atNanos();
      double took = (end - node.startedNanos()) / 1e9;
      figures.operations("scrub", what + "read by --scrub full, start included", items / took);
      figures.bytes("scrub", what + "the same", (double) items * itemBytes / 1e6 / took);
      node.stop();
    } finally {
      node.close();
    }
  }
}
