package org.ringslice.tools.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.SettledRing;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.sim.Scenario;
import org.ringslice.node.sim.Simulation;

/**
 * How often a look-up is passed on in rings of which nobody knows more than it must, for each
 * geometry: simulated, and beside it what the papers say. Those count the hops of tables alone;
 * here each node knows its eight neighbours on each side besides, and the nodes round its masked
 * places, which cut the last hops short, and is routed to the owner by the ring in the end.
 */
final class HopsBench {
  /** Time for the last that came, and those that it concerns, to know each other. */
  private static final String SCENARIO = "view-capacity 0\nwait 30s\ncheck routes";

  /** Of a ring that is not simulated. */
  private static final int LOOK_UPS = 10_000;

  /** Peers of a bucket. */
  private static final int BUCKET = 8;

  /** One of the three, and the mean that its paper has for a number of nodes. */
  private record Compared(Geometry geometry, IntToDoubleFunction paper) {}

  private static final List<Compared> ALL =
      List.of(
          new Compared(Geometry.RING, HopsBench::ofChord),
          new Compared(Geometry.PREFIX, HopsBench::ofPastry),
          new Compared(Geometry.XOR, HopsBench::ofKademlia));

  private final Figures figures;
  private final long seed;
  private final boolean tables;

  /**
   * @param tables whether nothing is simulated, and each node knows whom it is to know
   */
  HopsBench(Figures figures, long seed, boolean tables) {
    this.figures = figures;
    this.seed = seed;
    this.tables = tables;
  }

  void run(List<Integer> sizes) {
    for (int nodes : sizes) {
      for (Compared compared : ALL) {
        Geometry geometry = compared.geometry();
        figures.hops(
            String.format(Locale.ROOT, "%,d nodes, %s", nodes, geometry.name()),
            tables ? settled(nodes, geometry) : simulated(nodes, geometry),
            compared.paper().applyAsDouble(nodes));
      }
    }
  }

  private Simulation.LookedUp settled(int nodes, Geometry geometry) {
    int maskBits = NodeConfig.DEFAULT_MASK_BITS;
    int[] hops =
        new SettledRing(nodes, maskBits, geometry, new SplittableRandom(seed)).hops(LOOK_UPS);
    double mean = Arrays.stream(hops).average().orElseThrow();
    return new Simulation.LookedUp(hops.length, 0, 0, mean, hops[hops.length * 99 / 100]);
  }

  private Simulation.LookedUp simulated(int nodes, Geometry geometry) {
    Simulation.Options options =
        new Simulation.Options(
            nodes,
            seed,
            Scenario.parse("hops", SCENARIO),
            OptionalInt.empty(),
            Optional.of(geometry),
            Set.of());
    return Simulation.run(options, line -> {}).lookedUp();
  }

  /** Stoica and others, SIGCOMM 2001, section 6.3: half of log2 N. */
  static double ofChord(int nodes) {
    return log2(nodes) / 2;
  }

  /**
   * Rowstron and Druschel, Middleware 2001, section 2.3, have log16 N for digits of 4 bits; of the
   * digits one in 16 is right by chance, which leaves 15/16 of that.
   */
  static double ofPastry(int nodes) {
    return log2(nodes) / 4 * 15 / 16;
  }

  /**
   * Calculated as in Cai and Devroye, "A Probabilistic Analysis of Kademlia Networks", ISAAC 2013:
   * log2 N over the bits that one hop gains on the mean. Of the 8 peers of a bucket each gains one
   * bit, and one more with chance 1/2, and so on; the best of them counts.
   */
  static double ofKademlia(int nodes) {
    double bits = 0;
    double gainless = 0;
    for (double chance = 1; gainless < 1; chance /= 2) {
      gainless = Math.pow(1 - chance, BUCKET);
      bits += 1 - gainless;
    }
    return log2(nodes) / bits;
  }

  private static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }
}
