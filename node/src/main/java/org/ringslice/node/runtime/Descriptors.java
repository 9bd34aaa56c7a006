package org.ringslice.node.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether this process may have as many files and connections open as a node needs. With too few it
 * would start, and fail where the next one is opened: at a table of the store, at a peer.
 */
final class Descriptors {
  /**
   * For a process. 79 are open in a node at rest, up to 256 tables of the store are, and a node of
   * 1,000 had up to 64 connections; all measured but the tables, which are its limit.
   */
  static final int LIMIT_MIN = 512;

  /** Those that are left for a node where a process runs several: at rest it takes 79. */
  static final int FREE_MIN = 128;

  private static final Pattern LIMIT = Pattern.compile("Max open files +([0-9]+) .*");

  private Descriptors() {}

  /** Does nothing where the system does not tell; Java has raised what may be raised. */
  static void check() throws StartException {
    long limit;
    long open;
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      limit = limit(Files.readAllLines(Path.of("/proc/self/limits")));
      open = all.count();
    } catch (IOException e) {
      return;
    }
    check(limit, open);
  }

  /** Without a limit as many as can be. */
  static long limit(List<String> lines) {
    return lines.stream()
        .map(LIMIT::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  static void check(long limit, long open) throws StartException {
    if (limit < LIMIT_MIN || limit - open < FREE_MIN) {
      throw new StartException(
          "This process may have "
              + limit
              + " files and connections open, and "
              + open
              + " are; a node needs "
              + Math.max(LIMIT_MIN, open + FREE_MIN)
              + ": allow more, as by 'ulimit -n 4096' or LimitNOFILE=4096 of a service.");
    }
  }
}
