package org.ringslice.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;
import org.ringslice.node.sim.DiskFault;
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
      "healing, disks, busy, come-and-go, leaves, usurpers, forgotten, watch, watch-faults, talk; and",
      "of large rings, in which nodes do not know each other all: routed, routed-split,",
      "routed-watch, grows, flash-join, die-off, halves, slow, flapping, twins, clocks, churn; and",
      "of disks that go bad: rot, torn, rollback, bad-disks.",
      "A line a phase: when, what it took, the nodes that live, what each sent in a second on the",
      "mean, what was checked, and how look-ups went: hops are how often one was passed on.",
      "The same seed gives the same run, bit for bit.",
      "",
      "With --seeds many runs are made, one after the other: of each scenario by each seed, or with",
      "'--scenario any' of one by each seed, by turns. A line tells of each that fails, and how to",
      "see it again. With --resume the same command goes on where it was stopped.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} simulate --scenario crashes --nodes 100 --seed 7",
      "  ${ROOT-COMMAND-NAME} simulate --scenario any --small --seeds 1..1000 --with rot,torn,rollback \\",
      "      --resume runs.txt"
    })
final class SimulateCommand extends Command {
  /** How a simulation names the command that does it again. */
  private static final String AS_IN_THE_TREE = "tools/ringslice simulate ";

  /** Seeds that are drawn are short, for people have to type them again. */
  private static final long DRAWN_SEEDS = 1_000_000;

  /** Ten times what fits 2 GiB of heap. */
  private static final int NODES_MAX = 100_000;

  /** Of one call: more than a machine gets through in a month. */
  private static final long SEEDS_MAX = 1_000_000;

  private static final Pattern SEEDS = Pattern.compile("([0-9]{1,15})\\.\\.([0-9]{1,15})");

  private static final String ALL = "all";
  private static final String ANY = "any";

  /** Between two lines that tell how far many runs are. */
  private static final long TELL_NANOS = 10_000_000_000L;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Nodes to begin with; default: as the scenario says.")
  Integer nodes;

  @Option(names = "--seed", paramLabel = "S", description = "What all is drawn from; default: any.")
  Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "One run after the other, by each of these.")
  String seeds;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Notes each run of --seeds that is over, and passes over those noted before.")
  Path resume;

  @Option(
      names = "--scenario",
      paramLabel = "F",
      description = {
        "The name of one that comes with it, or a file; with --seeds also 'all' or 'any' of those",
        "that come with it; default: ${DEFAULT-VALUE}."
      })
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

  @Option(
      names = "--small",
      description = "Large rings with fewer nodes, as the build runs them, unless --nodes says.")
  boolean small;

  @Option(
      names = "--with",
      paramLabel = "rot,torn,rollback",
      description = "Faults of disks to weave in between the lines of the scenario, by the seed.")
  String with;

  @Override
  public Integer call() throws IOException {
    Logs.ofClient(verbose);
    if (seeds != null) {
      return runAll();
    }
    if (resume != null) {
      throw misuse("--resume: it goes with --seeds");
    }
    long drawn = seed == null ? ThreadLocalRandom.current().nextLong(DRAWN_SEEDS) : seed;
    Simulation.Result result = Simulation.run(options(drawn, scenario), this::tell);
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

  private Simulation.Options options(long by, String name) throws IOException {
    try {
      Scenario chosen = scenario(name);
      OptionalInt capacity =
          viewCapacity == null ? OptionalInt.empty() : OptionalInt.of(viewCapacity);
      int fewer = small ? chosen.nodesIfSmall() : 0;
      int count = nodes == null ? fewer : checked(nodes);
      Set<DiskFault> faults = with == null ? Set.of() : DiskFault.parse(with);
      return new Simulation.Options(count, by, chosen, capacity, geometry(), faults);
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  // ---- many runs

  private int runAll() throws IOException {
    List<Campaign.Run> runs = runs();
    Campaign campaign = new Campaign(kind(), Optional.ofNullable(resume));
    long toldAtNanos = System.nanoTime();
    for (int i = 0; i < runs.size(); i++) {
      Campaign.Run run = runs.get(i);
      if (!campaign.isOver(run)) {
        campaign.note(run, runOne(run));
      }
      if (System.nanoTime() - toldAtNanos > TELL_NANOS) {
        toldAtNanos = System.nanoTime();
        int failed = campaign.failed(runs).size();
        tell(String.format(Locale.ROOT, "%,d of %,d runs, %d failed", i + 1, runs.size(), failed));
      }
    }
    List<Campaign.Run> failed = campaign.failed(runs);
    tell(
        String.format(
            Locale.ROOT,
            "%s: %,d runs, %,d checks, %d runs failed",
            failed.isEmpty() ? "ok" : "FAILED",
            runs.size(),
            campaign.checks(runs),
            failed.size()));
    if (!failed.isEmpty()) {
      throw new CommandException(
          failed.size() + " simulations failed, the first by seed and scenario " + failed.get(0));
    }
    return Main.DONE;
  }

  private Simulation.Result runOne(Campaign.Run run) throws IOException {
    Simulation.Options options = options(run.seed(), run.scenario());
    Simulation.Result result = Simulation.run(options, line -> {});
    if (json) {
      console.results().line(object(result).put("scenario", run.scenario()));
      console.results().flush();
    } else if (!result.ok()) {
      tell("FAILED " + options.command());
      result.failures().forEach(failure -> tell("    " + failure));
    }
    return result;
  }

  /** All of these runs, but for their seeds: the command without them. */
  private String kind() {
    return "simulate --scenario "
        + scenario
        + (nodes == null ? "" : " --nodes " + nodes)
        + (small ? " --small" : "")
        + (viewCapacity == null ? "" : " --view-capacity " + viewCapacity)
        + (geometry == null ? "" : " --geometry " + geometry)
        + (with == null ? "" : " --with " + with);
  }

  private List<Campaign.Run> runs() {
    boolean each = scenario.equals(ALL);
    boolean byTurns = scenario.equals(ANY);
    List<String> names = each || byTurns ? Scenario.shippedNames() : List.of(scenario);
    long[] ends = ends();
    List<Campaign.Run> runs = new ArrayList<>();
    for (long by = ends[0]; by <= ends[1]; by++) {
      if (byTurns) {
        runs.add(new Campaign.Run(by, names.get((int) Math.floorMod(by, (long) names.size()))));
      } else {
        for (String name : names) {
          runs.add(new Campaign.Run(by, name));
        }
      }
    }
    return runs;
  }

  private long[] ends() {
    Matcher matcher = SEEDS.matcher(seeds);
    if (seed != null || !matcher.matches()) {
      throw misuse("--seeds: two numbers and no --seed, as in --seeds 1..1000");
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    if (last < first || last - first >= SEEDS_MAX) {
      throw misuse("--seeds: 1 to " + SEEDS_MAX + " of them, the lesser first");
    }
    return new long[] {first, last};
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

  private Scenario scenario(String name) throws IOException {
    if (Scenario.shippedNames().contains(name)) {
      return Scenario.shipped(name);
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw misuse(
          "--scenario: there is no file "
              + name
              + ", and of those that come with it there are "
              + String.join(", ", Scenario.shippedNames()));
    }
    try {
      return Scenario.parse(name, Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new CommandException(name + " is not a text in UTF-8");
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
