package org.ringslice.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;
import org.ringslice.node.sim.Scenario;
import org.ringslice.node.sim.Simulation;
import picocli.CommandLine.Option;

/** {@code simulate}: a ring in virtual time. */
@picocli.CommandLine.Command(
    name = "simulate",
    description = "Run a whole ring in virtual time, with faults, and check what came of it.",
    footer = {
      "",
      "Scenarios that come with it: one, two, three, calm, crashes, split, loss, restarts, joins,",
      "healing, disks, busy, come-and-go, leaves, watch, watch-faults, talk; and of large rings, in",
      "which nodes do not know each other all: routed, routed-split, routed-watch, grows,",
      "flash-join, die-off, halves, slow, flapping, twins, clocks, churn.",
      "A line a phase: when, what it took, the nodes that live, what each sent in a second on the",
      "mean, what was checked, and how look-ups went: hops are how often one was passed on.",
      "The same seed gives the same run, bit for bit.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} simulate --scenario crashes --nodes 100 --seed 7"
    })
final class SimulateCommand extends Command {
  /** How a simulation names the command that does it again. */
  private static final String AS_IN_THE_TREE = "tools/ringslice simulate ";

  /** Seeds that are drawn are short, for people have to type them again. */
  private static final long DRAWN_SEEDS = 1_000_000;

  /** Ten times what fits 2 GiB of heap. */
  private static final int NODES_MAX = 100_000;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Nodes to begin with; default: as the scenario says.")
  Integer nodes;

  @Option(names = "--seed", paramLabel = "S", description = "What all is drawn from; default: any.")
  Long seed;

  @Option(
      names = "--scenario",
      paramLabel = "F",
      description = "The name of one that comes with it, or a file; default: ${DEFAULT-VALUE}.")
  String scenario = "calm";

  @Option(
      names = "--view-capacity",
      paramLabel = "N",
      description = {
        "Peers of which a node knows all, 0 to " + View.CAPACITY_MAX + ".",
        "Default: as the scenario says."
      })
  Integer viewCapacity;

  @Option(
      names = "--geometry",
      paramLabel = "ring|prefix|xor",
      description = "Whom it knows when there are more; default: as the scenario says.")
  String geometry;

  @Override
  public Integer call() throws IOException {
    Logs.ofClient(verbose);
    Simulation.Result result = Simulation.run(options(), this::tell);
    Results results = console.results();
    if (json) {
      results.line(object(result));
    } else {
      results.line(
          String.format(
              Locale.ROOT,
              "%s: %,d checks, %d failed; seed %d, trace %s",
              result.ok() ? "ok" : "FAILED",
              result.checks(),
              result.failures().size(),
              result.seed(),
              result.traceHash()));
    }
    if (!result.ok()) {
      throw new CommandException("the simulation failed: " + result.failures().get(0));
    }
    return Main.DONE;
  }

  private Simulation.Options options() throws IOException {
    try {
      long drawn = seed == null ? ThreadLocalRandom.current().nextLong(DRAWN_SEEDS) : seed;
      OptionalInt capacity =
          viewCapacity == null ? OptionalInt.empty() : OptionalInt.of(viewCapacity);
      int count = nodes == null ? 0 : checked(nodes);
      return new Simulation.Options(count, drawn, scenario(), capacity, geometry());
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private int checked(int count) {
    if (count < 1 || count > NODES_MAX) {
      throw misuse("--nodes: 1 to " + NODES_MAX + " nodes, not " + count);
    }
    return count;
  }

  private Optional<Geometry> geometry() {
    Optional<Geometry> named = Optional.ofNullable(geometry).flatMap(Geometry::named);
    if (geometry != null && named.isEmpty()) {
      throw misuse("--geometry: ring, prefix or xor");
    }
    return named;
  }

  private Scenario scenario() throws IOException {
    if (Scenario.shippedNames().contains(scenario)) {
      return Scenario.shipped(scenario);
    }
    Path file = Path.of(scenario);
    if (!Files.isRegularFile(file)) {
      throw misuse(
          "--scenario: there is no file "
              + scenario
              + ", and of those that come with it there are "
              + String.join(", ", Scenario.shippedNames()));
    }
    try {
      return Scenario.parse(scenario, Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new CommandException(scenario + " is not a text in UTF-8");
    }
  }

  /** For people each phase as it ends; a script gets the outcome. */
  private void tell(String line) {
    if (json) {
      return;
    }
    try {
      console.results().line(line.replace(AS_IN_THE_TREE, CalledAs.name() + " simulate "));
      console.results().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json object(Simulation.Result result) {
    return new Json()
        .put("seed", result.seed())
        .put("trace_hash", result.traceHash())
        .put("checks", result.checks())
        .put("ok", result.ok())
        .put("failures", result.failures())
        .put("phases", result.phases())
        .put("messages", result.messages())
        .put("events", result.events())
        .put("virtual_ms", Math.round(result.virtualSeconds() * 1e3))
        .put("real_ms", Math.round(result.realSeconds() * 1e3))
        .put("lookups_right", result.lookedUp().right())
        .put("lookups_failed", result.lookedUp().errors())
        .put("lookups_wrong", result.lookedUp().wrong())
        .put("hops_mean", result.lookedUp().hopsMean())
        .put("hops_p99", result.lookedUp().hopsP99());
  }
}
