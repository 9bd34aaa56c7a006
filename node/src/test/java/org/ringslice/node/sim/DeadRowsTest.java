package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Intent;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Event;

/** Nobody can delete yet: who tries is refused, and what is dead from before is stored anew. */
class DeadRowsTest {
  private static final long SECOND = 1_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(31);
  private final World world = new World(13, 2);

  private Entry blob() {
    byte[] content = new byte[100];
    random.nextBytes(content);
    return Entry.blob(Bytes.wrap(content));
  }

  private static Entry dead(Entry entry, long stamp) {
    return new Entry(entry.id(), entry.kind(), stamp, false, Bytes.EMPTY);
  }

  private static Entry alive(Entry entry, long stamp) {
    return new Entry(entry.id(), entry.kind(), stamp, true, entry.bytes());
  }

  private List<Host> start(int nodes) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      hosts.add(world.addNode(World.randomId(random), random.split()));
    }
    hosts.forEach(world::start);
    world.pass(5 * SECOND);
    return hosts;
  }

  private List<Receipt> store(Host host, Intent intent, Entry... entries) {
    Message answer = world.ask(host, new Message.Store(List.of(entries), intent)).orElseThrow();
    return assertInstanceOf(Message.Stored.class, answer).receipts();
  }

  private void assertReadable(Entry item) {
    for (Host host : world.living()) {
      Message answer = world.ask(host, new Message.GetItem(item.id(), 0)).orElseThrow();
      assertEquals(item.bytes(), assertInstanceOf(Message.ItemIs.class, answer).item().bytes());
    }
  }

  /** What a folder has from a version that took anything. */
  private Disk.Backup folder(Entry... entries) {
    Disk disk = new Disk(world.agenda(), random.split(), new AtOnce());
    disk.keep(1, List.of(entries));
    return disk.backUp();
  }

  private static final class AtOnce implements Disk.Completions {
    @Override
    public void after(long delayNanos, Supplier<Event> completion) {
      Event done = completion.get();
      assertInstanceOf(Event.Kept.class, done);
    }

    @Override
    public void meanwhile(long delayNanos, Runnable work) {}

    @Override
    public void now(Event event) {}
  }

  @Test
  void aDeadEntryBeforeAfterOrBesideAStoreMakesNothingUnreadable() {
    List<Host> hosts = start(5);
    Entry item = blob();
    for (Intent intent : Intent.values()) {
      for (Host host : hosts) {
        assertRefused(store(host, intent, dead(item, 5)));
      }
    }
    List<Receipt> beside = store(hosts.get(0), Intent.KEEP, dead(item, 7), item, dead(item, 8));
    assertRefused(List.of(beside.get(0), beside.get(2)));
    assertEquals(Outcome.STORED, beside.get(1).outcome());
    assertEquals(4, beside.get(1).copies());
    for (Intent intent : Intent.values()) {
      for (Host host : hosts) {
        assertRefused(store(host, intent, dead(item, Limits.STAMP_MAX)));
      }
    }
    world.pass(60 * SECOND);
    assertReadable(item);
  }

  @Test
  void recordsReferencesAndStampsAreRefused() {
    List<Host> hosts = start(3);
    Entry item = blob();
    for (Intent intent : Intent.values()) {
      for (Kind kind : List.of(Kind.RECORD, Kind.REFERENCE)) {
        Entry other = new Entry(item.id(), kind, 3, true, item.bytes());
        assertRefused(store(hosts.get(0), intent, other));
      }
    }
    assertRefused(store(hosts.get(0), Intent.KEEP, alive(item, Limits.STAMP_MAX)));
    assertRefused(store(hosts.get(0), Intent.REPLICATE, alive(item, -1)));
    assertEquals(Outcome.STORED, store(hosts.get(0), Intent.KEEP, item).get(0).outcome());
  }

  private static void assertRefused(List<Receipt> receipts) {
    for (Receipt receipt : receipts) {
      assertEquals(Outcome.REFUSED, receipt.outcome());
      assertEquals(0, receipt.copies());
      assertFalse(receipt.why().isEmpty());
    }
  }

  @Test
  void aStoreOfWhatIsDeadGoesAboveIt() {
    Entry item = blob();
    List<Host> hosts = start(4);
    hosts.forEach(Host::crash);
    hosts.forEach(host -> host.disk().putBack(folder(dead(item, 5))));
    hosts.forEach(world::start);
    world.pass(5 * SECOND);

    Receipt receipt = store(hosts.get(1), Intent.KEEP, item).get(0);
    assertEquals(Outcome.STORED, receipt.outcome());
    assertEquals(4, receipt.copies());
    hosts.forEach(host -> assertTrue(host.disk().holdsDurably(alive(item, 6))));
    assertReadable(item);
    assertEquals(Outcome.PRESENT, store(hosts.get(2), Intent.KEEP, item).get(0).outcome());
    hosts.forEach(host -> assertTrue(host.disk().holdsDurably(alive(item, 6))));
  }

  @Test
  void whereHoldersHaveItDeadAtSeveralStampsAllComeToTheGreatest() {
    Entry item = blob();
    List<Host> hosts = start(4);
    hosts.forEach(Host::crash);
    hosts.get(0).disk().putBack(folder(dead(item, 5)));
    hosts.get(1).disk().putBack(folder(dead(item, 9)));
    hosts.get(2).disk().putBack(folder(item));
    hosts.forEach(world::start);
    world.pass(5 * SECOND);

    Receipt receipt = store(hosts.get(3), Intent.KEEP, item).get(0);
    assertEquals(4, receipt.copies(), receipt.why());
    assertReadable(item);
    world.pass(20 * SECOND);
    hosts.forEach(host -> assertTrue(host.disk().holdsDurably(alive(item, 10))));
  }

  @Test
  void noStampBansAnIdForEver() {
    for (long stamp : new long[] {-1, Long.MIN_VALUE, Limits.STAMP_MAX, Limits.STAMP_MAX - 1}) {
      Entry item = blob();
      World ring = new World(stamp, 2);
      Host alone = ring.addNode(World.randomId(random), random.split());
      alone.disk().putBack(folder(dead(item, stamp)));
      ring.start(alone);
      ring.pass(10 * SECOND);
      Message answer = ring.ask(alone, new Message.Store(List.of(item), Intent.KEEP)).orElseThrow();
      Receipt receipt = assertInstanceOf(Message.Stored.class, answer).receipts().get(0);
      assertEquals(1, receipt.copies(), receipt.why());
      Message read = ring.ask(alone, new Message.GetItem(item.id(), 0)).orElseThrow();
      assertInstanceOf(Message.ItemIs.class, read);
    }
  }

  @Test
  void aNewcomerIsOnTheRingThoughOthersHaveRowsThatItDoesNotTake() {
    List<Entry> items = new ArrayList<>();
    List<Entry> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Entry item = blob();
      items.add(item);
      rows.add(i % 3 == 0 ? dead(item, 5) : item);
      rows.add(new Entry(World.randomId(random), Kind.RECORD, i, i % 2 == 0, Bytes.EMPTY));
    }
    List<Host> hosts = start(3);
    hosts.forEach(Host::crash);
    hosts.forEach(host -> host.disk().putBack(folder(rows.toArray(Entry[]::new))));
    hosts.forEach(world::start);
    world.pass(10 * SECOND);
    Host newcomer = world.addNode(World.randomId(random), random.split());
    world.start(newcomer);
    world.pass(60 * SECOND);

    assertEquals(PeerState.ACTIVE, hosts.get(0).nodeCore().view().state(newcomer.id()));
    Message.GetStatus question = Message.GetStatus.ofNodes(Arc.wholeRing(Id.ZERO));
    Message.StatusIs status = (Message.StatusIs) world.ask(newcomer, question).orElseThrow();
    assertEquals(List.of(), status.missing());
    assertEquals(20, status.nodes().stream().mapToLong(NodeStatus::counted).sum());
    for (NodeStatus node : status.nodes()) {
      assertEquals(20, node.items(), "neither the dead nor the records");
      assertEquals("", node.why());
    }
    for (int i = 0; i < items.size(); i++) {
      assertEquals(i % 3 != 0, newcomer.disk().holdsDurably(items.get(i)));
    }
  }
}
