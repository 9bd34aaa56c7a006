package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.sync.Index;

/** A node that knows nobody, on a ring of a thousand others that answer what it asks them. */
class SizingTest {
  private static final int NODES = 1000;
  private static final int ITEMS = 20_000;

  private final SplittableRandom random = new SplittableRandom(5);
  private final Ring ring = new Ring(ids(NODES));
  private final TreeSet<Id> items = new TreeSet<>(ids(ITEMS));
  private final Self self = new Self(Id.ZERO, Role.PEER, "test", 2, 1, 99, List.of());
  private final Links links =
      new Links(self, new Timers(), new Guests(), this::placesOf, new Anybody());
  private final Sizing sizing =
      new Sizing(self, links, new Shelf(empty(), empty()), new Told(), random::nextLong);

  private final Guests guests = new Guests();
  private final TreeMap<Long, Id> linkedTo = new TreeMap<>();
  private final ArrayDeque<Effect> effects = new ArrayDeque<>();
  private final Turn turn = new Turn(1_000_000_000L, effects::add);
  private final List<Message> answers = new ArrayList<>();
  private final List<Id> points = new ArrayList<>();
  private final ArrayDeque<Runnable> delayed = new ArrayDeque<>();
  private final List<Arc> countedArcs = new ArrayList<>();

  private Predicate<Id> answersPoint = point -> true;
  private Predicate<Id> countsItems = node -> true;
  private boolean delays;

  private List<Id> ids(int count) {
    return random.longs(count).mapToObj(top -> Id.ofWords(top, 0, 0, 7)).toList();
  }

  private static Inventory empty() {
    return new Inventory(new Index(Self.digestOf("test")), Openings.first(1), 0, 0);
  }

  private List<Endpoint> placesOf(Id node) {
    return List.of(new Endpoint(node.toHex(), 1, 2));
  }

  private static final class Anybody implements Links.Host {
    @Override
    public Optional<String> meet(Identity who, Endpoint at, Turn turn) {
      return Optional.empty();
    }

