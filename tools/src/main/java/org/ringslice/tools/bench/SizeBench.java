package org.ringslice.tools.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Id;
import org.ringslice.node.replica.Sizing;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.KnownArcs;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.SizeEstimate;

/**
 * How far the estimate of the number of nodes is off, and how often its interval holds the truth,
 * when nothing is known but the answers to some calls. Calculated, without any node.
 */
final class SizeBench {
  private static final int[] SIZES = {300, 1_000, 5_000};
  private static final int[] CALLS = {12, 50};
  private static final int MASK_BITS = 2;
  private static final int RUN_ARCS = Sizing.PEERS_A_CALL - 1;

  private final Figures figures;
  private final int seeds;
  private final boolean randomPoints;

  /**
   * @param randomPoints whether all points that are asked about are random, and not in equal steps
   */
  SizeBench(Figures figures, int seeds, boolean randomPoints) {
    this.figures = figures;
    this.seeds = seeds;
    this.randomPoints = randomPoints;
  }

  void run() {
    for (int nodes : SIZES) {
      measure(nodes, 1, "random ids");
      measure(nodes, Evening.DRAWN, "evened ids");
    }
  }

  /**
   * One ring.
   *
   * @param estimates one for each number of calls
   * @param variation the coefficient of variation of its arcs
   * @param dependence by how much runs of neighbouring arcs vary more than as many arcs from
   *     anywhere on the ring
   */
  private record Trial(List<Estimate> estimates, double variation, double dependence) {}

  private void measure(int nodes, int drawn, String how) {
    List<Trial> trials =
        IntStream.range(0, seeds)
            .parallel()
            .mapToObj(seed -> trial(nodes, drawn, new SplittableRandom(seed)))
            .toList();
    String ids = String.format(Locale.ROOT, "%,d %s", nodes, how);
    for (int i = 0; i < CALLS.length; i++) {
      int at = i;
      figures.estimates(
          "size",
          ids + ", " + CALLS[i] + " calls",
          nodes,
          trials.stream().map(trial -> trial.estimates().get(at)).toList());
    }
    figures.ratio("size", ids + ": coefficient of variation", mean(trials, Trial::variation));
    figures.ratio(
        "size",
        ids + ": variance of runs of " + RUN_ARCS + " over chance",
        mean(trials, Trial::dependence));
  }

  private static double mean(List<Trial> trials, ToDoubleFunction<Trial> figure) {
    return trials.stream().mapToDouble(figure).average().orElseThrow();
  }

  private Trial trial(int nodes, int drawn, SplittableRandom random) {
    Ring ring = new GrowingRing(drawn, MASK_BITS, random).grownTo(nodes);
    double[] arcs =
        ring.nodes().stream()
            .mapToDouble(node -> node.minus(ring.previous(node)).toFraction() * nodes - 1)
            .toArray();
    double variance = Arrays.stream(arcs).map(arc -> arc * arc).sum() / nodes;
    double ofRuns = 0;
    int runs = nodes / RUN_ARCS;
    for (int run = 0; run < runs; run++) {
      double sum = Arrays.stream(arcs, run * RUN_ARCS, (run + 1) * RUN_ARCS).sum();
      ofRuns += sum * sum / runs;
    }
    // drawn without putting back
    double byChance = variance * RUN_ARCS * (nodes - RUN_ARCS) / (nodes - 1);
    List<Estimate> estimates =
        IntStream.of(CALLS).mapToObj(calls -> estimate(ring, calls, random)).toList();
    return new Trial(estimates, Math.sqrt(variance), ofRuns / byChance);
  }

  private Estimate estimate(Ring ring, int calls, SplittableRandom random) {
    KnownArcs known = new KnownArcs();
    List<Id> points =
        randomPoints
            ? Stream.generate(() -> Sizing.points(1, random::nextLong).get(0)).limit(calls).toList()
            : Sizing.points(calls, random::nextLong);
    for (Id point : points) {
      known.addPeersAfter(point, ring.neighbours(Direction.NEXT, point, Sizing.PEERS_A_CALL));
    }
    return SizeEstimate.ofNodes(known);
  }
}
