package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Id;

class SizeEstimateTest {
  private static final int SEEDS = 1000;
  private static final int PEERS = 33;

  private static Id id(long top) {
    return Id.ofWords(top, 0, 0, 0);
  }

  private static Ring ring(int nodes, SplittableRandom random) {
    return new Ring(random.longs(nodes).mapToObj(SizeEstimateTest::id).toList());
  }

  private static KnownArcs sample(Ring ring, int calls, SplittableRandom random) {
    KnownArcs known = new KnownArcs();
    for (int call = 0; call < calls; call++) {
      Id point = id(random.nextLong());
      known.addPeersAfter(point, ring.neighbours(Direction.NEXT, point, PEERS));
    }
    return known;
  }

  private record Quality(double rmsError, double bias, double held) {}

  private static Quality quality(double truth, LongFunction<Estimate> bySeed) {
    List<Estimate> all = LongStream.range(0, SEEDS).mapToObj(bySeed).toList();
    double[] errors = all.stream().mapToDouble(each -> each.value() / truth - 1).toArray();
    double squares = 0;
    double sum = 0;
    for (double error : errors) {
      squares += error * error;
      sum += error;
    }
    long held = all.stream().filter(each -> each.low() <= truth && truth <= each.high()).count();
    return new Quality(Math.sqrt(squares / SEEDS), sum / SEEDS, (double) held / SEEDS);
  }

