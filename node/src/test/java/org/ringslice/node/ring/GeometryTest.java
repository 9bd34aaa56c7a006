package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three geometries on rings in which every node knows whom it is to know. */
class GeometryTest {
  private static SettledRing ring(String name, int nodes) {
    Geometry geometry = Geometry.named(name).orElseThrow();
    return new SettledRing(nodes, 0, geometry, new SplittableRandom(7));
  }

  /** At most ½·log2 N + 1 hops for the ring, and 1.2 times what the papers have for the others. */
  @ParameterizedTest
  @CsvSource({
    "ring, 100, 4.3",
    "ring, 1000, 6.0",
    "ring, 10000, 7.6",
    "prefix, 100, 1.99",
    "prefix, 1000, 2.99",
    "prefix, 10000, 3.98",
    "xor, 100, 1.8",
    "xor, 1000, 2.7",
    "xor, 10000, 3.6"
  })
  void leadsEveryLookUpToTheOwnerInFewHops(
      String name, int nodes, double meanMax, TestReporter reporter) {
    int[] hops = ring(name, nodes).hops(2_000);
    double mean = Arrays.stream(hops).average().orElseThrow();
    reporter.publishEntry(
        name + " " + nodes, "hops: mean " + mean + ", at most " + hops[hops.length - 1]);
    assertTrue(mean <= meanMax, () -> "hops on the mean: " + mean);
  }

  @ParameterizedTest
  @CsvSource({"ring, 31", "prefix, 72", "xor, 83"})
  void knowsFew(String name, int most) {
    SettledRing ring = ring(name, 1000);
    for (int i = 0; i < 10; i++) {
      int count = ring.contactCount();
      assertTrue(count >= 17 && count <= most, () -> "a node knows " + count);
    }
  }
}
