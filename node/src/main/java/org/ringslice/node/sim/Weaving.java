package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Faults of disks, woven in between the lines of a scenario by a seed: at random places, each kind
 * once or twice. Before it is checked what came of it there is time to make good what is damaged,
 * and nothing else about the scenario is changed.
 */
final class Weaving {
  /** Longer than until a scrubber here has come by, and a node that was put back has settled. */
  private static final String TIME_TO_MEND = "wait 20s";

  /**
   * From the end of a fault until nobody holds what it need not, beside the time for which copies
   * are kept anyway: a node whose neighbour was away has come to hold that one's items. It is given
   * what it lacks, then 20 s must pass in which nobody asks for such copies, and what could not be
   * proved is tried again after a minute.
   */
  private static final int SECONDS_TO_TIDY = 100;

  private static final List<String> COPIES = List.of("10%", "30%", "100%");
  private static final List<String> AWAY = List.of("1s", "3s", "5s");

  private final SplittableRandom random;
  private final int steps;
  private final String timeToTidy;

  /** What comes before the line of that number. */
  private final TreeMap<Integer, List<String>> woven = new TreeMap<>();

  private Weaving(SplittableRandom random, int steps, long keepNanos) {
    this.random = random;
    this.steps = steps;
    timeToTidy = "wait " + (TimeUnit.NANOSECONDS.toSeconds(keepNanos) + SECONDS_TO_TIDY) + "s";
  }

  /** The lines of a scenario, with those faults among them. */
  static List<Scenario.Step> weave(Scenario scenario, Set<DiskFault> faults, long seed) {
    List<Scenario.Step> lines = scenario.steps();
    if (faults.isEmpty() || lines.size() < 2) {
      return lines;
    }
    // forks of the seed itself draw all else
    SplittableRandom random = new SplittableRandom(~seed);
    Weaving weaving = new Weaving(random, lines.size(), scenario.head().keepNanos());
    for (DiskFault fault : faults.stream().sorted().toList()) {
      for (int count = 1 + random.nextInt(2); count > 0; count--) {
        weaving.add(fault);
      }
    }
    return weaving.with(lines);
  }

  private void add(DiskFault fault) {
    switch (fault) {
      case ROT -> at(place(), "rot " + some(3) + " " + one(COPIES));
      case TORN -> at(place(), "torn " + some(2) + " for " + one(AWAY));
      case ROLLBACK -> {
        int[] places = {place(), place()};
        Arrays.sort(places);
        at(places[0], "backup all");
        at(places[1], "rollback " + some(2));
      }
    }
  }

  private int place() {
    return 1 + random.nextInt(steps - 1);
  }

  private int some(int most) {
    return 1 + random.nextInt(most);
  }

  private String one(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private void at(int place, String line) {
    woven.computeIfAbsent(place, none -> new ArrayList<>()).add(line);
  }

  private List<Scenario.Step> with(List<Scenario.Step> lines) {
    List<Scenario.Step> all = new ArrayList<>();
    boolean isMended = true;
    boolean isTidy = true;
    for (int i = 0; i < lines.size(); i++) {
      for (String line : woven.getOrDefault(i, List.of())) {
        all.add(Scenario.step(line));
        isMended = false;
        isTidy = false;
      }
      if (!isTidy && lines.get(i).checks().contains("tidy")) {
        all.add(Scenario.step(timeToTidy));
        isMended = true;
        isTidy = true;
      } else if (!isMended && isForMended(lines.get(i))) {
        all.add(Scenario.step(TIME_TO_MEND));
        isMended = true;
      }
      all.add(lines.get(i));
    }
    return all;
  }

  /** Whether all must be well before that line. */
  private static boolean isForMended(Scenario.Step line) {
    return !line.checks().isEmpty() || line.line().startsWith("full-disk");
  }
}
