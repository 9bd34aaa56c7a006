package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;

class KnownArcsTest {
  private static Id id(long top) {
    return Id.ofWords(top, 0, 0, 0);
  }

  private static Arc arc(long from, long to) {
    return new Arc(id(from), id(to));
  }

  @Property
  void hasEachArcOnceHoweverOftenItIsToldOf(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int nodes,
      @ForAll @IntRange(min = 1, max = 12) int calls,
      @ForAll @IntRange(min = 1, max = 20) int count) {
    SplittableRandom random = new SplittableRandom(seed);
    Ring ring = new Ring(random.longs(nodes).mapToObj(KnownArcsTest::id).toList());
    KnownArcs known = new KnownArcs();
    TreeSet<Id> ends = new TreeSet<>();
    for (int call = 0; call < calls; call++) {
      Id point = id(random.nextLong());
      List<Id> peers = ring.neighbours(Direction.NEXT, point, count);
      known.addPeersAfter(point, peers);
      ends.addAll(peers.subList(1, peers.size()));
    }

    List<Arc> expected = new ArrayList<>();
    ends.forEach(end -> expected.add(new Arc(ring.previous(end), end)));
    assertEquals(expected, known.arcs());
  }

  @Example
  void doesNotTakeTheArcInWhichThePointLies() {
    KnownArcs known = new KnownArcs();
    known.addPeersAfter(id(5), List.of(id(7)));
    assertEquals(List.of(), known.arcs());

    known.addPeersAfter(id(5), List.of(id(7), id(9)));
    assertEquals(List.of(arc(7, 9)), known.arcs());
  }

  @Example
  void cutsAnArcWhereSomebodyKnowsOfANode() {
    KnownArcs known = new KnownArcs();
    known.addPeersAfter(id(1), List.of(id(3), id(9)));
    known.addPeersAfter(id(4), List.of(id(6), id(9)));
    known.addPeersAfter(id(4), List.of(id(8), id(9), id(3)));

    List<Arc> arcs = List.of(arc(9, 3), arc(3, 6), arc(6, 8), arc(8, 9));
    assertEquals(arcs, known.arcs());
  }

  @Example
  void takesOfWhatIsOutOfOrderTheBeginning() {
    KnownArcs known = new KnownArcs();
    known.addPeersAfter(id(5), List.of(id(7), id(9), id(8), id(10)));
    known.addPeersAfter(id(20), List.of(id(30), id(30)));
    known.addPeersAfter(id(20), List.of(id(40), id(20), id(50)));

    assertEquals(List.of(arc(40, 7), arc(7, 9), arc(9, 20)), known.arcs());
  }

  @Example
  void aRingOfOneIsOneArc() {
    KnownArcs known = new KnownArcs();
    known.addAll(new Ring(List.of(id(5))));

    assertEquals(List.of(Arc.wholeRing(id(5))), known.arcs());
  }
}
