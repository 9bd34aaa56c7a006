package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Client;

/**
 * Nodes of a network of their own, each a process with a heap of 256 MB, stopped and deleted at the
 * end.
 */
final class BenchNodes implements Closeable {
  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  /** For a clean stop; a node promises 2 s. */
  static final long STOP_SECONDS_MAX = 10;

  private static final Pattern ENDPOINT = Pattern.compile("\"endpoint\":\"([^\"]+)\"");

  private final Path folder;
  private final List<List<String>> commands = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<String> endpoints = new ArrayList<>();

  /** Starts nodes and returns when each knows all. */
  BenchNodes(int count, int maskBits) throws IOException, TimeoutException {
    folder = Files.createTempDirectory("ringslice-bench-");
    try {
      String network = folder.getFileName().toString();
      for (int i = 0; i < count; i++) {
        startOne(i, network, maskBits);
      }
      awaitAll();
    } catch (IOException | RuntimeException | TimeoutException e) {
      close();
      throw e;
    }
  }

  private void awaitAll() throws TimeoutException {
    for (String endpoint : endpoints) {
      awaitPeers(endpoint, endpoints.size());
    }
  }

  private void startOne(int index, String network, int maskBits) throws IOException {
    List<String> command = java("-Xmx256m", "-XX:+UseParallelGC");
    command.add("org.ringslice.tools.Main");
    command.addAll(
        List.of("node", "--json", "--no-mdns", "--bind", "127.0.0.1", "--network", network));
    command.addAll(List.of("--mask-bits", String.valueOf(maskBits)));
    command.addAll(List.of("--dir", folder.resolve("node-" + index).toString()));
    if (!endpoints.isEmpty()) {
      command.addAll(List.of("--peer", endpoints.get(0)));
    }
    commands.add(command);
    processes.add(launch(index));
    endpoints.add(ready(index));
  }

  private Process launch(int index) throws IOException {
    Path log = folder.resolve("node-" + index + ".log");
    Process process =
        new ProcessBuilder(commands.get(index))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    // a bench that is interrupted leaves nothing behind that runs
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private String ready(int index) throws IOException {
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(processes.get(index).getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException(
          "a node did not start: " + Files.readString(folder.resolve("node-" + index + ".log")));
    }
    return endpointIn(line);
  }

  /** As by {@code kill -9}. */
  void kill(int index) throws InterruptedException {
    processes.get(index).destroyForcibly().waitFor();
  }

  /** Starts one that has ended, with its folder; returns when it is ready. */
  void restart(int index) throws IOException {
    processes.set(index, launch(index));
    endpoints.set(index, ready(index));
  }

  /** Ends all as SIGTERM does, and starts them with their folders; returns when each knows all. */
  void restart() throws IOException, InterruptedException, TimeoutException {
    for (Process process : processes) {
      process.destroy();
    }
    for (int i = 0; i < processes.size(); i++) {
      if (!processes.get(i).waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("a node did not stop");
      }
      restart(i);
    }
    awaitAll();
  }

  /** Where a node listens, of the line that it prints when it is ready. */
  static String endpointIn(String line) throws IOException {
    Matcher ready = ENDPOINT.matcher(line);
    if (!ready.find()) {
      throw new IOException("a node said: " + line);
    }
    return ready.group(1);
  }

  /** The command of a Java process with this one's classes. */
  static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /** The options by which this process has its classes from the launcher's archive, if it has. */
  static List<String> archive() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("-XX:SharedArchiveFile=") || each.startsWith("-Xshare:"))
        .toList();
  }

  private static void awaitPeers(String endpoint, int count) throws TimeoutException {
    long deadline = System.nanoTime() + START_NANOS_MAX;
    try (Client client = Client.of(endpoint)) {
      while (client.peers(Direction.NEXT, Id.ZERO, count).join().size() < count) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("the nodes did not find each other");
        }
      }
    }
  }

  String endpoint(int index) {
    return endpoints.get(index);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    delete(folder);
  }

  static void delete(Path root) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                throws IOException {
              Files.delete(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + root, e);
    }
  }
}
