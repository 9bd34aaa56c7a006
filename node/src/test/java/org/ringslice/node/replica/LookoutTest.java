package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Homes;

/** A node that knows nobody, and is told of a ring. */
class LookoutTest {
  private static final Id QUARTER = Id.powerOfTwo(Id.BITS - 2);
  private static final Arcs A_QUARTER = Arcs.of(List.of(new Arc(Id.ZERO, QUARTER)));
  private static final Arcs ALL = Arcs.of(List.of(Arc.wholeRing(Id.ZERO)));

  private final SplittableRandom random = new SplittableRandom(3);
  private final Timers timers = new Timers();
  private final Told told = new Told();
  private Ring ring = new Ring(List.of());
  private Lookout lookout = lookout(0);
  private long now = 1;
  private int foundCount;
  private int tooManyCount;

  private final class Told implements Sampler {
    final List<Runnable> waiting = new ArrayList<>();
    int asked;
    boolean waits;
    boolean fails;

    @Override
    public Optional<Ring> whole() {
      return Optional.empty();
    }

    @Override
    public void peersAfter(
        Id at, int count, Turn turn, BiConsumer<Optional<List<Peer>>, Turn> then) {
      asked++;
      if (waits) {
        waiting.add(() -> answer(at, count, then));
      } else {
        timers.after(0, turn, later -> answer(at, count, then));
      }
    }

    private void answer(Id at, int count, BiConsumer<Optional<List<Peer>>, Turn> then) {
      List<Peer> peers =
          ring.neighbours(Direction.NEXT, at, count).stream()
              .map(id -> new Peer(id, 1, PeerState.ACTIVE, List.of()))
              .toList();
      then.accept(fails ? Optional.empty() : Optional.of(peers), turn());
    }
  }

  private final class Counting implements Lookout.Listener {
    @Override
    public void found(Turn turn) {
      foundCount++;
    }

    @Override
    public void tooMany(long thenNanos, Turn turn) {
      tooManyCount++;
      lookout.watch(Arcs.NONE, turn);
    }
  }

  private Lookout lookout(int maskBits) {
    View.Scope nobody = new View.Scope(0, Geometry.RING);
    View view = new View(Id.ZERO, new Homes(maskBits), nobody);
    return new Lookout(view, timers, told, new Counting());
  }

  private Turn turn() {
    return new Turn(now, effect -> {});
  }

  private void pass(long nanos) {
    now += nanos;
    timers.fired(turn());
  }

  private void watch(Arcs arcs) {
    lookout.watch(arcs, turn());
    timers.fired(turn());
  }

  private List<Id> ids(int count) {
    return random.longs(count).mapToObj(top -> Id.ofWords(top, random.nextLong(), 0, 7)).toList();
  }

  @ParameterizedTest
  @CsvSource({"1,0", "3,2", "17,0", "20,2", "20,4", "36,2", "40,3", "200,2", "300,0", "120,4"})
  void findsAllWhoHoldAnyOfWhatIsWatchedAndNobodyElse(int nodes, int maskBits) {
    for (int i = 0; i < 20; i++) {
      ring = new Ring(ids(nodes));
      lookout = lookout(maskBits);
      Homes homes = new Homes(maskBits);
      Arcs arcs = someArcs(1 + random.nextInt(3));
      watch(arcs);

      TreeSet<Id> holders = new TreeSet<>();
      for (Arc arc : arcs.toList()) {
        new Shares(ring, homes).within(arc).forEach(share -> holders.addAll(share.holders()));
      }
      assertEquals(List.copyOf(holders), lookout.nodes().nodes());
      for (Id item : ids(200)) {
        if (arcs.contains(item)) {
          List<Id> found =
              lookout.nodes().nodes().stream()
                  .filter(node -> lookout.shareOf(node).contains(item))
                  .toList();
          assertEquals(ring.holders(item, homes).stream().sorted().toList(), found);
        }
      }
      assertTrue(lookout.isSureOf(arcs, now));
    }
  }

  private Arcs someArcs(int count) {
    List<Arc> arcs = new ArrayList<>();
    for (Id from : ids(count)) {
      // from a thousandth of the ring to all of it
      Id length = Id.ofWords(random.nextLong() >>> random.nextInt(10), 0, 0, 0);
      arcs.add(new Arc(from, from.plus(length)));
    }
    return Arcs.of(arcs);
  }

