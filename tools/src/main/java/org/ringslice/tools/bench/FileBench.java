package org.ringslice.tools.bench;

import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Id;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.runtime.Client;

/**
 * A large random file: stored at one of two nodes, durable on both, and fetched from the other; in
 * turn with an rsync daemon on loopback that takes and gives a file of the same size, where rsync
 * is installed. Rsync does not sync to disk.
 */
final class FileBench {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Figures figures;
  private final int megabytes;
  private final int rounds;

  FileBench(Figures figures, int megabytes, int rounds) {
    this.figures = figures;
    this.megabytes = megabytes;
    this.rounds = rounds;
  }

  void run() throws Exception {
    try (BenchNodes nodes = new BenchNodes(2, 2)) {
      Path folder = nodes.folder();
      Optional<Rsync> rsync = Rsync.start(folder);
      List<Double> stores = new ArrayList<>();
      List<Double> gets = new ArrayList<>();
      List<Double> pushes = new ArrayList<>();
      List<Double> pulls = new ArrayList<>();
      try {
        for (int round = 0; round < rounds; round++) {
          Path file = randomFile(folder.resolve("file"), round);
          if (rsync.isPresent()) {
            pushes.add(rate(() -> rsync.get().push(file, "copy")));
            pulls.add(rate(() -> rsync.get().pull("copy", folder.resolve("pulled"))));
            expectEqual(file, folder.resolve("pulled"));
          }
          Id[] id = new Id[1];
          stores.add(rate(() -> id[0] = store(nodes.endpoint(0), file)));
          gets.add(rate(() -> get(nodes.endpoint(1), id[0], folder.resolve("fetched"))));
          expectEqual(file, folder.resolve("fetched"));
        }
      } finally {
        rsync.ifPresent(Rsync::close);
      }
      report(stores, gets, pushes, pulls);
    }
  }

  private void report(
      List<Double> stores, List<Double> gets, List<Double> pushes, List<Double> pulls) {
    String size = megabytes + " MiB";
    figures.bytes("file", size + " stored, durable on 2 nodes", median(stores));
    figures.bytes("file", size + " fetched from the other node", median(gets));
    if (!pushes.isEmpty()) {
      figures.bytes("file", size + " by rsync, to a daemon", median(pushes));
      figures.bytes("file", size + " by rsync, from a daemon", median(pulls));
      figures.ratio("file", "stored / rsync to a daemon", median(stores) / median(pushes));
      figures.ratio("file", "fetched / rsync from a daemon", median(gets) / median(pulls));
    }
  }

  private static double median(List<Double> rates) {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private interface Work {
    void run() throws Exception;
  }

  /** In MB/s: 10^6 bytes. */
  private double rate(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return megabytes * (double) CHUNK_BYTES / 1e6 / seconds;
  }

  private static Id store(String endpoint, Path file) throws IOException {
    try (Client client = Client.of(endpoint)) {
      StoredFile stored = client.files().store(file, Progress.NONE);
      if (stored.copies() != 2) {
        throw new IOException("durable on " + stored.copies() + " nodes, not on 2");
      }
      return stored.id();
    }
  }

  private static void get(String endpoint, Id id, Path target) throws IOException {
    try (Client client = Client.of(endpoint)) {
      client.files().fetch(id, target, Progress.NONE);
    }
  }

  private Path randomFile(Path file, int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed + 1L);
    byte[] chunk = new byte[CHUNK_BYTES];
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      for (int i = 0; i < megabytes; i++) {
        random.nextBytes(chunk);
        out.write(chunk);
      }
      // else the disk is still busy with it while others are measured
      out.getChannel().force(true);
    }
    return file;
  }

  private static void expectEqual(Path one, Path other) throws IOException {
    if (Files.mismatch(one, other) >= 0) {
      throw new IOException(other + " is not what was stored");
    }
  }

  /** A daemon of rsync's on a free port of 127.0.0.1, with one folder. */
  private record Rsync(Process daemon, int port) {

    static Optional<Rsync> start(Path folder) throws Exception {
      int port = freePort();
      Path shared = Files.createDirectory(folder.resolve("rsync"));
      Path config = folder.resolve("rsyncd.conf");
      Files.writeString(
          config,
          String.join(
              "\n",
              "use chroot = no",
              "[bench]",
              "path = " + shared,
              "read only = no",
              "uid = " + System.getProperty("user.name"),
              "gid = *",
              ""));
      String[] command = {
        "rsync",
        "--daemon",
        "--no-detach",
        "--address=127.0.0.1",
        "--port=" + port,
        "--config=" + config
      };
      try {
        Process daemon = new ProcessBuilder(command).inheritIO().start();
        awaitListening(port);
        return Optional.of(new Rsync(daemon, port));
      } catch (IOException e) {
        System.err.println(
            "rsync is not to be had, so nothing is compared with it: " + e.getMessage());
        return Optional.empty();
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    private static void awaitListening(int port) throws IOException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (true) {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
          return;
        } catch (IOException e) {
          if (System.nanoTime() > deadline) {
            throw e;
          }
        }
      }
    }

    void push(Path file, String name) throws Exception {
      rsync(file.toString(), url(name));
    }

    void pull(String name, Path target) throws Exception {
      Files.deleteIfExists(target);
      rsync(url(name), target.toString());
    }

    private String url(String name) {
      return "rsync://127.0.0.1:" + port + "/bench/" + name;
    }

    private static void rsync(String from, String to) throws Exception {
      String[] command = {"rsync", "--whole-file", "--ignore-times", from, to};
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException("failed: " + Arrays.toString(command));
      }
    }

    void close() {
      daemon.destroy();
    }
  }
}
