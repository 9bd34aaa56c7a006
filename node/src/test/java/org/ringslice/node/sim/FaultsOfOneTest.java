package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

class FaultsOfOneTest {
  private static final long SECOND = 1_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(7);
  private long statuses;
  private boolean faulty;

  private Host add(World world, Id id, int bits, UnaryOperator<Core> outfit) {
    Host host = world.addNode(World.NETWORK_NAME, id, bits, random.split(), outfit);
    return host;
  }

  private Core counting(Core core) {
    return (event, turn) -> {
      if (event instanceof Event.Arrived arrived
          && arrived.envelope().message() instanceof Message.GetStatus) {
        statuses++;
      }
      core.handle(event, turn);
    };
  }

  private Core without(Core core, Predicate<Message> in, Predicate<Message> out) {
    return (event, turn) -> {
      if (faulty && event instanceof Event.Arrived a && in.test(a.envelope().message())) {
        return;
      }
      Turn muffled =
          new Turn(
              turn.now(),
              effect -> {
                if (!faulty
                    || !(effect instanceof Effect.Send s)
                    || !out.test(s.envelope().message())) {
                  turn.emit(effect);
                }
              });
      core.handle(event, muffled);
    };
  }

  @Test
  void asksNoMoreOftenBecauseTheViewChanged() {
    World world = new World(3, 2);
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      hosts.add(add(world, World.randomId(random), 2, this::counting));
    }
    hosts.forEach(world::start);
    world.pass(5 * SECOND);
    for (int i = 0; i < 20; i++) {
      byte[] content = new byte[100];
      random.nextBytes(content);
      world.ask(
          hosts.get(0),
          new Message.Store(
              List.of(Entry.blob(Bytes.copyOf(content, 0, 100))), Message.Intent.KEEP));
    }
    Host joiner = add(world, World.randomId(random), 2, core -> core);
    joiner.disk().beFull();
    world.start(joiner);
    world.pass(20 * SECOND);
    statuses = 0;
    world.pass(40 * SECOND);
    long before = statuses;
    Host flapping = add(world, World.randomId(random), 2, core -> core);
    for (int i = 0; i < 15; i++) {
      world.start(flapping);
      world.pass(3 * SECOND);
      flapping.sayFarewell();
      world.pass(3 * SECOND);
    }
    world.pass(20 * SECOND);
    statuses = 0;
    world.pass(40 * SECOND);
    assertTrue(statuses <= 2 * before + 10, before + " -> " + statuses);
  }

  @Test
  void whatOneLacksIsMadeGoodThoughAnotherDidNotSayThatItHasIt() {
    World world = new World(5, 3);
    List<Host> hosts = new ArrayList<>();
    byte[] content = new byte[100];
    random.nextBytes(content);
    Entry entry = Entry.blob(Bytes.copyOf(content, 0, 100));
    // the first holder stores and its word is lost; the last is not reached
    for (int i = 0; i < 8; i++) {
      Id id = Id.ofWords(random.nextLong(), 0, 0, 0);
      hosts.add(
          add(
              world,
              id,
              3,
              core ->
                  without(
                      core,
                      m -> isLast(hosts, id, entry) && m instanceof Message.Store,
                      m -> isFirst(hosts, id, entry) && m instanceof Message.Stored)));
    }
    hosts.forEach(world::start);
    world.pass(5 * SECOND);
    faulty = true;
    Host asker =
        hosts.stream()
            .filter(h -> !isFirst(hosts, h.id(), entry) && !isLast(hosts, h.id(), entry))
            .findFirst()
            .get();
    world.ask(asker, new Message.Store(List.of(entry), Message.Intent.KEEP));
    world.pass(14 * SECOND);
    faulty = false;
    world.pass(120 * SECOND);
    long have = hosts.stream().filter(h -> h.disk().holdsDurably(entry)).count();
    assertEquals(8, have);
  }

  private static boolean isFirst(List<Host> hosts, Id id, Entry entry) {
    return holders(hosts, entry).get(0).equals(id);
  }

  private static boolean isLast(List<Host> hosts, Id id, Entry entry) {
    return holders(hosts, entry).get(7).equals(id);
  }

  private static List<Id> holders(List<Host> hosts, Entry entry) {
    return new org.ringslice.node.ring.Ring(hosts.stream().map(Host::id).toList())
        .holders(entry.id(), new org.ringslice.sync.Homes(3));
  }
}
