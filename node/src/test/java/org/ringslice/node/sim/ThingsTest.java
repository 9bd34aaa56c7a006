package org.ringslice.node.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Nature;
import org.ringslice.messages.Thing;

class ThingsTest {
  private static final long SECOND = 1_000_000_000L;

  private final World world = new World(33, 2);
  private final Entry block = Entry.blob(Bytes.wrap("a block of a file".getBytes(UTF_8)));
  private final Entry file = Entry.blob(manifestOf(block));

  /** As section 11 of the protocol has it. */
  private static Bytes manifestOf(Entry block) {
    ByteBuffer out = ByteBuffer.allocate(8 + 6 + Id.BYTES + 1);
    out.put(new byte[] {(byte) 0x89, 'R', 'S', 'M', 'F', 13, 10, 1});
    out.put(new byte[] {(byte) 0x92, 0, (byte) 0x91, (byte) 0x92, (byte) 0xc4, Id.BYTES});
    out.put(block.id().toBytes()).put((byte) block.bytes().size());
    return Bytes.wrap(out.array());
  }

  private void ring(int nodes) {
    world.startNodes(nodes);
    world.pass(5 * SECOND);
    List<Entry> others = new ArrayList<>(List.of(block, file));
    for (int i = 0; i < 60; i++) {
      others.add(Entry.blob(Bytes.wrap(("a small thing " + i).getBytes(UTF_8))));
    }
    Message.Store store = new Message.Store(others, Message.Intent.KEEP);
    assertTrue(world.ask(world.nodes().get(0), store).isPresent());
  }

  /** What is told of all items, in pages. */
  private Map<Id, Thing> told(Host at, Direction direction, Message.Scope scope, int page) {
    TreeMap<Id, Thing> told = new TreeMap<>();
    int items = 0;
    Id from = Id.powerOfTwo(200);
    for (Message.ThingsAre are = null; are == null || are.items().size() == page; ) {
      Message.GetThings question =
          new Message.GetThings(direction, from, page, Id.powerOfTwo(200), scope);
      are = (Message.ThingsAre) world.ask(at, question).orElseThrow();
      for (Thing thing : are.things()) {
        told.put(are.items().get(thing.place()).id(), thing);
      }
      items += are.items().size();
      from = are.items().get(are.items().size() - 1).id();
    }
    assertEquals(62, items);
    return told;
  }

  @Test
  void aWalkTellsWhatTheOwnersOfTheItemsKnow() {
    ring(3);
    for (Host node : world.nodes()) {
      for (Direction direction : Direction.values()) {
        for (Message.Scope scope : List.of(Message.Scope.RING, Message.Scope.HELD)) {
          Map<Id, Thing> told = told(node, direction, scope, 7);
          assertEquals(2, told.size(), told.toString());
          assertEquals(Nature.FILE, told.get(file.id()).nature());
          assertEquals(block.bytes().size(), told.get(file.id()).size());
          assertEquals(Nature.BLOCK, told.get(block.id()).nature());
        }
      }
    }
  }

  @Test
  void whereBlocksLieElsewhereAManifestTellsOfItselfAllTheSame() {
    ring(12);
    for (Host node : world.nodes()) {
      Map<Id, Thing> told = told(node, Direction.NEXT, Message.Scope.RING, 50);
      assertEquals(Nature.FILE, told.get(file.id()).nature());
    }
  }
}
