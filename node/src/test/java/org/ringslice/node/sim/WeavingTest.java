package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeavingTest {
  private static final Set<DiskFault> ALL = EnumSet.allOf(DiskFault.class);
  private static final List<String> VERBS = List.of("rot", "torn", "backup", "rollback");

  private static List<String> woven(String scenario, Set<DiskFault> with, long seed) {
    return Weaving.weave(Scenario.shipped(scenario), with, seed).stream()
        .map(Scenario.Step::line)
        .toList();
  }

  private static String verb(String line) {
    return Words.of(line).verb();
  }

  @Test
  void putsEachKindAmongTheLinesAndLeavesThoseAsTheyAre() {
    List<String> before = woven("crashes", Set.of(), 3);
    List<String> after = woven("crashes", ALL, 3);

    VERBS.forEach(
        verb -> assertTrue(after.stream().anyMatch(line -> verb(line).equals(verb)), verb));
    assertEquals(before.get(0), after.get(0));
    assertEquals(
        before,
        after.stream()
            .filter(line -> !VERBS.contains(verb(line)) && !line.equals("wait 20s"))
            .toList());
  }

  @Test
  void leavesTimeToMendBeforeEachCheck() {
    for (long seed = 0; seed < 100; seed++) {
      boolean isMended = true;
      for (String line : woven("disks", ALL, seed)) {
        isMended = (isMended || line.equals("wait 20s")) && !VERBS.contains(verb(line));
        assertTrue(isMended || !line.startsWith("check"), "seed " + seed);
      }
    }
  }

  /** A neighbour of a node that was away holds its items until they have been kept for so long. */
  @Test
  void leavesTimeToTidyBeforeItIsLookedWhetherAllIsTidy() {
    for (String scenario : List.of("leaves", "routed-split", "forgotten")) {
      long kept = Scenario.shipped(scenario).head().keepNanos() / 1_000_000_000L;
      for (long seed = 0; seed < 100; seed++) {
        boolean isTidy = true;
        for (String line : woven(scenario, ALL, seed)) {
          isTidy =
              (isTidy || line.equals("wait " + (kept + 100) + "s")) && !VERBS.contains(verb(line));
          assertTrue(isTidy || !line.matches("check.* tidy.*"), scenario + ", seed " + seed);
        }
      }
    }
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertEquals(woven("joins", ALL, 5), woven("joins", ALL, 5));
    assertNotEquals(woven("joins", ALL, 5), woven("joins", ALL, 6));
  }

  @Test
  void knowsItsFaultsByTheirVerbs() {
    assertEquals(Set.of(DiskFault.ROT, DiskFault.TORN), DiskFault.parse("torn,rot"));
    assertEquals("rot,torn,rollback", DiskFault.text(ALL));
    assertThrows(IllegalArgumentException.class, () -> DiskFault.parse("rot,dust"));
  }
}
