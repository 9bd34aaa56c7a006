package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.replica.LostItems;

/** Items that newcomers took from those who held them, and took with them. */
class LostItemsTest {
  private static final long SECOND = 1_000_000_000L;

  /** A death is known, its items were asked for twice, and what is in doubt was asked again. */
  private static final long LONG_ENOUGH = 45 * SECOND;

  private final World world = new World(5, Head.DEFAULT.withKeepNanos(0));
  private final TreeSet<Id> stored = new TreeSet<>();
  private Host former;

  /** Two nodes give all that they hold up to four that came right at the homes of one item. */
  private void giveUp() {
    world.startNodes(2);
    world.pass(5 * SECOND);
    former = world.living().get(0);
    for (int i = 0; i < 40; i++) {
      Entry item = Entry.blob(Bytes.wrap(new byte[] {(byte) i, 1, 2, 3}));
      Message.Store store = new Message.Store(List.of(item), Message.Intent.KEEP);
      assertTrue(world.ask(former, store).isPresent());
      stored.add(item.id());
    }
    world.usurpers().come(stored.first());
    world.pass(60 * SECOND);
    for (Host host : world.living().subList(0, 2)) {
      stored.removeIf(item -> !host.disk().hasDroppedLately(item));
    }
    assertTrue(stored.size() > 1);
    assertEquals(0, lost().count(), "others have it");
  }

  private LostItems lost() {
    return former.nodeCore().lostItems();
  }

  @Test
  void areCountedAndNamedUntilSomebodyBringsThem() {
    giveUp();
    List<Host> usurpers = world.living().subList(2, 6);
    world.usurpers().crash();
    world.pass(LONG_ENOUGH);
    assertEquals(stored.size(), lost().count());
    assertEquals(List.copyOf(stored), lost().first(100));
    assertEquals(List.of(stored.first()), lost().first(1));

    // it knows of them from its disk after a restart
    former.crash();
    world.start(former);
    world.pass(LONG_ENOUGH);
    assertEquals(List.copyOf(stored), lost().first(100));

    world.start(usurpers.get(2));
    world.pass(30 * SECOND);
    assertEquals(0, lost().count());
  }

  @Test
  void areNotThoseOfWhichOneHolderIsLeft() {
    giveUp();
    List<Host> usurpers = List.copyOf(world.living().subList(2, 6));
    usurpers.subList(0, 3).forEach(Host::crash);
    world.pass(LONG_ENOUGH);
    assertEquals(0, lost().count());
    assertFalse(world.living().isEmpty());
  }

  @Test
  void areNotThoseWhoseHoldersAreSlow() {
    giveUp();
    List<Host> usurpers = List.copyOf(world.living().subList(2, 6));
    usurpers.forEach(Host::beSlow);
    usurpers.get(0).crash();
    world.pass(LONG_ENOUGH);
    assertEquals(0, lost().count());
  }
}
