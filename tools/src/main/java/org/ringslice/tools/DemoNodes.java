package org.ringslice.tools;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringslice.messages.Id;

/**
 * Nodes as processes of this program's own Java and classes, in a network of their own on the
 * loopback address. Closing, which any thread may do at any time, kills them and deletes all that
 * they left.
 */
final class DemoNodes implements Closeable {
  /** For a killed process to be gone, so that it writes no more to what is deleted. */
  private static final long END_SECONDS_MAX = 5;

  private static final Pattern MEMBER = Pattern.compile("\"(id|endpoint)\":\"([^\"]*)\"");

  /** A node that is ready. */
  record Running(Process process, Id id, String endpoint) {}

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private boolean closed;

  DemoNodes() throws IOException {
    folder = Files.createTempDirectory("ringslice-demo-");
  }

  Path folder() {
    return folder;
  }

  /** Starts them beside each other, and returns when all are ready. */
  List<Running> start(int count) throws IOException {
    List<Process> starting = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      starting.add(launch(i));
    }
    List<Running> running = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      running.add(awaitReady(i, starting.get(i - 1)));
    }
    return running;
  }

  private synchronized Process launch(int number) throws IOException {
    if (closed) {
      throw new CommandException("interrupted");
    }
    List<String> command =
        OwnJava.command("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    command.addAll(List.of("node", "--json", "--bind", "127.0.0.1"));
    command.addAll(List.of("--network", folder.getFileName().toString()));
    command.addAll(List.of("--dir", dir(number).toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log(number).toFile());
    builder.environment().put("RINGSLICE_RUN_DIR", folder.resolve("run").toString());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Path dir(int number) {
    return folder.resolve("node-" + number);
  }

  private Path log(int number) {
    return folder.resolve("node-" + number + ".log");
  }

  private Running awaitReady(int number, Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String ready = out.readLine();
    Matcher member = MEMBER.matcher(ready == null ? "" : ready);
    String id = member.find() ? member.group(2) : null;
    String endpoint = member.find() ? member.group(2) : null;
    if (endpoint == null) {
      throw new CommandException("a node did not start: " + Files.readString(log(number)).strip());
    }
    return new Running(process, Id.fromHex(id), endpoint);
  }

  @Override
  public synchronized void close() {
    closed = true;
    processes.forEach(Process::destroyForcibly);
    try {
      for (Process process : processes) {
        process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    processes.clear();
    delete();
  }

  private void delete() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new CommandException("could not delete " + folder + ": " + Main.trouble(e));
    }
  }
}
