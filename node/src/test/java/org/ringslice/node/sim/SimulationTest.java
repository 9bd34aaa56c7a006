package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringslice.node.ring.Geometry;

class SimulationTest {
  private static final SecureRandom FRESH = new SecureRandom();

  /** A seed that once failed is kept here. */
  private static final long[] KEPT_SEEDS = {1, 2};

  /** Those of large rings, with fewer nodes than they are for, that the build stays short. */
  private static final Map<String, Integer> NODES_OF_LARGE =
      Map.of(
          "flash-join", 12,
          "die-off", 60,
          "halves", 30,
          "slow", 40,
          "flapping", 40,
          "twins", 40,
          "clocks", 40,
          "churn", 60);

  private static Simulation.Result run(String scenario, long seed) {
    List<String> lines = new ArrayList<>();
    int nodes = NODES_OF_LARGE.getOrDefault(scenario, 0);
    Simulation.Options options = new Simulation.Options(nodes, seed, Scenario.shipped(scenario));
    Simulation.Result result = Simulation.run(options, lines::add);
    if (!result.ok()) {
      lines.forEach(System.out::println);
      result.reports().forEach(System.out::println);
    }
    return result;
  }

  static Stream<String> shipped() {
    return Scenario.shippedNames().stream();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void keepsWhatItPromisesInEachScenario(String scenario) {
    for (long seed : NODES_OF_LARGE.containsKey(scenario) ? new long[] {1} : KEPT_SEEDS) {
      assertEquals(List.of(), run(scenario, seed).failures(), "seed " + seed);
    }
    long fresh = FRESH.nextInt(1 << 30);
    System.out.println("scenario " + scenario + " with the fresh seed " + fresh);
    assertEquals(List.of(), run(scenario, fresh).failures(), "seed " + fresh);
  }

  @Test
  void doesTheSameAgainFromTheSameSeed() {
    Simulation.Result one = run("restarts", 11);
    Simulation.Result again = run("restarts", 11);
    Simulation.Result other = run("restarts", 12);

    assertEquals(one.traceHash(), again.traceHash());
    assertEquals(one.events(), again.events());
    assertNotEquals(one.traceHash(), other.traceHash());
  }

  @Test
  void tellsHowToReplayAFailure() {
    Scenario scenario = Scenario.parse("mine.scenario", "nodes 3\nvanish 1\ncheck ring");
    List<String> lines = new ArrayList<>();
    Simulation.Result result = Simulation.run(new Simulation.Options(5, 42, scenario), lines::add);

    assertTrue(result.failures().get(0).startsWith("check ring: node "));
    assertEquals(
        "replay with: tools/ringslice simulate --nodes 5 --seed 42 --scenario mine.scenario",
        lines.get(lines.size() - 1));
    assertEquals(3, result.phases());
    assertTrue(lines.stream().anyMatch(line -> line.contains("4 of 5 nodes")));
  }

  @Test
  void replaysWhatWasChosenInPlaceOfTheScenarios() {
    Scenario scenario = Scenario.parse("mine", "nodes 30\nwait 5s\ncheck routes");
    Simulation.Options options =
        new Simulation.Options(0, 42, scenario, OptionalInt.of(0), Optional.of(Geometry.PREFIX));
    List<String> lines = new ArrayList<>();

    assertEquals(List.of(), Simulation.run(options, lines::add).failures());
    assertTrue(
        lines
            .get(0)
            .startsWith(
                "tools/ringslice simulate --nodes 30 --seed 42 --scenario mine --view-capacity 0"
                    + " --geometry prefix "),
        lines.get(0));
    assertFalse(lines.get(lines.size() - 1).contains("hops 0.00"), lines.get(lines.size() - 1));
  }

  @Test
  void growsBeyondWhatTheScenarioSaysWhenToldTo() {
    Simulation.Result result =
        Simulation.run(
            new Simulation.Options(7, 1, Scenario.parse("mine", "nodes 2\ncheck ring")),
            line -> {});

    assertEquals(List.of(), result.failures());
    assertEquals(7 * 4 + 1, result.checks());
  }
}
