package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

class SharesTest {
  private final SplittableRandom random = new SplittableRandom(7);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 17, 64, 65, 100, 300})
  void anItemIsInAShareOfEachOfItsHoldersAndOfNobodyElse(int nodes) {
    for (int bits = 0; bits <= 4; bits++) {
      Ring ring = ring(nodes);
      Homes homes = new Homes(bits);
      Shares shares = new Shares(ring, homes);
      Id node = ring.nodes().get(random.nextInt(nodes));
      List<Share> own = shares.of(node);
      List<Arc> foreign = shares.notOf(node);
      for (Id item : items(ring, homes)) {
        List<Id> holders = ring.holders(item, homes).stream().sorted().toList();
        List<Share> found = own.stream().filter(share -> share.arc().contains(item)).toList();
        boolean holds = holders.contains(node);
        assertEquals(holds ? 1 : 0, found.size());
        found.forEach(share -> assertEquals(holders, share.holders()));
        long gaps = foreign.stream().filter(arc -> arc.contains(item)).count();
        assertEquals(holds ? 0 : 1, gaps);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 20})
  void theSharesOfAnArcMakeItUp(int nodes) {
    for (int i = 0; i < 50; i++) {
      Shares shares = new Shares(ring(nodes), new Homes(2));
      Arc arc = new Arc(id(), id());
      List<Share> within = shares.within(arc);
      assertEquals(arc.from(), within.get(0).arc().from());
      assertEquals(arc.to(), within.get(within.size() - 1).arc().to());
      for (int j = 1; j < within.size(); j++) {
        assertEquals(within.get(j - 1).arc().to(), within.get(j).arc().from());
      }
      assertTrue(within.stream().allMatch(share -> arc.covers(share.arc())));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16, 17, 18, 40, 100, 300})
  void theSharesByAnotherRingAreThoseReckonedAnew(int nodes) {
    for (int bits = 0; bits <= 4; bits++) {
      Homes homes = new Homes(bits);
      List<Id> ids = new ArrayList<>(ring(nodes).nodes());
      Id node = ids.remove(random.nextInt(nodes));
      Shares shares = new Shares(new Ring(List.of(node)), homes);
      shares.of(node);
      for (int i = 0; i < 200; i++) {
        if (random.nextBoolean()) {
          ids.add(id());
        } else if (!ids.isEmpty()) {
          ids.remove(random.nextInt(ids.size()));
        }
        Ring ring = new Ring(Stream.concat(ids.stream(), Stream.of(node)).toList());
        shares = shares.by(ring);
        assertEquals(new Shares(ring, homes).of(node), shares.of(node));
      }
    }
  }

  /** Random ones, and those at and beside the ends of shares. */
  private List<Id> items(Ring ring, Homes homes) {
    List<Id> items = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      items.add(id());
      Id node = ring.nodes().get(random.nextInt(ring.size()));
      Id end = node.minus(homes.home(Id.ZERO, random.nextInt(homes.count())));
      items.addAll(List.of(end, end.next(), end.previous()));
    }
    return items;
  }

  private Ring ring(int nodes) {
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      ids.add(id());
    }
    return new Ring(ids);
  }

  private Id id() {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }
}
