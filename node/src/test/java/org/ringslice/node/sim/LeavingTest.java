package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ringslice.messages.Message.Scope.RING;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.HandedOver;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Receipt;

class LeavingTest {
  private static final long SECOND = 1_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(17);
  private final World world = new World(7, 2);
  private final List<Entry> stored = new ArrayList<>();

  private void begin(int nodes, int items) {
    world.startNodes(nodes);
    world.pass(5 * SECOND);
    for (int i = 0; i < items; i++) {
      store(world.living().get(i % nodes));
    }
  }

  private Receipt store(Host host) {
    byte[] content = new byte[100];
    random.nextBytes(content);
    Entry item = Entry.blob(Bytes.wrap(content));
    Message answer = ask(host, new Message.Store(List.of(item), Message.Intent.KEEP));
    Receipt receipt = assertInstanceOf(Message.Stored.class, answer).receipts().get(0);
    if (receipt.outcome() == Receipt.Outcome.STORED) {
      stored.add(item);
    }
    return receipt;
  }

  private Message ask(Host host, Message.Request request) {
    return world.ask(host, request).orElseThrow();
  }

  private void assertReadableEverywhere() {
    for (Host host : world.living()) {
      for (Entry item : stored) {
        Message answer = ask(host, new Message.GetItem(item.id(), 0));
        assertEquals(item, assertInstanceOf(Message.ItemIs.class, answer).item());
      }
    }
  }

  private Message.LeaveIs leave(Host host) {
    world.farewells().leave(List.of(host));
    return assertInstanceOf(Message.LeaveIs.class, world.farewells().of(host));
  }

  /** What the nodes that stay come to hold, by a count that knows nothing of theirs. */
  private List<HandedOver> expected(Host leaving) {
    Model before = world.model();
    List<Id> left = world.livingIds().stream().filter(id -> !id.equals(leaving.id())).toList();
    Model after = new Model(left, world.maskBits());
    TreeMap<Id, Long> counts = new TreeMap<>();
    for (Entry item : stored) {
      List<Id> holders = before.holders(item.id());
      after.holders(item.id()).stream()
          .filter(id -> holders.contains(leaving.id()) && !holders.contains(id))
          .forEach(id -> counts.merge(id, 1L, Long::sum));
    }
    List<HandedOver> all = new ArrayList<>();
    counts.forEach((id, count) -> all.add(new HandedOver(id, count, 100 * count)));
    return all;
  }

  @Test
  void eachNodeInTurnLeavesDownToOneAndNothingIsLost() {
    begin(9, 120);
    while (world.living().size() > 1) {
      Host leaving = world.living().get(random.nextInt(world.living().size()));
      List<HandedOver> expected = expected(leaving);
      assertEquals(new Message.LeaveIs(true, 0, "", expected), leave(leaving));
      assertFalse(leaving.isRunning());
      assertEquals(world.living().size() < 4, expected.isEmpty());
      assertReadableEverywhere();
      for (Entry item : stored) {
        for (Id holder : world.model().holders(item.id())) {
          assertTrue(world.node(holder).disk().holdsDurably(item), "the copy is there at once");
        }
      }
    }
  }

  @Test
  void theLastOneStaysUnlessItHoldsNothing() {
    begin(1, 1);
    Host last = world.living().get(0);
    Message.Failure refused =
        assertInstanceOf(Message.Failure.class, ask(last, new Message.Leave(false)));
    assertEquals(ErrorCode.NOBODY_STAYS, refused.code());
    assertEquals(
        "this node is alone on the ring, so nobody could take over its 1 item; start another node,"
            + " or let this one stop with --now",
        refused.sentence());
    assertEquals(1, store(last).copies());
    assertTrue(last.isRunning());

    assertEquals(new Message.LeaveIs(true, 0, "", List.of()), ask(last, new Message.Leave(true)));
    world.pass(SECOND);
    assertFalse(last.isRunning());
  }

  @Test
  void anEmptyRingMayBeLeftByAll() {
    begin(2, 0);
    world.living().forEach(this::leave);
    assertEquals(List.of(), world.living());
  }

