package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

class ScenarioTest {

  @Test
  void readsItsHeadAndItsLines() {
    Scenario scenario =
        Scenario.parse(
            "mine",
            """
            # a comment
            nodes 12
            small 5
            mask-bits 3   # another
            clients 2
            view-capacity 0
            geometry xor
            apart 1ms
            clock-drift 1%

            store 10 over 1.5s
            crash 10%
            check ring readable
            """);

    assertEquals(12, scenario.nodes());
    assertEquals(5, scenario.nodesIfSmall());
    assertEquals(3, scenario.maskBits());
    assertEquals(2, scenario.clients());
    assertEquals(new View.Scope(0, Geometry.XOR), scenario.head().scope());
    assertEquals(1_000_000, scenario.head().apartNanos());
    assertEquals(0.01, scenario.head().clockDrift(), 1e-9);
    assertEquals(
        List.of("store 10 over 1.5s", "crash 10%", "check ring readable"),
        scenario.steps().stream().map(Scenario.Step::line).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explode 3",
        "crash",
        "crash many",
        "crash 120%",
        "crash -3",
        "wait 10",
        "wait -1s",
        "delay 3ms",
        "delay 5ms..1ms",
        "store x",
        "store 5 in 3s",
        "loss 5",
        "check nothing",
        "wait 5s 6s",
        "nodes 0",
        "mask-bits 9",
        "lookups 5",
        "lookups 5 in 3s",
        "churn 1% for 5s",
        "churn 1%/min",
        "flap 1 5s",
        "join 5 in 3s",
        "join 0",
        "join -5%",
        "twin 0",
        "rot 3",
        "rot 3 5",
        "rot 3 120%",
        "torn 2 in 3s",
        "backup",
        "rollback some",
        "reads 5",
        "small 0",
        "apart 5",
        "clock-drift 101%",
        "geometry square",
        "view-capacity 513",
        "wait 1s\nnodes 5"
      })
  void saysWhichLineItDoesNotUnderstand(String lines) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Scenario.parse("mine", "clients 1\n" + lines));

    int wrong = 1 + (int) lines.lines().count();
    assertTrue(refused.getMessage().startsWith("mine, line " + wrong + ": "), refused.getMessage());
  }

  @Test
  void takesSharesAsNumbersPercentagesAndAll() {
    assertEquals(3, Share.parse("3").of(10));
    assertEquals(3, Share.parse("3").of(100));
    assertEquals(2, Share.parse("3").of(2));
    assertEquals(10, Share.parse("10%").of(100));
    assertEquals(1, Share.parse("10%").of(3));
    assertEquals(0, Share.parse("0").of(3));
    assertEquals(7, Share.parse("all").of(7));
    assertEquals(0, Share.parse("all").of(0));
  }

  @Test
  void moreMayComeThanThereAre() {
    assertEquals(90, Share.ofMore("900%").ofMore(10));
    assertEquals(7, Share.ofMore("7").ofMore(0));
  }

  @Test
  void comesWithScenariosThatAllCanBeRead() {
    for (String name : Scenario.shippedNames()) {
      assertEquals(name, Scenario.shipped(name).name());
      assertTrue(Scenario.shipped(name).steps().size() > 3);
    }
    assertThrows(IllegalArgumentException.class, () -> Scenario.shipped("none"));
  }
}
