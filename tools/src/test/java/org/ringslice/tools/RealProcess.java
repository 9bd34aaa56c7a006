package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ringslice.tools.bench.Lan;
import org.ringslice.tools.bench.Onlooker;

/** A command as a process of its own, with the classes of this build. */
final class RealProcess implements Closeable {
  private static final long SECONDS_MAX = 20;
  private static final String HEAP = "-Xmx256m";

  private final Process process;
  private final Path err;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What an {@link Onlooker} said last of each node. */
  private final Map<String, Long> counts = new HashMap<>();

  private RealProcess(Process process, Path err) {
    this.process = process;
    this.err = err;
    Thread reading = new Thread(this::read);
    reading.setDaemon(true);
    reading.start();
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // it was killed
    }
  }

  /** Runs {@code ringslice ARGS}. What it leaves outside of its data folder goes to a folder. */
  static RealProcess start(Path folder, String... args) throws IOException {
    return start(folder, command(args));
  }

  /**
   * Runs {@code ringslice ARGS} on a host of a network; its nodes meet no others of this machine.
   */
  static RealProcess on(Lan lan, int host, Path folder, String... args) throws IOException {
    Path ofHost = Files.createDirectories(folder.resolve("host" + host));
    return start(ofHost, lan.within(host, command(args)));
  }

  /** Has an {@link Onlooker} on a host watch nodes. */
  static RealProcess onlooker(Lan lan, int host, Path folder, String... endpoints)
      throws IOException {
    return start(folder, lan.within(host, command(Onlooker.class, endpoints)));
  }

  /** Has an {@link Onlooker} on this machine watch nodes. */
  static RealProcess onlooker(Path folder, String... endpoints) throws IOException {
    return start(folder, command(Onlooker.class, endpoints));
  }

  /** Runs {@code ringslice ARGS} by a line of Bash, to which the whole command is "$@". */
  static RealProcess shell(Path folder, String line, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash"));
    command.addAll(command(args));
    return start(folder, command);
  }

  private static RealProcess start(Path folder, List<String> command) throws IOException {
    Path err = Files.createTempFile(folder, "stderr", "");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().put("RINGSLICE_RUN_DIR", folder.resolve("run").toString());
    builder.environment().remove("RINGSLICE_NODE");
    return new RealProcess(builder.start(), err);
  }

  static List<String> command(String... args) {
    return command(Main.class, args);
  }

  private static List<String> command(Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 24) {
      // as the launcher does: the JVM warns of what RocksDB and MessagePack need
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    return command;
  }

  /** A node with its data in a sub-folder, that finds others by {@code --peer} alone. */
  static RealProcess node(Path folder, String name, String network, String... more)
      throws IOException {
    List<String> args = new ArrayList<>(List.of("node", "--dir", folder.resolve(name).toString()));
    args.addAll(List.of("--bind", "127.0.0.1", "--no-mdns", "--network", network));
    args.addAll(List.of(more));
    return start(folder, args.toArray(String[]::new));
  }

  /** As {@link #node}, with little memory, for where there are many. */
  static RealProcess smallNode(Path folder, String name, String network, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            command("node", "--dir", folder.resolve(name).toString(), "--network", network));
    command.addAll(List.of("--bind", "127.0.0.1", "--no-mdns"));
    command.addAll(List.of(more));
    command.set(command.indexOf(HEAP), "-Xmx96m");
    return start(folder, command);
  }

  /** Waits until every one of so many nodes is said by an {@link Onlooker} to know so many. */
  void awaitCounts(int nodes, long count) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * SECONDS_MAX);
    while (counts.size() < nodes || !counts.values().stream().allMatch(each -> each == count)) {
      assertTrue(System.nanoTime() < deadline, () -> "they know " + counts);
      read(line());
    }
  }

  /** For how long, within a time, a node was said by an {@link Onlooker} to know less than that. */
  long millisBelow(long count, long withinMillis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
    long belowNanos = 0;
    for (long now = System.nanoTime(); now < end; ) {
      boolean below = counts.values().stream().anyMatch(each -> each < count);
      String line = lines.poll(end - now, TimeUnit.NANOSECONDS);
      long next = System.nanoTime();
      belowNanos += below ? next - now : 0;
      now = next;
      if (line != null) {
        read(line);
      }
    }
    return TimeUnit.NANOSECONDS.toMillis(belowNanos);
  }

  private void read(String line) {
    String[] words = line.split(" ", 2);
    counts.put(words[0], Long.valueOf(words[1]));
  }

  String line() throws InterruptedException, IOException {
    String line = lines.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertNotNull(line, "no line came; stderr: " + err());
    return line;
  }

  /** Reads the line that a node prints with {@code --json}, and returns its endpoint. */
  String readyEndpoint() throws InterruptedException, IOException {
    return Cli.memberOf(line(), "endpoint");
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Waits for the end, and returns the exit code. */
  int exitCode() throws InterruptedException, IOException {
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      fail("it did not end; stderr: " + err());
    }
    return process.exitValue();
  }

  /** The processes that it started, and those that they did. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** By SIGTERM; what it says then can still be read, which Process.destroy would prevent. */
  void terminate() {
    assertTrue(process.toHandle().destroy());
  }

  /** Sends a signal by its name, as in {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertTrue(kill.waitFor(SECONDS_MAX, TimeUnit.SECONDS));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
