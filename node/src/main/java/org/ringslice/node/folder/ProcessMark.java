package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process and the moment of its start, so that a pid that was given again is not taken for the
 * process that had it before. On Linux the moment is the kernel's own (proc(5), field 22 of {@code
 * stat}, ticks since the boot): what Java tells is derived from the wall clock and moves with it,
 * hours on a board without a clock battery.
 *
 * @param space the set of processes in which the pid means something: a container has its own;
 *     empty where there is but one
 * @param start only ever compared
 */
record ProcessMark(long pid, String space, String start) {
  private static final Path PROC = Path.of("/proc");

  /**
   * Places of words after the closing parenthesis of {@code stat}, the state being the third field.
   */
  private static final int STATE = 0;

  private static final int START_TICKS = 22 - 3;

  private static final int STAT_BYTES_MAX = 4 << 10;

  static ProcessMark own() {
    long pid = ProcessHandle.current().pid();
    return new ProcessMark(pid, ownSpace(), startOf(pid).orElse("unknown"));
  }

  /**
   * Whether the process has surely ended; never so when this process can't see it from where it is.
   */
  boolean isGone() {
    return space.equals(ownSpace()) && !startOf(pid).equals(Optional.of(start));
  }

  private static String ownSpace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** Nothing when the process has ended, also when its parent has not taken notice yet. */
  private static Optional<String> startOf(long pid) {
    Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
    try {
      Optional<byte[]> bytes = SmallFile.read(stat, STAT_BYTES_MAX);
      if (bytes.isPresent()) {
        return startIn(new String(bytes.get(), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // it ended while it was read, or the system has no such files
    }
    return startByHandle(pid);
  }

  private static Optional<String> startIn(String stat) {
    // the name of the program, in parentheses, may hold anything
    String[] words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    boolean ended =
        words.length <= START_TICKS || words[STATE].equals("Z") || words[STATE].equals("X");
    return ended ? Optional.empty() : Optional.of(words[START_TICKS] + " ticks");
  }

  private static Optional<String> startByHandle(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(handle -> handle.info().startInstant())
        .map(Instant::toString);
  }
}
