package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/** The ring that the nodes use and the naive one of the checkers say the same. */
class RingAgainstModelTest {

  /** Ids of which many are neighbours, or lie just before, at and after each other's homes. */
  private static Id drawId(SplittableRandom random) {
    if (random.nextBoolean()) {
      return World.randomId(random);
    }
    Id crowded = Id.ofWords((long) random.nextInt(4) << 62, 0, 0, random.nextInt(3));
    return random.nextBoolean() ? crowded : crowded.previous();
  }

  private static List<Id> drawNodes(SplittableRandom random, int count) {
    TreeSet<Id> nodes = new TreeSet<>();
    while (nodes.size() < count) {
      nodes.add(drawId(random));
    }
    return new ArrayList<>(nodes);
  }

  @Property(tries = 2000)
  void agreeOnOwnersNeighboursAndHolders(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(max = Limits.MASK_BITS_MAX) int maskBits) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Id> nodes = drawNodes(random, count);
    Ring ring = new Ring(nodes);
    Model model = new Model(nodes, maskBits);
    Id point = drawId(random);

    assertEquals(model.owner(point), ring.owner(point));
    assertEquals(Model.after(point, nodes), ring.neighbours(Direction.NEXT, point, count));
    assertEquals(Model.before(point, nodes), ring.neighbours(Direction.PREV, point, count));
    assertEquals(Model.after(point, nodes).get(0), ring.next(point));
    assertEquals(Model.before(point, nodes).get(0), ring.previous(point));
    assertEquals(model.holders(point), ring.holders(point, new Homes(maskBits)));
  }

  @Property(tries = 2000)
  void giveEachItemExactlyAsManyHoldersAsThereAreHomesOrNodes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(max = Limits.MASK_BITS_MAX) int maskBits) {
    SplittableRandom random = new SplittableRandom(seed);
    Homes homes = new Homes(maskBits);
    List<Id> holders = new Ring(drawNodes(random, count)).holders(drawId(random), homes);

    assertEquals(Math.min(homes.count(), count), new TreeSet<>(holders).size());
    assertEquals(holders.size(), new TreeSet<>(holders).size());
  }

  @Property(tries = 2000)
  void neverMakeAnOldNodeANewHolderWhenOneJoins(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll @IntRange(max = Limits.MASK_BITS_MAX) int maskBits) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Id> nodes = drawNodes(random, count + 1);
    Id newcomer = nodes.remove(random.nextInt(nodes.size()));
    Homes homes = new Homes(maskBits);
    Id item = drawId(random);
    List<Id> before = new Ring(nodes).holders(item, homes);
    nodes.add(newcomer);

    for (Id holder : new Ring(nodes).holders(item, homes)) {
      assertTrue(holder.equals(newcomer) || before.contains(holder));
    }
  }
}