  @Test
  void ofAllThatLeaveAtOnceOneStaysAndHasEverything() {
    begin(5, 60);
    world.farewells().leave(world.living());
    assertEquals(1, world.living().size());
    Host left = world.living().get(0);
    Message.Failure refused = assertInstanceOf(Message.Failure.class, world.farewells().of(left));
    assertEquals(ErrorCode.NOBODY_STAYS, refused.code());
    assertReadableEverywhere();
    assertEquals(1, store(left).copies());
  }

  @Test
  void whoeverAsksAgainIsToldOfTheSameLeave() {
    begin(6, 60);
    Host leaving = world.living().get(0);
    List<HandedOver> expected = expected(leaving);
    List<Message> told = new ArrayList<>();
    leaving.ask(new Message.Leave(false), told::add);
    leaving.ask(new Message.Leave(false), told::add);
    assertTrue(world.passUntil(() -> told.size() == 2, 60 * SECOND));
    Message end = new Message.LeaveIs(true, 0, "", expected);
    assertEquals(List.of(end, end), told);
  }

  @Test
  void isReadFromAndStoredToUntilItHasGone() {
    begin(6, 60);
    Host leaving = world.living().get(0);
    leaving.disk().beSlow();
    List<Message> told = new ArrayList<>();
    leaving.ask(new Message.Leave(false), told::add);
    List<Host> others = world.living().subList(1, 6);
    int before = stored.size();
    while (told.isEmpty()) {
      assertEquals(4, store(others.get(random.nextInt(5))).copies());
      Entry last = stored.get(stored.size() - 1);
      assertInstanceOf(
          Message.ItemIs.class,
          ask(others.get(random.nextInt(5)), new Message.GetItem(last.id(), 0)));
    }
    assertTrue(((Message.LeaveIs) told.get(0)).left());
    assertTrue(stored.size() > before + 10, "people stored meanwhile");
    assertReadableEverywhere();
  }

  @Test
  void tellsForWhomItWaitsAndGoesOnTrying() {
    begin(5, 60);
    Host leaving = world.living().get(0);
    world.living().get(1).disk().beFull();
    world.living().get(2).disk().beFull();
    Message.LeaveIs stands =
        assertInstanceOf(Message.LeaveIs.class, ask(leaving, new Message.Leave(false)));
    assertFalse(stands.left());
    for (int i = 0; i < 30; i++) {
      stands = assertInstanceOf(Message.LeaveIs.class, ask(leaving, new Message.Leave(false)));
    }
    assertFalse(stands.left());
    assertTrue(stands.toGo() > 0);
    assertTrue(stands.why().contains("the disk is full"), stands.why());

    world.heal();
    assertTrue(leave(leaving).left());
    assertReadableEverywhere();
  }

  @Test
  void aNodeThatDiesMeanwhileIsWaitedForAndThenTakenAsDead() {
    begin(7, 80);
    Host leaving = world.living().get(0);
    world.living().get(3).vanish();
    assertTrue(leave(leaving).left());
    assertReadableEverywhere();
    world.pass(5 * SECOND);
    Check.Findings findings = new Check.Findings();
    Check.named("equal").look(world, findings);
    assertEquals(List.of(), findings.sentences());
  }

  @Test
  void comesBackAndIsRightFromItsFirstAnswerOn() {
    begin(6, 60);
    Host back = world.living().get(2);
    assertTrue(leave(back).left());
    for (int i = 0; i < 40; i++) {
      store(world.living().get(i % 5));
    }
    world.start(back);
    boolean[] joined = {false};
    for (int i = 0; i < 200 && !joined[0]; i++) {
      world.pass(SECOND / 20);
      joined[0] = back.nodeCore().view().state(back.id()) == PeerState.ACTIVE;
      Message answer =
          ask(back, new Message.GetItems(Direction.NEXT, Id.ZERO, 4096, Id.ZERO, RING));
      assertEquals(stored.size(), assertInstanceOf(Message.ItemsAre.class, answer).items().size());
    }
    assertTrue(joined[0]);
    assertReadableEverywhere();
  }

  @Test
  void stopsAtOnceWhenToldTo() {
    begin(5, 40);
    Host leaving = world.living().get(0);
    ask(leaving, new Message.Leave(true));
    assertFalse(leaving.isRunning());
    assertTrue(leaving.hasLeft());
    world.pass(5 * SECOND);
    assertReadableEverywhere();
  }
}
