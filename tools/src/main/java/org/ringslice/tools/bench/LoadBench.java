package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/**
 * The share of the fullest node over the mean share, for rings that grow node by node: each at the
 * first id that it draws, or at the one of {@link Evening#DRAWN} that evens the shares most.
 */
final class LoadBench {
  private static final int[] SIZES = {3, 8, 16, 64};

  private final Figures figures;
  private final int seeds;
  private final Homes homes;
  private final int copies;

  LoadBench(Figures figures, int seeds, int maskBits) {
    this.figures = figures;
    this.seeds = seeds;
    this.homes = new Homes(maskBits);
    this.copies = homes.count();
  }

  void run() {
    for (int nodes : SIZES) {
      measure(nodes, 1, "random");
      measure(nodes, Evening.DRAWN, "evened, of " + Evening.DRAWN);
    }
  }

  private void measure(int nodes, int drawn, String how) {
    double[] ratios =
        IntStream.range(0, seeds)
            .parallel()
            .mapToDouble(seed -> fullestOverMean(grown(nodes, drawn, new SplittableRandom(seed))))
            .sorted()
            .toArray();
    figures.spread(
        "load",
        nodes + " nodes, " + copies + " copies, " + seeds + " seeds, " + how,
        "fullest over mean",
        ratios[seeds / 2],
        ratios[Math.min(seeds - 1, seeds * 99 / 100)]);
  }

  private Ring grown(int nodes, int drawn, SplittableRandom random) {
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      List<Id> draws = new ArrayList<>();
      for (int draw = 0; draw < drawn; draw++) {
        draws.add(
            Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
      }
      ids.add(drawn == 1 ? draws.get(0) : Evening.choose(draws, new Ring(ids), homes));
    }
    return new Ring(ids);
  }

  private double fullestOverMean(Ring ring) {
    double[] shares = Evening.shares(ring, homes);
    double mean = Arrays.stream(shares).average().orElseThrow();
    return Arrays.stream(shares).max().orElseThrow() / mean;
  }
}
