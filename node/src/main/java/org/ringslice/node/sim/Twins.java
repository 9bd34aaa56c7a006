package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.ringslice.node.sim.Check.Findings;

/** Machines with a copy of the data folder of another: nodes that say the id of one that lives. */
final class Twins {
  private final World world;
  private final List<Host> originals = new ArrayList<>();
  private final List<Host> copies = new ArrayList<>();

  Twins(World world) {
    this.world = world;
  }

  /** Starts so many, of nodes that are drawn. */
  void start(int count) {
    for (Host original : world.drawLiving(new Share(count, 0))) {
      SplittableRandom random = world.fork();
      Host copy =
          world.addNode(World.NETWORK_NAME, original.id(), world.maskBits(), random, core -> core);
      copy.expectToStop();
      originals.add(original);
      copies.add(copy);
      world.start(copy);
    }
  }

  /** Whether there is another machine with its id: of the two the one that starts later goes. */
  boolean isOneOfTwo(Host host) {
    return originals.contains(host) || copies.contains(host);
  }

  /** Of two with one id the later went, and said why; the other is as it was. */
  void look(Findings findings) {
    findings.expect(!copies.isEmpty(), () -> "nobody was copied");
    copies.forEach(
        copy ->
            findings.expect(
                !copy.isRunning() && copy.stoppedBecause().contains(copy.id().toString()),
                () -> copy + " is a copy and goes on: " + copy.stoppedBecause()));
    originals.forEach(
        original ->
            findings.expect(original.isRunning(), () -> original + " went, and not its copy"));
  }
}
