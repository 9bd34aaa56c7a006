package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * Newcomers with ids right at the homes of items, so that those who have held these until then are
 * to hold them no more.
 */
final class Usurpers {
  private final World world;
  private final SplittableRandom random;
  private final List<Host> all = new ArrayList<>();

  Usurpers(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /** Has them come, at all homes of each of so many acknowledged items that are drawn. */
  void come(int items) {
    List<Ledger.Promise> left = new ArrayList<>(world.ledger().promises());
    for (int i = 0; i < items && !left.isEmpty(); i++) {
      come(left.remove(random.nextInt(left.size())).entry().id());
    }
  }

  /** Has them come at all homes of an item. */
  void come(Id item) {
    for (Id home : new Homes(world.maskBits()).homes(item)) {
      if (world.node(home) == null) {
        Host host = world.addNode(home, random.split());
        all.add(host);
        world.start(host);
      }
    }
  }

  void crash() {
    all.stream().filter(Host::isRunning).forEach(Host::crash);
  }
}
