package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/** Programs of nodes that broadcast, and who was there to hear each time. */
final class Broadcasts {
  /** A broadcast is on its way for so long: ten times as long as a part of it is waited for. */
  private static final long ON_ITS_WAY_NANOS = 5_000_000_000L;

  /**
   * @param audience the nodes that lived then, each with its life
   */
  record Sent(Guid guid, Id from, TreeMap<Id, Integer> audience, long atNanos) {
    boolean wasHeardIn(Host host) {
      return Integer.valueOf(host.life()).equals(audience.get(host.id()));
    }

    /** Whether a node died that was perhaps to pass it on: then it reaches nearly all. */
    boolean wasBroken(World world) {
      return world.nodes().stream()
          .anyMatch(host -> host.hasEnded(atNanos, atNanos + ON_ITS_WAY_NANOS));
    }
  }

  private final World world;
  private final SplittableRandom random;
  private final List<Sent> sent = new ArrayList<>();

  Broadcasts(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /** Has so many broadcast at once, by nodes that are drawn at random. */
  void send(int count) {
    List<Host> living = world.living();
    TreeMap<Id, Integer> audience = new TreeMap<>();
    living.forEach(host -> audience.put(host.id(), host.life()));
    for (int i = 0; i < count && !living.isEmpty(); i++) {
      Host from = living.get(random.nextInt(living.size()));
      Guid guid = new Guid(random.nextLong(), random.nextLong());
      sent.add(new Sent(guid, from.id(), audience, world.agenda().nowNanos()));
      // what became of it, the inboxes tell
      from.ask(new Message.Broadcast(guid, Arc.wholeRing(Id.ZERO), "hear, hear"), answer -> {});
    }
  }

  List<Sent> all() {
    return List.copyOf(sent);
  }
}