  @Property
  void arcsThatCloseTheRingGiveExactlyTheNumberOfNodes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int nodes) {
    SplittableRandom random = new SplittableRandom(seed);
    Ring ring = ring(nodes, random);
    KnownArcs whole = new KnownArcs();
    whole.addAll(ring);

    assertEquals(Estimate.exactly(ring.size()), SizeEstimate.ofNodes(whole));
    KnownArcs sampled = sample(ring, 200, random);
    if (sampled.arcs().size() == ring.size()) {
      assertEquals(Estimate.exactly(ring.size()), SizeEstimate.ofNodes(sampled));
    }
  }

  @Property
  void arcsThatDoNotCloseTheRingGiveAnIntervalAboveWhatIsKnown(
      @ForAll long seed,
      @ForAll @IntRange(min = 3, max = 300) int nodes,
      @ForAll @IntRange(min = 1, max = 12) int calls) {
    SplittableRandom random = new SplittableRandom(seed);
    Ring ring = ring(nodes, random);
    KnownArcs known = sample(ring, calls, random);
    int arcs = known.arcs().size();
    Estimate estimate = SizeEstimate.ofNodes(known);

    assertEquals(arcs == ring.size(), estimate.exact());
    assertTrue(estimate.low() <= estimate.value() && estimate.value() <= estimate.high());
    assertTrue(estimate.exact() || estimate.low() > arcs, estimate::toString);
  }

  @Example
  void ofNothingNothingIsTold() {
    assertThrows(IllegalArgumentException.class, () -> SizeEstimate.ofNodes(new KnownArcs()));
  }

  @Example
  void isUnbiasedAndTheIntervalHoldsTheTruthAsOftenAsItSays() {
    for (int nodes : new int[] {300, 1000}) {
      Quality quality =
          quality(
              nodes,
              seed -> {
                SplittableRandom random = new SplittableRandom(seed);
                return SizeEstimate.ofNodes(sample(ring(nodes, random), 12, random));
              });
      assertTrue(quality.rmsError() < 0.05, quality::toString);
      assertTrue(Math.abs(quality.bias()) < 0.005, quality::toString);
      assertTrue(quality.held() > 0.93 && quality.held() < 0.97, quality::toString);
    }
  }

  @Example
  void theIntervalHoldsTheTruthWhereOnlyAFewNodesAreMissing() {
    int nodes = 300;
    int[] inexact = new int[1];
    int[] held = new int[1];
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Estimate estimate = SizeEstimate.ofNodes(sample(ring(nodes, random), 40, random));
      inexact[0] += estimate.exact() ? 0 : 1;
      held[0] += !estimate.exact() && estimate.low() <= nodes && nodes <= estimate.high() ? 1 : 0;
      assertTrue(estimate.value() > 280 && estimate.value() < 320, estimate::toString);
    }
    assertTrue(inexact[0] > 300 && inexact[0] < 700, "inexact " + inexact[0]);
    double share = (double) held[0] / inexact[0];
    assertTrue(share > 0.93 && share < 0.985, "held " + share);
  }

  @Example
  void evenArcsGiveANarrowInterval() {
    SplittableRandom random = new SplittableRandom(1);
    List<Id> grid =
        LongStream.range(0, 1000)
            .mapToObj(i -> id(i * Long.divideUnsigned(-1, 1000) + random.nextLong(1L << 52)))
            .toList();
    Estimate even = SizeEstimate.ofNodes(sample(new Ring(grid), 4, random));
    Estimate uneven = SizeEstimate.ofNodes(sample(ring(1000, random), 4, random));

    assertTrue(even.low() <= 1000 && 1000 <= even.high(), even::toString);
    assertTrue(even.high() - even.low() < (uneven.high() - uneven.low()) / 3);
  }

  private static List<SizeEstimate.Counted> counted(Ring ring, Set<Id> items, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            place -> {
              Arc arc = new Arc(ring.previous(ring.node(place)), ring.node(place));
              return new SizeEstimate.Counted(arc, items.stream().filter(arc::contains).count());
            })
        .toList();
  }

  private static Set<Id> items(int count, SplittableRandom random) {
    TreeSet<Id> items = new TreeSet<>();
    random.longs(count).forEach(top -> items.add(id(top)));
    return items;
  }

  @Example
  void itemsThatAreAllCountedAreExact() {
    SplittableRandom random = new SplittableRandom(1);
    Ring ring = ring(20, random);
    Set<Id> items = items(100, random);

    assertEquals(Estimate.exactly(100), SizeEstimate.ofItems(counted(ring, items, 0, 20), true));
    Estimate most = SizeEstimate.ofItems(counted(ring, items, 0, 19), false);
    assertFalse(most.exact());
    assertTrue(most.low() <= 100 && 100 <= most.high(), most::toString);
  }

  @Example
  void theIntervalOfItemsHoldsTheTruthAsOftenAsItSays() {
    for (int count : new int[] {0, 5, 100, 1000}) {
      Quality quality =
          quality(
              count,
              seed -> {
                SplittableRandom random = new SplittableRandom(seed);
                Ring ring = ring(50, random);
                return SizeEstimate.ofItems(counted(ring, items(count, random), 0, 20), false);
              });
      // of few there are only few intervals, and none may hold it less often
      assertTrue(quality.held() > 0.93, count + ": " + quality);
      assertTrue(quality.held() < 0.985 || count < 100, count + ": " + quality);
    }
  }

  @Example
  void noItemInATenthOfTheRingLeavesRoomForThirtyFive() {
    List<SizeEstimate.Counted> none =
        List.of(new SizeEstimate.Counted(new Arc(Id.ZERO, id(Long.divideUnsigned(-1, 10))), 0));
    Estimate estimate = SizeEstimate.ofItems(none, false);

    // 0.9^35 = 2.5 %
    assertEquals(0, estimate.value());
    assertEquals(0, estimate.low());
    assertEquals(35.0, (double) estimate.high(), 1.5);
    assertEquals(new Estimate(0, 0, Long.MAX_VALUE, false), SizeEstimate.ofItems(List.of(), false));
  }

  @Example
  void itemsThatLieInHeapsWidenTheInterval() {
    SplittableRandom random = new SplittableRandom(3);
    Ring ring = ring(100, random);
    Set<Id> spread = items(5000, random);
    TreeSet<Id> heaped = new TreeSet<>();
    items(50, random)
        .forEach(heap -> IntStream.range(0, 100).forEach(i -> heaped.add(id(heap.word(0) + i))));
    Estimate even = SizeEstimate.ofItems(counted(ring, spread, 0, 40), false);
    Estimate uneven = SizeEstimate.ofItems(counted(ring, heaped, 0, 40), false);

    List<Long> widths = new ArrayList<>();
    List.of(even, uneven).forEach(each -> widths.add(each.high() - each.low()));
    assertTrue(widths.get(1) > 4 * widths.get(0), widths::toString);
    assertTrue(uneven.low() <= 5000 && 5000 <= uneven.high(), uneven::toString);
  }
}
