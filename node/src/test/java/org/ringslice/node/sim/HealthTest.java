package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeHealth;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

/** What the nodes of a ring tell of their disks, whichever of them is asked. */
class HealthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Id ITEM = Id.ofWords(17, 0, 0, 0);

  private final SplittableRandom random = new SplittableRandom(11);
  private final World world = new World(3, 2);
  private final TreeMap<Id, Core> cores = new TreeMap<>();

  private Host add(boolean isOlder) {
    Id id = World.randomId(random);
    return world.addNode(
        World.NETWORK_NAME,
        id,
        2,
        random.split(),
        core -> {
          cores.put(id, core);
          return isOlder ? (event, turn) -> core.handle(older(event), turn) : core;
        });
  }

  /** What comes to a node whose version knows no such type. */
  private static Event older(Event event) {
    if (event instanceof Event.Arrived arrived
        && arrived.envelope().message() instanceof Message.GetHealth get) {
      Message unread =
          new Message.Unreadable(get.typeCode(), ErrorCode.UNKNOWN_TYPE, "no such type");
      Envelope envelope = new Envelope(arrived.envelope().header(), unread);
      return new Event.Arrived(arrived.link(), arrived.lane(), envelope);
    }
    return event;
  }

  private List<Host> start(int nodes, int olderNodes) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < nodes + olderNodes; i++) {
      hosts.add(add(i >= nodes));
    }
    hosts.forEach(world::start);
    world.pass(5 * SECOND);
    return hosts;
  }

  private void examined(Host host, DiskHealth health) {
    Turn turn =
        new Turn(
            0,
            effect -> {
              throw new AssertionError("nothing follows from it: " + effect);
            });
    cores.get(host.id()).handle(new Event.Examined(health), turn);
  }

  private Message.HealthIs ask(Host host, Optional<Arc> nodes) {
    return (Message.HealthIs) world.ask(host, new Message.GetHealth(nodes)).orElseThrow();
  }

  private Map<Id, NodeHealth> ofAll(Host host) {
    Map<Id, NodeHealth> byNode = new TreeMap<>();
    Message.HealthIs all = ask(host, Optional.of(Arc.wholeRing(Id.ZERO)));
    assertEquals(Id.ZERO, all.until());
    all.nodes().forEach(node -> byNode.put(node.id(), node));
    return byNode;
  }

  @Test
  void eachNodeTellsWhatItsStoreToldLast() {
    List<Host> hosts = start(3, 0);
    NodeHealth good = new NodeHealth(hosts.get(0).id(), 0, List.of(), 0, false, 0, List.of(), "");
    assertEquals(List.of(good), ask(hosts.get(0), Optional.empty()).nodes());

    examined(hosts.get(1), new DiskHealth(70, List.of(ITEM), 4096, true));
    examined(hosts.get(2), new DiskHealth(1, List.of(ITEM), 5, false));
    examined(hosts.get(2), DiskHealth.GOOD);

    for (Host asked : hosts) {
      Map<Id, NodeHealth> told = ofAll(asked);
      assertEquals(3, told.size());
      assertEquals(good, told.get(hosts.get(0).id()));
      NodeHealth bad =
          new NodeHealth(hosts.get(1).id(), 70, List.of(ITEM), 4096, true, 0, List.of(), "");
      assertEquals(bad, told.get(hosts.get(1).id()));
      assertEquals(0, told.get(hosts.get(2).id()).damaged());
    }
  }

  @Test
  void aNodeOfAnOlderVersionIsNotToldOf() {
    List<Host> hosts = start(2, 1);

    Map<Id, NodeHealth> told = ofAll(hosts.get(0));

    assertEquals(new TreeSet<>(List.of(hosts.get(0).id(), hosts.get(1).id())), told.keySet());
    assertTrue(told.values().stream().allMatch(node -> node.why().isEmpty()), told::toString);
  }

  @Test
  void aNodeThatDoesNotAnswerIsToldOfWithTheReason() {
    List<Host> hosts = start(3, 0);
    hosts.get(2).crash();

    NodeHealth silent = ofAll(hosts.get(0)).get(hosts.get(2).id());

    assertTrue(!silent.why().isEmpty(), silent::toString);
  }
}
