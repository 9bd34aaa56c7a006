package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ringslice.node.core.Core;

/** Look-ups of a simulation: counted, and held against who was on the ring. */
class LookUpsTest {
  private static final long SECOND = 1_000_000_000L;

  private static List<String> lines(String... scenario) {
    Scenario parsed = Scenario.parse("mine", String.join("\n", scenario));
    List<String> lines = new ArrayList<>();
    Simulation.run(new Simulation.Options(0, 8, parsed), lines::add);
    return lines;
  }

  @Test
  void areCountedWithTheirHopsInTheLineOfTheirPhase() {
    List<String> lines =
        lines("nodes 40", "view-capacity 0", "wait 10s", "lookups 50 over 1s", "wait 5s");
    String last = lines.get(lines.size() - 1);

    assertTrue(
        last.matches(
            ".*wait 5s; 50 look-ups right, 0 errors, 0 wrong; hops 1\\.\\d\\d " + "mean, \\d p99"),
        last);
    assertTrue(last.matches(".* [1-9]\\d* messages, +\\d+\\.\\d /node/s, +\\d+ bytes/node/s .*"));
  }

  @Test
  void areNotPassedOnMoreThanOnceWhereAllKnowAll() {
    String checked = lines("nodes 10", "check routes").get(2);

    assertTrue(
        checked.matches(".*1,000 look-ups right, 0 errors, 0 wrong; hops 0\\.\\d\\d mean, 1 p99"),
        checked);
  }

  private static Core wrapped(Core core) {
    return (event, turn) -> core.handle(event, turn);
  }

  @Test
  void seeThatOneIsNamedWhoIsNotOnTheRing() {
    World world = new World(6, 2);
    world.startNodes(4);
    SplittableRandom random = world.fork();
    // into what is wrapped the simulation can't look, so it does not count it
    Host unseen =
        world.addNode(World.NETWORK_NAME, World.randomId(random), 2, random, LookUpsTest::wrapped);
    world.start(unseen);
    world.pass(10 * SECOND);

    world.lookUps().order(200, SECOND, Presence.GRACE_NANOS);
    world.pass(5 * SECOND);
    Tally tally = world.lookUps().total();

    assertEquals(200, tally.all());
    assertTrue(tally.wrong() > 10 && tally.wrong() < 190, tally.toString());
    assertTrue(world.lookUps().takeMistakes().get(0).contains("was told of " + unseen.id()));
    Check.Findings findings = new Check.Findings();
    Check.named("looked-up").look(world, findings);
    assertEquals(1, findings.failed());
    Check.named("routes").look(world, findings);
    assertTrue(findings.failed() > 50 && findings.failed() < 950);
  }

  @Test
  void tellTheHopsOf99OfAHundred() {
    Tally tally = new Tally();
    assertEquals("", tally.toString());
    for (int i = 0; i < 98; i++) {
      tally.answered(true, 2);
    }
    tally.answered(true, 5);
    tally.answered(false, 9);
    tally.failed();

    assertEquals(5, tally.hopsP99());
    assertEquals((98 * 2 + 5 + 9) / 100.0, tally.hopsMean(), 1e-9);
    assertEquals("99 look-ups right, 1 errors, 1 wrong; hops 2.10 mean, 5 p99", tally.toString());
  }
}