    @Override
    public void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn) {}
  }

  private final class Told implements Sampler {
    @Override
    public Optional<Ring> whole() {
      return Optional.empty();
    }

    @Override
    public void peersAfter(
        Id at, int count, Turn turn, BiConsumer<Optional<List<Peer>>, Turn> then) {
      points.add(at);
      List<Peer> peers =
          ring.neighbours(Direction.NEXT, at, count).stream()
              .map(id -> new Peer(id, 1, PeerState.ACTIVE, placesOf(id)))
              .toList();
      Optional<List<Peer>> told = answersPoint.test(at) ? Optional.of(peers) : Optional.empty();
      if (delays) {
        delayed.add(() -> then.accept(told, turn));
      } else {
        then.accept(told, turn);
      }
    }
  }

  private void ask(int calls) {
    Header header = new Header(1, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    Message.GetSize request = new Message.GetSize(calls);
    Inquiry inquiry =
        guests
            .take(
                new Event.Arrived(Guests.LOCAL_LINK, Lane.CONTROL, new Envelope(header, request)),
                turn)
            .orElseThrow();
    sizing.onGetSize(inquiry, request, turn);
    perform();
  }

  private void perform() {
    for (Effect effect = effects.poll(); effect != null; effect = effects.poll()) {
      if (effect instanceof Effect.Dial dial) {
        greet(dial.link(), Id.fromHex(dial.endpoint().host()));
      } else if (effect instanceof Effect.Send send && send.link() == Guests.LOCAL_LINK) {
        answers.add(send.envelope().message());
      } else if (effect instanceof Effect.Send send
          && send.envelope().message() instanceof Message.GetSummaries get) {
        count(send, get.arcs().get(0));
      }
    }
  }

  private void greet(long link, Id node) {
    linkedTo.put(link, node);
    Identity identity =
        new Identity(
            node, Role.PEER, "test", 2, 1, 1, placesOf(node), "test", 100, Self.CREDIT_BYTES);
    Header header = new Header(0, Header.Form.ANSWER, Id.ZERO, Id.ZERO, 0);
    links.arrived(link, new Envelope(header, new Message.IdIs(identity)), turn);
  }

  private void count(Effect.Send send, Arc arc) {
    assertEquals(arc.to(), linkedTo.get(send.link()), "not asked at its owner");
    countedArcs.add(arc);
    int count = (int) items.stream().filter(arc::contains).count();
    Message reply =
        countsItems.test(arc.to())
            ? new Message.SummariesAre(List.of(new Message.Extent(count, 0)))
            : Message.Failure.of(
                send.envelope().message(), ErrorCode.STORE_FAILED, "the disk can't be read");
    links.arrived(send.link(), send.envelope().reply(reply), turn);
  }

  private Message.SizeIs size(int calls) {
    ask(calls);
    return (Message.SizeIs) answers.get(answers.size() - 1);
  }

  private static void assertHolds(long truth, Estimate estimate) {
    assertFalse(estimate.exact());
    assertTrue(estimate.low() <= truth && truth <= estimate.high(), estimate::toString);
  }

  private static double width(Estimate estimate) {
    return (double) (estimate.high() - estimate.low()) / estimate.value();
  }

  @Test
  void estimatesNodesAndItemsOfARingThatItDoesNotKnow() {
    Message.SizeIs size = size(0);

    assertEquals(Sizing.CALLS_DEFAULT, points.size());
    assertEquals(Sizing.COUNTED_MAX, countedArcs.stream().distinct().count());
    assertHolds(NODES, size.nodes());
    assertHolds(ITEMS, size.items());
    assertTrue(width(size.nodes()) < 0.2, size::toString);
    assertTrue(width(size.items()) < 0.15, size::toString);
  }

  @Test
  void asksAboutAsManyPointsAsAreWantedInEqualSteps() {
    Message.SizeIs size = size(30);

    assertEquals(30, points.size());
    for (int i = 0; i < 30; i++) {
      double step = points.get((i + 1) % 30).minus(points.get(i)).toFraction();
      assertEquals(1 / 30.0, step, 1e-12);
    }
    assertTrue(width(size.nodes()) < 0.04, size::toString);
    assertHolds(NODES, size.nodes());
  }

  @Test
  void whereTheRunsCloseTheRingItIsExact() {
    Message.SizeIs size = size(64);

    assertEquals(Estimate.exactly(NODES), size.nodes());
    assertHolds(ITEMS, size.items());
  }

  @Test
  void whatIsNotToldOnlyWidensTheIntervals() {
    Message.SizeIs all = size(0);
    points.clear();
    answersPoint = point -> points.size() % 3 == 0;
    countsItems = node -> (node.word(0) & 3) == 0;
    Message.SizeIs some = size(0);

    assertHolds(NODES, some.nodes());
    assertHolds(ITEMS, some.items());
    assertTrue(width(some.nodes()) > 1.4 * width(all.nodes()), some::toString);
    assertTrue(width(some.items()) > 1.4 * width(all.items()), some::toString);
  }

  @Test
  void isNoAnswerWhenNobodyTells() {
    answersPoint = point -> false;
    ask(0);

    assertEquals(ErrorCode.UNREACHABLE, ((Message.Failure) answers.get(0)).code());
  }

  @Test
  void countsNotMoreThanSoOftenAtATime() {
    delays = true;
    for (int i = 0; i < Sizing.OPERATIONS_MAX; i++) {
      ask(2);
    }
    assertEquals(List.of(), answers);
    ask(2);
    assertEquals(ErrorCode.BUSY, ((Message.Failure) answers.get(0)).code());

    delayed.forEach(Runnable::run);
    perform();
    assertEquals(1 + Sizing.OPERATIONS_MAX, answers.size());
    delays = false;
    assertHolds(NODES, size(2).nodes());
  }
}
