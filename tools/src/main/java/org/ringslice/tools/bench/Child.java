package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that tells what it does line by line, and is killed in the end. For one thread. */
final class Child implements Closeable {
  private static final long LINE_SECONDS_MAX = 30;

  private final Process process;
  private final Path log;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What an {@link Onlooker} told last of each node. */
  private final Map<String, Integer> counts = new HashMap<>();

  private int watched;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    Thread reading = new Thread(this::read);
    reading.setDaemon(true);
    reading.start();
  }

  /**
   * Runs a command.
   *
   * @param runFolder where the nodes of its machine meet
   * @param log what it says on stderr is added to it
   */
  static Child start(List<String> command, Path runFolder, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("RINGSLICE_RUN_DIR", runFolder.toString());
    return new Child(builder.start(), log);
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // it was killed
    }
  }

  String line() throws IOException, InterruptedException {
    String line = lines.poll(LINE_SECONDS_MAX, TimeUnit.SECONDS);
    if (line == null) {
      throw new IOException("nothing came of a process; it said: " + Files.readString(log));
    }
    return line;
  }

  /** Has an {@link Onlooker} watch a node. */
  void watch(String endpoint) throws IOException {
    watched++;
    Writer in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(endpoint + "\n");
    in.flush();
  }

  /** Waits until all nodes that an {@link Onlooker} watches know so many. */
  void awaitCounts(int count) throws IOException, InterruptedException {
    while (counts.size() < watched || !counts.values().stream().allMatch(each -> each == count)) {
      String[] words = line().split(" ", 2);
      counts.put(words[0], Integer.valueOf(words[1]));
    }
  }

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
