package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.node.sim.Scenario;

/** Many simulations by one command, which can be stopped and given again. */
class CampaignTest {
  private static final String SMALL =
      """
      nodes 2
      store 5
      check stored copies
      """;

  @TempDir Path folder;
  private Path scenario;
  private Path notes;

  @BeforeEach
  void begin() throws IOException {
    scenario = Files.writeString(folder.resolve("mine.scenario"), SMALL);
    notes = folder.resolve("notes.txt");
  }

  private Cli.Outcome run(String seeds, String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of("simulate", "--scenario", scenario.toString(), "--seeds", seeds));
    words.addAll(List.of("--resume", notes.toString()));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void goesOnWhereItWasStopped() throws IOException {
    run("1..2").expectDone();
    List<String> first = Files.readAllLines(notes);
    assertEquals(3, first.size());
    assertTrue(first.get(1).startsWith("1 " + scenario + " ok "), first.get(1));

    // killed in the middle of a line
    Files.writeString(notes, String.join("\n", first) + "\n3 " + scenario + " ok 1");
    Cli.Outcome again = run("1..4");
    again.expectDone();
    assertTrue(again.out().contains("ok: 4 runs, "), again.out());
    List<String> all = Files.readAllLines(notes);
    assertEquals(first, all.subList(0, 3));
    assertTrue(all.get(4).startsWith("3 " + scenario + " ok "), all.get(4));
    assertEquals(6, all.size());
  }

  @Test
  void tellsOfEachThatFailsAndGoesOn() throws IOException {
    Files.writeString(scenario, "nodes 3\nvanish 1\ncheck ring\n");
    Cli.Outcome outcome = run("7..8");

    assertEquals(Main.COULD_NOT, outcome.code());
    for (int seed = 7; seed <= 8; seed++) {
      String command = "simulate --nodes 3 --seed " + seed + " --scenario " + scenario;
      assertTrue(
          outcome.out().contains("FAILED " + CalledAs.name() + " " + command), outcome.out());
    }
    assertTrue(outcome.out().contains("FAILED: 2 runs, "), outcome.out());
    // what failed counts also when it is not run again
    assertEquals(Main.COULD_NOT, run("7..8").code());
  }

  @Test
  void doesNotMixRunsThatWereMadeInAnotherWay() {
    run("1..1").expectDone();
    Cli.Outcome other = run("1..1", "--with", "rot");

    assertEquals(Main.COULD_NOT, other.code());
    assertTrue(other.err().contains("--resume: " + notes + " is not of 'simulate"), other.err());
  }

  @Test
  void takesTheScenariosThatComeWithItByTurns() {
    int round = Scenario.shippedNames().size();
    String seeds = round + ".." + (round + 2);
    Cli.Outcome outcome =
        Cli.run("simulate", "--scenario", "any", "--small", "--seeds", seeds, "--json");

    assertEquals(
        List.of("one", "two", "three"), outcome.out().lines().map(CampaignTest::scenario).toList());
  }

  private static String scenario(String line) {
    return line.replaceFirst(".*\"scenario\":\"([^\"]*)\".*", "$1");
  }
}
