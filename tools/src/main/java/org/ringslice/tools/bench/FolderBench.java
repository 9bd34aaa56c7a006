package org.ringslice.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.ringslice.messages.Id;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.runtime.Client;

/**
 * A folder of many small random files: stored at one node, durable at its holders, and fetched from
 * another, durable in the end; in turn with {@code cp -r}, which does not sync, and {@code cp -r}
 * followed by {@code sync -f}, which brings all of the file system to the disk.
 */
final class FolderBench {
  /** Files of one folder of the tree. */
  private static final int FOLDER_FILES = 100;

  private final Figures figures;
  private final int nodeCount;
  private final int files;
  private final int fileBytes;
  private final int rounds;

  FolderBench(Figures figures, int nodeCount, int files, int fileBytes, int rounds) {
    this.figures = figures;
    this.nodeCount = nodeCount;
    this.files = files;
    this.fileBytes = fileBytes;
    this.rounds = rounds;
  }

  void run() throws Exception {
    List<Double> copies = new ArrayList<>();
    List<Double> durableCopies = new ArrayList<>();
    List<Double> stores = new ArrayList<>();
    List<Double> repeats = new ArrayList<>();
    List<Double> verifiedRepeats = new ArrayList<>();
    List<Double> gets = new ArrayList<>();
    int[] wanted = new int[1];
    try (BenchNodes nodes = new BenchNodes(nodeCount, 2)) {
      for (int round = 0; round < rounds; round++) {
        Path tree = randomTree(nodes.folder().resolve("tree-" + round), round);
        copies.add(rate(() -> run("cp", "-r", tree.toString(), tree + "-copy")));
        run("sync", "-f", tree.toString());
        durableCopies.add(rate(() -> copyAndSync(tree)));
        StoredFile[] stored = new StoredFile[1];
        stores.add(rate(() -> stored[0] = store(nodes.endpoint(0), tree)));
        wanted[0] = stored[0].wanted();
        repeats.add(rate(() -> expectNothingSent(store(nodes.endpoint(0), tree))));
        nodes.restart();
        verifiedRepeats.add(rate(() -> expectNothingSent(store(nodes.endpoint(0), tree))));
        Path fetched = Path.of(tree + "-fetched");
        gets.add(rate(() -> get(nodes.endpoint(nodeCount - 1), stored[0].id(), fetched)));
        run("diff", "-r", tree.toString(), fetched.toString());
      }
    }
    String what = files + " files of " + fileBytes + " B";
    print(what + " stored, durable on " + wanted[0] + " of " + nodeCount + " nodes", stores);
    print(what + " stored again", repeats);
    print(what + " stored again, the nodes just started", verifiedRepeats);
    print(what + " fetched from another node, durable", gets);
    print(what + " by cp -r, not synced", copies);
    print(what + " by cp -r and sync -f", durableCopies);
    figures.ratio("folder", "stored / cp -r and sync -f", median(stores) / median(durableCopies));
    figures.ratio("folder", "fetched / cp -r and sync -f", median(gets) / median(durableCopies));
  }

  private void print(String what, List<Double> rates) {
    figures.files("folder", what, median(rates));
  }

  private static double median(List<Double> rates) {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private interface Work {
    void run() throws Exception;
  }

  /** In files a second. */
  private double rate(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return files / ((System.nanoTime() - start) / 1e9);
  }

  private static StoredFile store(String endpoint, Path tree) throws IOException {
    try (Client client = Client.of(endpoint)) {
      StoredFile stored = client.files().store(tree, Progress.NONE);
      if (stored.copies() != stored.wanted() || stored.faults() > 0) {
        throw new IOException("not all is stored: " + stored);
      }
      return stored;
    }
  }

  private static void expectNothingSent(StoredFile stored) throws IOException {
    if (stored.sentBytes() > 0) {
      throw new IOException(stored.sentBytes() + " bytes were sent again");
    }
  }

  private static void get(String endpoint, Id id, Path target) throws IOException {
    try (Client client = Client.of(endpoint)) {
      client.files().fetch(id, target, Progress.NONE);
    }
  }

  private static void copyAndSync(Path tree) throws Exception {
    run("cp", "-r", tree.toString(), tree + "-synced");
    run("sync", "-f", tree.toString());
  }

  private static void run(String... command) throws Exception {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private Path randomTree(Path root, int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed + 1L);
    byte[] content = new byte[fileBytes];
    for (int i = 0; i < files; i++) {
      Path folder = Files.createDirectories(root.resolve("folder-" + i / FOLDER_FILES));
      random.nextBytes(content);
      Files.write(folder.resolve("file-" + i % FOLDER_FILES), content);
    }
    // else the disk is still busy with it while others are measured
    run("sync", "-f", root.toString());
    return root;
  }
}
