package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Event;

class KeepingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Arc HALF = new Arc(Id.MAX, Id.powerOfTwo(255).previous());

  private final SplittableRandom random = new SplittableRandom(11);
  private final World world = new World(5, 1);
  private final List<Host> hosts = new ArrayList<>();
  private final List<Entry> stored = new ArrayList<>();

  KeepingTest() {
    for (int i = 0; i < 8; i++) {
      hosts.add(
          world.addNode(
              World.NETWORK_NAME, World.randomId(random), 1, random.split(), core -> core));
    }
    hosts.forEach(world::start);
    world.pass(5 * SECOND);
    store(200);
  }

  private void store(int count) {
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[64];
      random.nextBytes(content);
      Entry item = Entry.blob(Bytes.wrap(content));
      stored.add(item);
      world.ask(hosts.get(i % 8), new Message.Store(List.of(item), Message.Intent.KEEP));
    }
  }

  private void keep(Host keeper, Arc... arcs) {
    keeper.deliver(new Event.Keeps(List.of(arcs)), null);
    world.pass(5 * SECOND);
  }

  private List<Id> held(Host host, Arc arc) {
    return host.disk().list(arc, Direction.NEXT, 10_000).stream().map(EntryInfo::id).toList();
  }

  private List<Id> stored(Arc arc) {
    return stored.stream()
        .map(Entry::id)
        .filter(arc::contains)
        .sorted((a, b) -> a.minus(arc.from().next()).compareTo(b.minus(arc.from().next())))
        .toList();
  }

  @Test
  void holdsAllOfTheSliceThatWasThereAndThatComes() {
    Host keeper = hosts.get(0);
    assertTrue(held(keeper, HALF).size() < stored(HALF).size());
    keep(keeper, HALF);
    assertEquals(stored(HALF), held(keeper, HALF));

    store(100);
    world.pass(SECOND);
    assertEquals(stored(HALF), held(keeper, HALF));
  }

  @Test
  void keepsWhatItHasWhenTheSliceIsWidened() {
    Host keeper = hosts.get(0);
    keep(keeper, HALF);
    keep(keeper, Arc.wholeRing(Id.MAX));
    Arc all = Arc.wholeRing(Id.MAX);
    assertEquals(stored(all), held(keeper, all));
  }

  @Test
  void othersFetchFromItWhenAllHoldersAreDead() {
    Host keeper = hosts.get(0);
    keep(keeper, HALF);
    Entry item =
        stored.stream()
            .filter(each -> HALF.contains(each.id()))
            .filter(each -> !world.model().holders(each.id()).contains(keeper.id()))
            .findFirst()
            .orElseThrow();
    List<Id> holders = world.model().holders(item.id());
    holders.forEach(holder -> world.node(holder).crash());
    Host reader =
        hosts.stream()
            .filter(host -> host.isRunning() && host != keeper && held(host, HALF).size() > 0)
            .findFirst()
            .orElseThrow();
    Message answer = world.ask(reader, new Message.GetItem(item.id(), 0)).orElseThrow();
    assertEquals(item, assertInstanceOf(Message.ItemIs.class, answer).item());
  }

  @Test
  void isToldOfToThoseWhoComeLater() {
    Host keeper = hosts.get(0);
    keep(keeper, HALF);
    Host newcomer =
        world.addNode(World.NETWORK_NAME, World.randomId(random), 1, random.split(), core -> core);
    world.start(newcomer);
    world.pass(5 * SECOND);
    assertEquals(List.of(keeper.id()), newcomer.nodeCore().view().keepers(HALF.to()));
    assertEquals(stored(HALF), held(keeper, HALF));
  }
}
