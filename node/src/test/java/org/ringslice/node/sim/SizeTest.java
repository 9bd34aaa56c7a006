package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Message;

/** Real nodes in virtual time that tell how many they are. */
class SizeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int ITEMS = 300;

  private final SplittableRandom random = new SplittableRandom(17);
  private final World world = new World(5, 2);
  private final List<Host> hosts = new ArrayList<>();

  private void start(int count) {
    for (int i = 0; i < count; i++) {
      Host host =
          world.addNode(
              World.NETWORK_NAME, World.randomId(random), 2, random.split(), core -> core);
      hosts.add(host);
      world.start(host);
    }
    assertTrue(world.passUntil(() -> hosts.stream().allMatch(this::isSettled), 60 * SECOND));
  }

  private boolean isSettled(Host host) {
    return host.nodeCore().view().ring().size() == hosts.size();
  }

  private void store() {
    for (int i = 0; i < ITEMS; i++) {
      byte[] content = new byte[64];
      random.nextBytes(content);
      Entry item = Entry.blob(Bytes.wrap(content));
      world.ask(hosts.get(i % hosts.size()), new Message.Store(List.of(item), Message.Intent.KEEP));
    }
  }

  private Message.SizeIs size(Host host) {
    return (Message.SizeIs) world.ask(host, new Message.GetSize(0)).orElseThrow();
  }

  @Test
  void oneNodeIsOne() {
    start(1);

    assertEquals(new Message.SizeIs(Estimate.exactly(1), Estimate.exactly(0)), size(hosts.get(0)));
  }

  @Test
  void eachNodeTellsTheSameExactlyAndCountsEachItemOnce() {
    start(9);
    store();
    Message.SizeIs all = new Message.SizeIs(Estimate.exactly(9), Estimate.exactly(ITEMS));
    hosts.forEach(host -> assertEquals(all, size(host)));

    Host dead = hosts.remove(4);
    dead.crash();
    assertTrue(world.passUntil(() -> hosts.stream().allMatch(this::isSettled), 60 * SECOND));
    Message.SizeIs rest = new Message.SizeIs(Estimate.exactly(8), Estimate.exactly(ITEMS));
    assertTrue(world.passUntil(() -> rest.equals(size(hosts.get(0))), 60 * SECOND));
    hosts.forEach(host -> assertEquals(rest, size(host)));
  }

  @Test
  void aRingOf256IsCountedExactlyWithinASecondOfSettlingAndItsItemsEstimated() {
    start(256);
    List<Message> answers = new ArrayList<>();
    hosts.subList(0, 8).forEach(host -> host.ask(new Message.GetSize(0), answers::add));
    assertTrue(world.passUntil(() -> answers.size() == 8, SECOND));
    answers.forEach(
        answer -> assertEquals(Estimate.exactly(256), ((Message.SizeIs) answer).nodes()));
    store();
    Estimate items = size(hosts.get(7)).items();

    assertFalse(items.exact());
    assertTrue(items.low() <= ITEMS && ITEMS <= items.high(), items::toString);
    assertTrue(items.high() - items.low() < ITEMS / 2, items::toString);
  }
}
