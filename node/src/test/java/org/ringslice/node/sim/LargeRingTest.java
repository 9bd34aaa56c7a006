package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.GetStatus;
import org.ringslice.messages.NodeHealth;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/** A ring in which nobody knows everybody. */
class LargeRingTest {
  private static final int NODES = 120;
  private static final long SECOND = 1_000_000_000L;
  private static final SplittableRandom random = new SplittableRandom(3);
  private static World world;
  private static int mostKnown;

  @BeforeAll
  static void startARing() {
    world = new World(11, Head.DEFAULT.with(new View.Scope(0, Geometry.RING)));
    world.startNodes(NODES);
    world.pass(30 * SECOND);
    mostKnown =
        world.living().stream()
            .mapToInt(host -> host.nodeCore().view().present().size())
            .max()
            .orElseThrow();
  }

  private static Host anyNode() {
    return world.living().get(random.nextInt(NODES));
  }

  private static Message ask(Host node, Message.Request request) {
    return world.ask(node, request).orElseThrow();
  }

  @Test
  void eachNodeKnowsFew() {
    // of 17 neighbours, some 12 at each of three masked places, and five fingers
    assertTrue(mostKnown > 40 && mostKnown < 90, () -> "one knows " + mostKnown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PREV", "NEXT"})
  void tellsOfAllPeersInTheirOrderHoweverManyAreAskedFor(String name) {
    Direction direction = Direction.valueOf(name);
    Host node = anyNode();
    Message answer = ask(node, new Message.GetPeers(direction, node.id(), 500, false));

    List<Id> told = ((Message.PeersAre) answer).peers().stream().map(Peer::id).toList();
    assertEquals(NODES, told.size());
    assertEquals(world.livingIds().size(), new TreeSet<>(told).size());
    assertEquals(node.id(), told.get(NODES - 1));
    for (int i = 1; i < NODES; i++) {
      Id before = told.get(i - 1);
      Id after = told.get(i);
      Arc between = direction == Direction.NEXT ? new Arc(before, after) : new Arc(after, before);
      long within = told.stream().filter(between::contains).count();
      assertEquals(1, within, "between " + before + " and " + after);
    }
  }

  @Test
  void aLookUpEndsAtTheOwnerAndTellsItsWay() {
    for (int i = 0; i < 50; i++) {
      Id point = World.randomId(random);
      Host node = anyNode();
      Message.PlaceIs place = (Message.PlaceIs) ask(node, new Message.GetPlace(point, 3, true));

      List<Id> way = place.route().stream().map(Message.Hop::id).toList();
      assertEquals(node.id(), way.get(0));
      assertEquals(world.model().owner(point), way.get(way.size() - 1));
      assertTrue(way.size() <= 8, () -> "the way " + way);
      assertEquals(6, place.peers().size());
    }
  }

  @Test
  void estimatesItsSize() {
    for (int i = 0; i < 5; i++) {
      Message.SizeIs size = (Message.SizeIs) ask(anyNode(), new Message.GetSize(0));
      assertTrue(size.nodes().low() <= NODES && NODES <= size.nodes().high(), () -> "" + size);
    }
  }

  @Test
  void aBroadcastComesToEachOnceAndAMessageToOneFarOff() {
    Host from = anyNode();
    Host to = anyNode();
    Guid toAll = new Guid(1, 2);
    Guid toOne = new Guid(3, 4);
    ask(from, new Message.Broadcast(toAll, Arc.wholeRing(from.id()), "to all"));
    Message got = ask(from, new Message.GetMessage(toOne, to.id(), "to one"));
    assertEquals(new Message.GotMessage(), got);
    world.pass(5 * SECOND);

    for (Host host : world.living()) {
      Message.InboxIs inbox = (Message.InboxIs) ask(host, new Message.GetInbox(0, 0, false));
      List<Guid> guids = inbox.messages().stream().map(Message.Received::guid).toList();
      assertEquals(1, guids.stream().filter(toAll::equals).count(), () -> host + " got " + guids);
      assertEquals(host == to ? 1 : 0, guids.stream().filter(toOne::equals).count());
    }
  }

  @Test
  void tellsOfAllNodesPartAfterPart() {
    Id at = anyNode().id();
    Id half = at.plus(Id.powerOfTwo(Id.BITS - 1));
    TreeSet<Id> told = new TreeSet<>();
    for (Arc part : List.of(new Arc(at, half), new Arc(half, at))) {
      Message.StatusIs status = (Message.StatusIs) ask(anyNode(), GetStatus.ofNodes(part));
      assertEquals(part.to(), status.until());
      for (NodeStatus node : status.nodes()) {
        assertEquals("", node.why());
        assertTrue(part.contains(node.id()) && told.add(node.id()));
      }
    }
    assertEquals(NODES, told.size());
  }

  @Test
  void tellsOfTheHealthOfAllNodesPartAfterPart() {
    Id at = anyNode().id();
    Id half = at.plus(Id.powerOfTwo(Id.BITS - 1));
    TreeSet<Id> told = new TreeSet<>();
    for (Arc part : List.of(new Arc(at, half), new Arc(half, at))) {
      Message.HealthIs health =
          (Message.HealthIs) ask(anyNode(), new Message.GetHealth(Optional.of(part)));
      assertEquals(part.to(), health.until());
      for (NodeHealth node : health.nodes()) {
        assertEquals("", node.why());
        assertTrue(part.contains(node.id()) && told.add(node.id()));
      }
    }
    assertEquals(NODES, told.size());
  }
}
