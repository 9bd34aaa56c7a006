package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/** A node that comes back is asked in the moment in which it starts. */
class ReturningTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int NODES = 60;

  private final SplittableRandom random = new SplittableRandom(5);

  private Entry newItem() {
    byte[] content = new byte[64];
    random.nextBytes(content);
    return Entry.blob(Bytes.wrap(content));
  }

  private static Receipt store(World world, Host host, Entry item) {
    Message.Store store = new Message.Store(List.of(item), Message.Intent.KEEP);
    return ((Message.Stored) world.ask(host, store).orElseThrow()).receipts().get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {View.CAPACITY_MAX, 0})
  void isRightFromItsFirstAnswerOn(int viewCapacity) {
    World world = new World(11, Head.DEFAULT.with(new View.Scope(viewCapacity, Geometry.RING)));
    world.startNodes(NODES);
    world.pass(20 * SECOND);
    Host away = world.living().get(7);
    away.sayFarewell();
    world.pass(10 * SECOND);
    List<Entry> items = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      items.add(newItem());
      assertEquals(4, store(world, world.living().get(i), items.get(i)).copies());
    }

    world.start(away);
    List<Message> answers = new ArrayList<>();
    items.forEach(item -> away.ask(new Message.GetItem(item.id(), 0), answers::add));
    Receipt receipt = store(world, away, newItem());
    assertEquals(4, receipt.copies());
    assertEquals(4, receipt.wanted());
    assertTrue(world.passUntil(() -> answers.size() == items.size(), 10 * SECOND));
    answers.forEach(answer -> assertTrue(answer instanceof Message.ItemIs, answer::toString));
  }
}
