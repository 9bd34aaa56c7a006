package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node in a process of its own with a heap of 256 MB, as {@code ringslice node} starts it, and
 * the time of each line that it prints. For one thread.
 */
final class NodeProcess implements Closeable {
  /** A line, of its results or of its log, and when it came. */
  record Line(long atNanos, String text) {}

  private static final Pattern SENT = Pattern.compile("\\bbytes_sent:(\\d+)");
  private static final Pattern RECEIVED = Pattern.compile("\\bbytes_received:(\\d+)");

  private final long startedNanos = System.nanoTime();
  private final Process process;
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
  private final long readyNanos;
  private final String endpoint;
  private final String id;

  /**
   * Starts a node, and returns when it is ready.
   *
   * @param options of {@code ringslice node}, beyond those of a bench
   */
  NodeProcess(Path folder, String network, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = BenchNodes.java("-Xmx256m", "-XX:+UseParallelGC");
    command.addAll(BenchNodes.archive());
    command.addAll(List.of("org.ringslice.tools.Main", "node", "--json", "--no-mdns"));
    command.addAll(List.of("--bind", "127.0.0.1", "--network", network));
    command.addAll(List.of("--dir", folder.toString()));
    command.addAll(options);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // a bench that is interrupted leaves nothing behind that runs
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread reading = new Thread(this::read);
    reading.setDaemon(true);
    reading.start();
    try {
      Line ready = await(line -> line.contains("\"event\":\"ready\""), 60);
      readyNanos = ready.atNanos();
      endpoint = BenchNodes.endpointIn(ready.text());
      id = ready.text().replaceAll(".*\"id\":\"([0-9a-f]+)\".*", "$1");
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(new Line(System.nanoTime(), line));
      }
    } catch (IOException e) {
      // it was killed
    }
  }

  /** The next line of a kind; those before it are passed over. */
  Line await(Predicate<String> kind, long seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    String last = "nothing";
    while (true) {
      Line line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new IOException("a node did not say what was waited for; its last word: " + last);
      }
      if (kind.test(line.text())) {
        return line;
      }
      last = line.text();
    }
  }

  /** Whether a line of a kind is among those that were not passed over. */
  boolean hasSaid(Predicate<String> kind) {
    return lines.stream().map(Line::text).anyMatch(kind);
  }

  /** Forgets what it has said. */
  void passOver() {
    lines.clear();
  }

  String endpoint() {
    return endpoint;
  }

  String id() {
    return id;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** From the start of the process until it is ready: the JVM, and the opening of the store. */
  long startNanos() {
    return readyNanos - startedNanos;
  }

  /** Processor time of all its threads since it began; 0 where the system does not tell. */
  long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /**
   * Bytes that its TCP connections have carried both ways, with ZeroMQ's framing, by the kernel's
   * own count; -1 where there is no {@code ss} to ask.
   */
  long wireBytes() throws InterruptedException {
    try {
      Process ss = new ProcessBuilder("ss", "-tinpH").redirectErrorStream(true).start();
      long sum = 0;
      boolean ours = false;
      try (BufferedReader out =
          new BufferedReader(new InputStreamReader(ss.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (!Character.isWhitespace(line.charAt(0))) {
            ours = line.contains("pid=" + process.pid() + ",");
          } else if (ours) {
            sum += number(SENT, line) + number(RECEIVED, line);
          }
        }
      }
      return ss.waitFor() == 0 ? sum : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  private static long number(Pattern pattern, String line) {
    Matcher found = pattern.matcher(line);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** Ends it as SIGTERM does. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(BenchNodes.STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a node did not stop");
    }
  }

  /** Ends it as SIGKILL does. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
