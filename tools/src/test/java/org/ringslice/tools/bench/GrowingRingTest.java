package org.ringslice.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/** A ring that is grown fast is the one that newcomers make by the rule. */
class GrowingRingTest {
  private static final int NODES = 120;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void growsAsNewcomersChoose(int maskBits) {
    Ring fast = new GrowingRing(Evening.DRAWN, maskBits, new SplittableRandom(3)).grownTo(NODES);

    SplittableRandom random = new SplittableRandom(3);
    List<Id> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      List<Id> drawn = new ArrayList<>();
      for (int draw = 0; draw < Evening.DRAWN; draw++) {
        drawn.add(
            Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
      }
      nodes.add(Evening.choose(drawn, new Ring(nodes), new Homes(maskBits)));
    }
    assertEquals(new Ring(nodes).nodes(), fast.nodes());
  }
}
