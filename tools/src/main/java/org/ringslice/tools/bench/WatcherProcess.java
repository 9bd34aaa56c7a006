package org.ringslice.tools.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Cursor;

/**
 * {@code ringslice watch} with its lines going to a file, as a program would do that must miss
 * nothing: when it is killed, it goes on from the last whole line of the file.
 */
final class WatcherProcess implements Closeable {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"event\":\"added\",\"id\":\"(\\p{XDigit}{64})\".*\"cursor\":\"(.*)\"\\}");

  private final String node;
  private final Path lines;
  private final Path log;
  private final Cursor begin;
  private Process process;

  /**
   * @param begin where the first of its lives goes on
   */
  WatcherProcess(String node, Path folder, Cursor begin) throws IOException {
    this.node = node;
    this.begin = begin;
    lines = Files.createFile(folder.resolve("watched.jsonl"));
    log = folder.resolve("watch.log");
  }

  void start() throws IOException {
    dropHalfLine();
    List<Matcher> whole = whole();
    String since = whole.isEmpty() ? begin.toString() : whole.get(whole.size() - 1).group(2);
    List<String> command =
        BenchNodes.java("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    command.addAll(List.of("org.ringslice.tools.Main", "watch", "all", "--json"));
    command.addAll(List.of("--node", node, "--since", since));
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(lines.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** As by {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it said on stderr. */
  String log() throws IOException {
    return Files.readString(log);
  }

  private void dropHalfLine() throws IOException {
    byte[] bytes = Files.readAllBytes(lines);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] != '\n') {
      length--;
    }
    try (var file = Files.newByteChannel(lines, StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  private List<Matcher> whole() throws IOException {
    List<Matcher> whole = new ArrayList<>();
    for (String line : Files.readString(lines, StandardCharsets.UTF_8).split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        whole.add(matcher);
      }
    }
    return whole;
  }

  /** What it was told so far, in all its lives. */
  List<Id> told() throws IOException {
    return whole().stream().map(line -> Id.fromHex(line.group(1))).toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
