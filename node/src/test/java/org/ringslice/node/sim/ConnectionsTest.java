package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/**
 * How many connections the nodes of a ring hold, and what becomes of those that they do not need.
 */
class ConnectionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int NODES = 24;

  private final SplittableRandom random = new SplittableRandom(11);

  private World ring(long seed) {
    World world = new World(seed, 2);
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      Id id = World.randomId(random);
      hosts.add(world.addNode(World.NETWORK_NAME, id, 2, random.split(), core -> core));
    }
    // all at once, so that many dial each other at the same moment
    hosts.forEach(world::start);
    world.pass(10 * SECOND);
    store(world);
    return world;
  }

  private void store(World world) {
    for (int i = 0; i < 20; i++) {
      byte[] content = new byte[100];
      random.nextBytes(content);
      Entry entry = Entry.blob(Bytes.copyOf(content, 0, content.length));
      Host host = world.living().get(random.nextInt(world.living().size()));
      assertTrue(
          world.ask(host, new Message.Store(List.of(entry), Message.Intent.KEEP)).isPresent());
    }
  }

  /** The pairs of nodes with more than one connection on a lane between them. */
  private static List<String> pairsWithMore(World world) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (Host host : world.living()) {
      for (Connection.End end : host.links().values()) {
        if (end == end.connection.dialler && end.other().isLive()) {
          List<Id> ends = new ArrayList<>(List.of(host.id(), end.other().host.id()));
          ends.sort(null);
          counts.merge(ends + " " + end.connection.lane, 1, Integer::sum);
        }
      }
    }
    counts.values().removeIf(count -> count == 1);
    return List.copyOf(counts.keySet());
  }

  @Test
  void twoNodesHoldOneAlsoWhenBothDialAtOnce() {
    for (long seed = 1; seed <= 5; seed++) {
      assertEquals(List.of(), pairsWithMore(ring(seed)));
    }
  }

  @Test
  void twoNodesHoldOneAgainAfterFaults() {
    for (long seed = 6; seed <= 12; seed++) {
      holdOneAgainAfterFaults(ring(seed));
    }
  }

  private void holdOneAgainAfterFaults(World world) {
    List<Host> nodes = world.nodes();
    for (int i = 0; i < 6; i++) {
      nodes.get(i).crash();
    }
    nodes.get(6).vanish();
    world.pass(5 * SECOND);
    for (int i = 0; i < 7; i++) {
      world.start(nodes.get(i));
    }
    world.pass(SECOND);
    nodes.get(8).beDeaf();
    nodes.get(9).joinGroup(1);
    world.pass(10 * SECOND);
    world.heal();
    world.pass(30 * SECOND);
    store(world);

    world.pass(100 * SECOND);
    assertEquals(List.of(), pairsWithMore(world));
    assertEquals(NODES, world.living().get(0).nodeCore().view().ring().size());
  }

  /** Those who watch each other, and some at random; what a start or a change needed is closed. */
  @Test
  void aNodeOfALargeRingHoldsFew() {
    World world = new World(7, 2);
    world.startNodes(100);
    world.pass(120 * SECOND);
    assertTrue(most(world) <= 40, "one holds " + most(world));

    for (int i = 0; i < 10; i++) {
      Host host = world.living().get(random.nextInt(world.living().size()));
      host.vanish();
      world.pass(SECOND);
      world.start(host);
      world.pass(SECOND);
    }
    // those who vanished without a word are shown out after five minutes
    world.pass(400 * SECOND);
    assertTrue(most(world) <= 40, "one holds " + most(world));
  }

  private static int most(World world) {
    return world.living().stream().mapToInt(host -> host.links().size()).max().orElseThrow();
  }
}
