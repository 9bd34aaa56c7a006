package org.ringslice.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringslice.node.sim.Simulation;

/**
 * Many runs of simulations, one after the other. Each that is over has a line in a file, when there
 * is one, so that the same command goes on after those if it was stopped. The first line of the
 * file says of what it is, for what was run in another way counts for nothing here.
 */
final class Campaign {
  private static final String OK = "ok";
  private static final String FAILED = "FAILED";
  private static final Pattern LINE = Pattern.compile("(\\d+ .+) (ok|FAILED) (\\d+) [0-9a-f]{64}");

  /** One run: of a scenario by a seed. */
  record Run(long seed, String scenario) {
    @Override
    public String toString() {
      return seed + " " + scenario;
    }
  }

  /** What is known of a run that is over. */
  record Outcome(boolean ok, long checks) {}

  private final Optional<Path> file;
  private final TreeMap<String, Outcome> over = new TreeMap<>();

  /**
   * @param of how all of these runs are made
   * @param file that is begun, or gone on with
   * @throws CommandException when the file is of other runs
   */
  Campaign(String of, Optional<Path> file) throws IOException {
    this.file = file;
    if (file.isPresent() && Files.exists(file.get())) {
      read(file.get(), of);
    } else if (file.isPresent()) {
      Files.writeString(file.get(), of + "\n");
    }
  }

  private void read(Path path, String of) throws IOException {
    List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
    String first = lines.isEmpty() ? "" : lines.get(0);
    if (!first.equals(of)) {
      throw new CommandException(
          "--resume: " + path + " is not of '" + of + "': it begins with '" + first + "'");
    }
    for (String line : lines.subList(1, lines.size())) {
      Matcher matcher = LINE.matcher(line);
      // one may have been cut short
      if (matcher.matches()) {
        boolean ok = matcher.group(2).equals(OK);
        over.put(matcher.group(1), new Outcome(ok, Long.parseLong(matcher.group(3))));
      }
    }
    if (!Files.readString(path).endsWith("\n")) {
      Files.writeString(path, "\n", StandardOpenOption.APPEND);
    }
  }

  boolean isOver(Run run) {
    return over.containsKey(run.toString());
  }

  /** Notes how a run went, for this call and for later ones. */
  void note(Run run, Simulation.Result result) throws IOException {
    over.put(run.toString(), new Outcome(result.ok(), result.checks()));
    if (file.isPresent()) {
      String line =
          String.join(
              " ",
              run.toString(),
              result.ok() ? OK : FAILED,
              Long.toString(result.checks()),
              result.traceHash());
      Files.writeString(file.get(), line + "\n", StandardOpenOption.APPEND);
    }
  }

  /** Of some runs those that are over and failed. */
  List<Run> failed(List<Run> runs) {
    List<Run> failed = new ArrayList<>();
    for (Run run : runs) {
      Outcome outcome = over.get(run.toString());
      if (outcome != null && !outcome.ok()) {
        failed.add(run);
      }
    }
    return failed;
  }

  /** Things that were looked at in those of some runs that are over. */
  long checks(List<Run> runs) {
    return runs.stream()
        .map(run -> over.get(run.toString()))
        .filter(outcome -> outcome != null)
        .mapToLong(Outcome::checks)
        .sum();
  }
}
