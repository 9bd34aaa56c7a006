package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/**
 * A whole network of real nodes in virtual time, in one thread: real cores and real messages, over
 * a network, disks and clocks that fail as the scenario says, and checkers that look at the
 * outcome. Everything comes from one seed; the same options give the same run, bit for bit, which
 * {@link Result#traceHash} shows.
 */
public final class Simulation {
  /** A ring that was just switched on is left alone for so long. */
  private static final long SETTLE_NANOS = 5_000_000_000L;

  /** Failures kept; past that they are only counted. */
  private static final int FAILURES_MAX = 20;

  /**
   * What to simulate.
   *
   * @param nodes the ring to begin with; 0 for what the scenario says
   * @param viewCapacity peers of which a node knows all, in place of what the scenario says
   * @param geometry whom it knows beyond that, in place of what the scenario says
   * @param with faults of disks that are woven in between the lines of the scenario
   */
  public record Options(
      int nodes,
      long seed,
      Scenario scenario,
      OptionalInt viewCapacity,
      Optional<Geometry> geometry,
      Set<DiskFault> with) {
    public Options {
      with = Set.copyOf(with);
      if (nodes < 0) {
        throw new IllegalArgumentException("a ring of " + nodes + " nodes");
      }
      viewCapacity.ifPresent(View.Scope::checkCapacity);
    }

    /** All as the scenario says, but for the number of nodes. */
    public Options(int nodes, long seed, Scenario scenario) {
      this(nodes, seed, scenario, Set.of());
    }

    /** The same with faults of disks. */
    public Options(int nodes, long seed, Scenario scenario, Set<DiskFault> with) {
      this(nodes, seed, scenario, OptionalInt.empty(), Optional.empty(), with);
    }

    private List<Scenario.Step> steps() {
      return Weaving.weave(scenario, with, seed);
    }

    /** How many nodes the ring begins with. */
    public int nodesOrDefault() {
      return nodes > 0 ? nodes : scenario.nodes();
    }

    private Head head() {
      View.Scope scope = scenario.head().scope();
      View.Scope given =
          new View.Scope(viewCapacity.orElse(scope.capacity()), geometry.orElse(scope.geometry()));
      return scenario.head().withNodes(nodesOrDefault()).with(given);
    }

    /** The command that does this again. */
    public String command() {
      return "tools/ringslice simulate --nodes "
          + nodesOrDefault()
          + " --seed "
          + seed
          + " --scenario "
          + scenario.name()
          + (viewCapacity.isPresent() ? " --view-capacity " + viewCapacity.getAsInt() : "")
          + geometry.map(chosen -> " --geometry " + chosen.name()).orElse("")
          + (with.isEmpty() ? "" : " --with " + DiskFault.text(with));
    }
  }

  /**
   * How look-ups went.
   *
   * @param errors were answered with an error
   * @param wrong were told of one that does not own what was looked up
   * @param hopsMean how often those that were told of somebody were passed on; 0 when there are
   *     none
   * @param hopsP99 so often, or less often, were 99 % of them
   */
  public record LookedUp(int right, int errors, int wrong, double hopsMean, int hopsP99) {}

  /**
   * How it went.
   *
   * @param traceHash SHA-256 of everything that happened, in hex
   * @param phases lines of the scenario that were gone through
   * @param checks things that were looked at
   * @param failures what was wrong, one sentence each; the first ones, when there are many
   * @param messages sent over the network
   * @param bytes of all frames of those
   * @param lookedUp how all look-ups went
   * @param reports what the nodes reported last; empty when all went well
   */
  public record Result(
      long seed,
      String traceHash,
      int phases,
      long checks,
      List<String> failures,
      long messages,
      long bytes,
      long events,
      double virtualSeconds,
      double realSeconds,
      LookedUp lookedUp,
      List<String> reports) {
    public Result {
      failures = List.copyOf(failures);
      reports = List.copyOf(reports);
    }

    public boolean ok() {
      return failures.isEmpty();
    }
  }

  private final Options options;
  private final Consumer<String> progress;
  private final World world;
  private final Meter meter;
  private final List<String> failures = new ArrayList<>();
  private final long startedAt = System.nanoTime();
  private int phases;
  private long checks;

  private Simulation(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
    world = new World(options.seed(), options.head());
    meter = new Meter(world);
  }

  /**
   * Runs a scenario to its end.
   *
   * @param progress takes a line for each phase, and for each failure
   */
  public static Result run(Options options, Consumer<String> progress) {
    return new Simulation(options, progress).run();
  }

  private Result run() {
    Scenario scenario = options.scenario();
    progress.accept(
        options.command()
            + "   # "
            + scenario.maskBits()
            + " mask bits, "
            + scenario.clients()
            + " clients");
    world.startNodes(options.nodesOrDefault());
    world.startClients(scenario.clients());
    world.pass(SETTLE_NANOS);
    finish("start");
    for (Scenario.Step step : options.steps()) {
      step.action().befall(world);
      List<String> found = new ArrayList<>();
      for (String check : step.checks()) {
        found.add(check(check));
      }
      finish(step.line() + (found.isEmpty() ? "" : ": " + String.join(", ", found)));
    }
    if (!failures.isEmpty()) {
      progress.accept("replay with: " + options.command());
    }
    return result();
  }

  private String check(String name) {
    Check.Findings findings = new Check.Findings();
    Check.named(name).look(world, findings);
    checks += findings.made();
    findings.sentences().forEach(sentence -> fail("check " + name + ": " + sentence));
    return findings.made() - findings.failed() + " of " + findings.made();
  }

  private void fail(String sentence) {
    if (failures.size() < FAILURES_MAX) {
      failures.add(sentence);
      progress.accept("FAILED " + sentence);
    }
  }

  private void finish(String phase) {
    phases++;
    world.journal().takeTroubles().forEach(this::fail);
    StringJoiner more = new StringJoiner("; ", "; ", "").setEmptyValue("");
    Stream.of(world.presence().arrivals().take(), world.takeLookedUp(), world.custody().toString())
        .filter(line -> !line.isEmpty())
        .forEach(more::add);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%9.3f s  %7.2f s real  %5d of %d nodes  %s  %s%s",
            world.agenda().nowNanos() / 1e9,
            realSeconds(),
            world.living().size(),
            world.nodes().size(),
            meter.read(),
            phase,
            more));
  }

  private double realSeconds() {
    return (System.nanoTime() - startedAt) / 1e9;
  }

  private Result result() {
    return new Result(
        options.seed(),
        world.trace().hash(),
        phases,
        checks,
        failures,
        world.trace().messages(),
        world.trace().bytes(),
        world.trace().events(),
        world.agenda().nowNanos() / 1e9,
        realSeconds(),
        world.lookedUp(),
        failures.isEmpty() ? List.of() : world.journal().reports());
  }
}
