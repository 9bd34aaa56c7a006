package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;

/** What becomes of copies whose bytes have gone bad. */
class DamageTest {
  private static final long SECOND = 1_000_000_000L;

  /** Until the scrubber of a simulated disk has been everywhere. */
  private static final long SCRUBBED = 5 * SECOND;

  private final SplittableRandom random = new SplittableRandom(31);
  private final World world = new World(7, 2);
  private final List<Entry> stored = new ArrayList<>();

  private void begin(int nodes, int items) {
    world.startNodes(nodes);
    world.pass(5 * SECOND);
    for (int i = 0; i < items; i++) {
      byte[] content = new byte[64];
      random.nextBytes(content);
      Entry item = Entry.blob(Bytes.wrap(content));
      assertEquals(4, store(world.living().get(0), item).copies());
      stored.add(item);
    }
    world.diskFaults();
  }

  private Receipt store(Host host, Entry item) {
    Message answer = world.ask(host, keep(List.of(item))).orElseThrow();
    return assertInstanceOf(Message.Stored.class, answer).receipts().get(0);
  }

  private void spoil(Host host, double share) {
    host.disk().rot(share, random, entry -> true);
  }

  private boolean isWhole(Host host) {
    return stored.stream()
        .filter(item -> world.model().holders(item.id()).contains(host.id()))
        .allMatch(host.disk()::holdsDurably);
  }

  @Test
  void whatIsBadComesBackFromAnotherHolderOnEachNodeWithinSeconds() {
    begin(6, 60);
    for (Host host : world.living()) {
      spoil(host, 0.5);
      assertFalse(isWhole(host));
      // found, a second to collect more, and a few messages
      world.pass(SCRUBBED + 2 * SECOND);
      assertTrue(isWhole(host), host + " still lacks what went bad");
    }
  }

  @Test
  void aWholeDiskComesBackThoughMoreIsFoundAtOnceThanIsKeptInMind() {
    begin(4, 0);
    for (int i = 0; i <= Limits.ARCS_MAX; i++) {
      stored.add(Entry.blob(Bytes.wrap(new byte[] {(byte) (i >> 8), (byte) i})));
    }
    inBatches(items -> world.ask(world.living().get(0), keep(items)));
    // who leads no share is looked after by nobody else
    Host last = world.living().stream().max((a, b) -> a.id().compareTo(b.id())).orElseThrow();
    assertTrue(isWhole(last));
    spoil(last, 1);
    inBatches(items -> last.ask(have(items), answer -> {}));
    world.pass(4 * SECOND);
    assertTrue(isWhole(last));
  }

  private void inBatches(Consumer<List<Entry>> then) {
    for (int i = 0; i < stored.size(); i += Limits.BATCH_ENTRIES_MAX) {
      then.accept(stored.subList(i, Math.min(stored.size(), i + Limits.BATCH_ENTRIES_MAX)));
    }
  }

  private static Message.Request keep(List<Entry> items) {
    return new Message.Store(items, Message.Intent.KEEP);
  }

  private static Message.Request have(List<Entry> items) {
    return new Message.HaveItems(items.stream().map(Entry::id).toList(), Message.Scope.HELD);
  }

  @Test
  void itComesFromTheOneWhoHasItThoughAllOthersAreBadToo() {
    begin(4, 40);
    List<Host> nodes = world.living();
    nodes.subList(1, 4).forEach(host -> spoil(host, 1));
    world.pass(SCRUBBED + 4 * SECOND);
    nodes.forEach(host -> assertTrue(isWhole(host), host.toString()));
  }

  @Test
  void aBadCopyIsNeverSaidToBePresent() {
    begin(4, 20);
    world.living().forEach(host -> spoil(host, 1));
    Entry item = stored.get(0);
    assertEquals(Receipt.Outcome.STORED, store(world.living().get(1), item).outcome());
    world.living().forEach(host -> assertTrue(host.disk().holdsDurably(item)));

    Entry other = stored.get(1);
    Message answer =
        world.ask(world.living().get(2), new Message.GetItem(other.id(), 0)).orElseThrow();
    assertInstanceOf(Message.Failure.class, answer);
  }

  @Test
  void whatWasFoundDamagedIsNotHeldAfterARestartEither() {
    begin(1, 0);
    Host alone = world.living().get(0);
    byte[] content = new byte[64];
    Entry item = Entry.blob(Bytes.wrap(content));
    assertEquals(1, store(alone, item).copies());
    spoil(alone, 1);
    world.pass(SCRUBBED);
    alone.crash();
    world.start(alone);
    world.pass(5 * SECOND);

    assertEquals(0, alone.nodeCore().held().index().size());
    assertEquals(Receipt.Outcome.STORED, store(alone, item).outcome());
    assertTrue(alone.disk().holdsDurably(item));
  }

  @Test
  void aNodeThatHasAnOlderFolderIsGivenWhatItHadSince() {
    begin(5, 30);
    Host host = world.living().get(2);
    host.backUp();
    List<Id> before = stored.stream().map(Entry::id).toList();
    for (int i = 0; i < 30; i++) {
      Entry item = Entry.blob(Bytes.wrap(new byte[i]));
      store(world.living().get(0), item);
      stored.add(item);
    }
    world.pass(5 * SECOND);
    host.putBack();
    assertTrue(
        stored.stream()
            .filter(item -> !before.contains(item.id()))
            .noneMatch(host.disk()::holdsDurably));
    world.start(host);
    world.pass(10 * SECOND);
    assertTrue(isWhole(host));
    assertTrue(host.nodeCore().view().state(host.id()).isOnRing());
  }
}
