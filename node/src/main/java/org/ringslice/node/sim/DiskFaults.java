package org.ringslice.node.sim;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong on the disks of nodes: bytes rot, last writes are torn, folders are put back.
 * Nothing of it while a disk is full: what is damaged there can't be made good, and no node that
 * lacks something, or has what is lacking there, comes on to the ring until there is room again.
 */
final class DiskFaults {
  private final World world;
  private final SplittableRandom random;

  DiskFaults(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
    world.custody().begin();
  }

  /**
   * On some nodes bytes go bad, and no word is said.
   *
   * @param part of the copies there; one copy of each entry stays good on a node that runs
   */
  void rot(Share share, double part) {
    draw(share).forEach(host -> host.rot(part, random));
  }

  private List<Host> draw(Share share) {
    return isAnyFull() ? List.of() : world.drawLiving(share);
  }

  private boolean isAnyFull() {
    return world.nodes().stream().anyMatch(host -> host.disk().isFull());
  }

  /** Kills some nodes, whose last writes are half there. Returns those. */
  List<Host> tear(Share share) {
    List<Host> torn = draw(share);
    torn.forEach(host -> host.tearDown(random));
    return torn;
  }

  /** The same; each starts again after a time, in which all goes on. */
  void tear(Share share, long nanos) {
    for (Host host : tear(share)) {
      int life = host.life();
      world
          .agenda()
          .after(
              nanos,
              () -> {
                if (!host.isRunning() && host.life() == life) {
                  world.start(host);
                }
              });
    }
  }

  /** The data folders of some nodes are copied. */
  void backUp(Share share) {
    world.drawLiving(share).forEach(Host::backUp);
  }

  /** Of nodes that have a backup some get it back, and start with it. */
  void putBack(Share share) {
    for (Host host : isAnyFull() ? List.<Host>of() : world.drawBackedUp(share)) {
      host.putBack();
      world.start(host);
    }
  }
}
