package org.ringslice.node.sim;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * What goes wrong on the disks of nodes: bytes rot, last writes are torn, folders are put back.
 * Nothing of it while a disk is full: what is damaged there can't be made good, and while that node
 * lacks something it does not come on to the ring again until there is room. And not to one of two
 * machines with one id, of which that one goes which is started again.
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
    draw(Host::isRunning, share).forEach(host -> host.rot(part, random));
  }

  private List<Host> draw(Predicate<Host> which, Share share) {
    boolean isAnyFull = world.nodes().stream().anyMatch(host -> host.disk().isFull());
    return isAnyFull
        ? List.of()
        : world.draw(host -> which.test(host) && !world.twins().isOneOfTwo(host), share);
  }

  /** Kills some nodes, whose last writes are half there. Returns those. */
  List<Host> tear(Share share) {
    List<Host> torn = draw(Host::isRunning, share);
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
    draw(Host::isRunning, share).forEach(Host::backUp);
  }

  /** Of nodes that have a backup some get it back, and start with it. */
  void putBack(Share share) {
    for (Host host : draw(DiskFaults::mayBePutBack, share)) {
      host.putBack();
      world.start(host);
    }
  }

  /** Also when it was killed, but not when it has left. */
  private static boolean mayBePutBack(Host host) {
    return host.isBackedUp() && !host.hasLeft();
  }
}
