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
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Event;

class DroppingTest {
  private static final long SECOND = 1_000_000_000L;

  /** The grace, and some seconds for the work. */
  private static final long LONG_ENOUGH = 30 * SECOND;

  private final SplittableRandom random = new SplittableRandom(23);
  private World world = worldThatKeeps(0);
  private final List<Entry> stored = new ArrayList<>();

  private static World worldThatKeeps(long nanos) {
    return new World(3, Head.DEFAULT.withMaskBits(1).withKeepNanos(nanos));
  }

  private void begin(int nodes, int items) {
    world.startNodes(nodes);
    world.pass(5 * SECOND);
    store(items);
  }

  private void store(int items) {
    for (int i = 0; i < items; i++) {
      byte[] content = new byte[64];
      random.nextBytes(content);
      Entry item = Entry.blob(Bytes.wrap(content));
      Message store = world.ask(world.living().get(0), keep(item)).orElseThrow();
      assertEquals(2, ((Message.Stored) store).receipts().get(0).copies());
      stored.add(item);
    }
  }

  private static Message.Store keep(Entry item) {
    return new Message.Store(List.of(item), Message.Intent.KEEP);
  }

  /** Of the items that were stored, those that a node holds. */
  private static List<Id> held(Host host) {
    return host.disk().list(Arc.wholeRing(Id.MAX), Direction.NEXT, 100_000).stream()
        .map(EntryInfo::id)
        .toList();
  }

  /** Copies on nodes that are no holders. */
  private int strays() {
    int strays = 0;
    for (Host host : world.living()) {
      for (Id item : held(host)) {
        strays += world.model().holders(item).contains(host.id()) ? 0 : 1;
      }
    }
    return strays;
  }

  private void assertPlaced() {
    for (Entry item : stored) {
      for (Id holder : world.model().holders(item.id())) {
        assertTrue(world.node(holder).disk().holdsDurably(item));
      }
    }
  }

  @Test
  void formerHoldersDropTheirsOnlyAfterTheGrace() {
    begin(3, 300);
    world.startNodes(5);
    world.pass(15 * SECOND);
    int strays = strays();
    assertTrue(strays > 200, "nothing is dropped before the grace is over");
    assertPlaced();

    world.pass(LONG_ENOUGH);
    assertEquals(0, strays());
    assertPlaced();
    Message.StatusIs status =
        (Message.StatusIs)
            world
                .ask(world.living().get(1), Message.GetStatus.ofNodes(Arc.wholeRing(Id.ZERO)))
                .orElseThrow();
    assertEquals(300, status.nodes().stream().mapToLong(NodeStatus::counted).sum());
    assertEquals(600, status.nodes().stream().mapToLong(NodeStatus::items).sum());
    assertEquals(List.<MissingCopy>of(), status.missing());
  }

  /** Copies that a node holds and need not. */
  private int straysOf(Host host) {
    return (int)
        held(host).stream()
            .filter(item -> !world.model().holders(item).contains(host.id()))
            .count();
  }

  @Test
  void theyStayForAsLongAsTheyAreToAndDoNotStayForEver() {
    world = worldThatKeeps(600 * SECOND);
    begin(3, 300);
    world.startNodes(5);
    world.pass(10 * SECOND);
    int strays = strays();
    assertTrue(strays > 200);
    world.pass(585 * SECOND);
    assertEquals(strays, strays());
    // to the step, which is a 24th
    world.pass(30 * SECOND + LONG_ENOUGH);
    assertEquals(0, strays());
    assertPlaced();
  }

  @Test
  void aRestartMakesThemGoNoSoonerAndNotMuchLater() {
    world = worldThatKeeps(600 * SECOND);
    begin(3, 300);
    world.startNodes(5);
    world.pass(10 * SECOND);
    Host stopped = world.living().get(0);
    Host killed = world.living().get(1);
    int ofStopped = straysOf(stopped);
    int ofKilled = straysOf(killed);
    assertTrue(ofStopped > 50 && ofKilled > 50);
    for (int i = 0; i < 4; i++) {
      world.pass(100 * SECOND);
      stopped.sayFarewell();
      killed.crash();
      // for less than it takes the others to hold for them
      world.start(stopped);
      world.start(killed);
    }
    world.pass(180 * SECOND);
    assertEquals(ofStopped, straysOf(stopped), "590 s have passed");
    assertEquals(ofKilled, straysOf(killed));
    world.pass(60 * SECOND + LONG_ENOUGH);
    assertEquals(0, straysOf(stopped));
    // a kill takes back what was not noted, a minute at the most
    world.pass(4 * 60 * SECOND + LONG_ENOUGH);
    assertEquals(0, straysOf(killed));
    assertPlaced();
  }

