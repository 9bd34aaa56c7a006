package org.ringslice.tools.bench;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
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

  private void measure(int nodes, int drawn, String how) {
    List<List<Estimate>> bySeed =
        IntStream.range(0, seeds)
            .parallel()
            .mapToObj(seed -> estimates(nodes, drawn, new SplittableRandom(seed)))
            .toList();
    for (int i = 0; i < CALLS.length; i++) {
      int at = i;
      String params =
          String.format(Locale.ROOT, "%,d %s, %d calls", nodes, how, CALLS[i]);
      figures.estimates(
          "size", params, nodes, bySeed.stream().map(estimates -> estimates.get(at)).toList());
    }
  }

  /** One for each number of calls, of one ring. */
  private List<Estimate> estimates(int nodes, int drawn, SplittableRandom random) {
    Ring ring = new GrowingRing(drawn, MASK_BITS, random).grownTo(nodes);
    return IntStream.of(CALLS).mapToObj(calls -> estimate(ring, calls, random)).toList();
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