  @Test
  void looksAgainTenSecondsLaterAndTakesWhatItFindsThen() {
    ring = new Ring(ids(100));
    watch(ALL);
    assertEquals(ring.nodes(), lookout.nodes().nodes());
    ring = new Ring(ids(90));
    pass(Lookout.AGAIN_NANOS - 1);
    assertEquals(100, lookout.nodes().size());
    pass(1);
    assertEquals(ring.nodes(), lookout.nodes().nodes());
    assertEquals(2, foundCount);
  }

  @Test
  void asksOneQuestionAtATimeAndGoesNoFurtherThanTheSlice() {
    ring = new Ring(ids(1000));
    told.waits = true;
    watch(A_QUARTER);
    for (int answers = 0; !told.waiting.isEmpty(); answers++) {
      assertEquals(1, told.waiting.size());
      assertFalse(lookout.isSureOf(A_QUARTER, now));
      assertTrue(answers < 12, "asks past the slice");
      told.waiting.remove(0).run();
    }
    assertTrue(lookout.isSureOf(A_QUARTER, now));
    assertFalse(lookout.isSureOf(ALL, now));
  }

  @Test
  void beginsAnewASecondAfterAQuestionFailed() {
    ring = new Ring(ids(100));
    watch(ALL);
    List<Id> before = lookout.nodes().nodes();
    told.fails = true;
    pass(Lookout.AGAIN_NANOS);
    int asked = told.asked;
    ring = new Ring(ids(100));
    told.fails = false;
    pass(Lookout.RETRY_NANOS - 1);
    assertEquals(asked, told.asked);
    assertEquals(before, lookout.nodes().nodes());
    pass(1);
    assertEquals(ring.nodes(), lookout.nodes().nodes());
  }

  @Test
  void isNotSureForLongWhileItsQuestionsFail() {
    ring = new Ring(ids(100));
    watch(ALL);
    told.fails = true;
    pass(Lookout.BELIEVED_NANOS);
    assertTrue(lookout.isSureOf(ALL, now));
    pass(1);
    assertFalse(lookout.isSureOf(ALL, now));
    assertEquals(ring.nodes(), lookout.nodes().nodes());
  }

  @Test
  void aRingOnWhichNobodyIsIsNone() {
    watch(ALL);
    assertFalse(lookout.isSureOf(ALL, now));
    ring = new Ring(ids(2));
    pass(Lookout.RETRY_NANOS);
    assertTrue(lookout.isSureOf(ALL, now));
  }

  @Test
  void looksForWhatCameToBeWantedMeanwhileAsSoonAsItIsDone() {
    ring = new Ring(ids(200));
    told.waits = true;
    watch(A_QUARTER);
    watch(ALL);
    assertEquals(1, told.waiting.size());
    while (!lookout.isSureOf(A_QUARTER, now)) {
      told.waiting.remove(0).run();
    }
    assertFalse(lookout.isSureOf(ALL, now));
    while (!told.waiting.isEmpty()) {
      told.waiting.remove(0).run();
    }
    assertTrue(lookout.isSureOf(ALL, now));
    assertEquals(ring.nodes(), lookout.nodes().nodes());
  }

  @Test
  void looksForNobodyWhileNothingIsWatched() {
    ring = new Ring(ids(100));
    watch(ALL);
    watch(Arcs.NONE);
    int asked = told.asked;
    pass(2 * Lookout.AGAIN_NANOS);
    assertEquals(asked, told.asked);
    assertEquals(0, lookout.nodes().size());
    assertFalse(lookout.isSureOf(ALL, now));
  }

  @Test
  void tellsWhenThereAreTooManyAndStopsThere() {
    ring = new Ring(ids(Lookout.FOLLOWED_MAX));
    watch(ALL);
    assertEquals(0, tooManyCount);
    assertEquals(Lookout.FOLLOWED_MAX, lookout.nodes().size());
    ring = new Ring(ids(20 * Lookout.FOLLOWED_MAX));
    told.asked = 0;
    pass(Lookout.AGAIN_NANOS);
    assertEquals(1, tooManyCount);
    assertTrue(told.asked < 20, () -> told.asked + " questions");
  }
}