  @Test
  void whereRoomIsShortTheyGoAtOnce() {
    world = worldThatKeeps(24 * 3600 * SECOND);
    begin(3, 300);
    world.startNodes(5);
    world.pass(30 * SECOND);
    Host full = world.living().get(0);
    Host other = world.living().get(1);
    int ofOther = straysOf(other);
    assertTrue(straysOf(full) > 50 && ofOther > 50);
    full.disk().beFull();
    world.pass(LONG_ENOUGH);
    assertEquals(0, straysOf(full));
    assertEquals(ofOther, straysOf(other));
    assertPlaced();
  }

  @Test
  void whoHasHeldItGivesItToThoseWhoLackItWithinHalfAMinute() {
    world = worldThatKeeps(24 * 3600 * SECOND);
    begin(2, 100);
    Entry usurped = stored.get(0);
    world.usurpers().come(usurped.id());
    world.pass(300 * SECOND);
    // one of the former holders goes too, and the other need not come to hold it again
    world.living().get(1).sayFarewell();
    world.startNodes(6);
    world.pass(20 * SECOND);
    world.usurpers().crash();
    world.pass(20 * SECOND);
    assertPlaced();
    Message answer =
        world.ask(world.living().get(1), new Message.GetItem(usurped.id(), 0)).orElseThrow();
    assertEquals(usurped, assertInstanceOf(Message.ItemIs.class, answer).item());
  }

  @Test
  void manyPagesAreDropped() {
    begin(2, 0);
    List<Entry> batch = new ArrayList<>();
    for (int i = 0; i < 8 * 1024; i++) {
      byte[] content = new byte[8];
      random.nextBytes(content);
      batch.add(Entry.blob(Bytes.wrap(content)));
    }
    stored.addAll(batch);
    for (int i = 0; i < batch.size(); i += 256) {
      Message.Store store =
          new Message.Store(batch.subList(i, Math.min(batch.size(), i + 256)), Message.Intent.KEEP);
      assertTrue(world.ask(world.living().get(0), store).isPresent());
    }
    world.startNodes(2);
    world.pass(10 * SECOND + LONG_ENOUGH);
    assertEquals(0, strays());
    assertPlaced();
  }

  @Test
  void nothingIsDroppedWhileAHolderIsDownOrJoins() {
    begin(3, 200);
    world.startNodes(3);
    world.pass(10 * SECOND);
    int strays = strays();
    assertTrue(strays > 0);
    for (int i = 0; i < 6; i++) {
      // whoever is being watched for comes and goes more often than the grace
      Host flapping = world.living().get(5);
      flapping.crash();
      world.pass(4 * SECOND);
      world.start(flapping);
      world.pass(10 * SECOND);
    }
    assertTrue(strays() >= strays);
    world.pass(LONG_ENOUGH);
    assertEquals(0, strays());
    assertPlaced();
  }

  @Test
  void whatIsKeptBeyondTheShareStays() {
    begin(3, 200);
    Host keeper = world.living().get(0);
    Arc half = new Arc(Id.MAX, Id.powerOfTwo(255).previous());
    keeper.deliver(new Event.Keeps(List.of(half)), null);
    world.startNodes(5);
    world.pass(10 * SECOND + LONG_ENOUGH);
    assertEquals(
        stored.stream().map(Entry::id).filter(half::contains).count(),
        held(keeper).stream().filter(half::contains).count());
    assertTrue(strays() > 0);

    keeper.deliver(new Event.Keeps(List.of()), null);
    world.pass(LONG_ENOUGH);
    assertEquals(0, strays());
    assertPlaced();
  }

  @Test
  void aCopyThatSomebodyStoresAgainIsNotDroppedBeforeTheGrace() {
    begin(3, 200);
    world.startNodes(5);
    world.pass(15 * SECOND);
    Host former = world.living().get(0);
    Entry item =
        stored.stream()
            .filter(each -> former.disk().holdsDurably(each))
            .filter(each -> !world.model().holders(each.id()).contains(former.id()))
            .findFirst()
            .orElseThrow();
    // as one does whose view is old: each of these may be counted in a receipt for 15 s
    for (int i = 0; i < 10; i++) {
      Message answer =
          world
              .ask(former, new Message.Store(List.of(item), Message.Intent.REPLICATE))
              .orElseThrow();
      Receipt receipt = assertInstanceOf(Message.Stored.class, answer).receipts().get(0);
      assertEquals(Receipt.Outcome.PRESENT, receipt.outcome());
      world.pass(15 * SECOND);
      assertTrue(former.disk().holdsDurably(item));
    }
    world.pass(LONG_ENOUGH);
    assertEquals(0, strays());
  }

  @Test
  void watchersAreNotToldOfIt() {
    begin(3, 0);
    world.watchers().start(3);
    assertTrue(world.passUntil(world.watchers()::areReady, 10 * SECOND));
    world.customers().store(200, SECOND);
    world.pass(5 * SECOND);
    world.startNodes(5);
    world.pass(10 * SECOND + LONG_ENOUGH);
    assertEquals(0, strays());
    Check.Findings findings = new Check.Findings();
    Check.named("watched").look(world, findings);
    assertEquals(List.of(), findings.sentences());
  }
}
