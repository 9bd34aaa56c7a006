package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
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
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Homes;
import org.ringslice.sync.Index;

/** A node that knows nobody, on a ring of two thousand others, none of whom answers. */
class WatchingTest {
  private static final Arc ALL = Arc.wholeRing(Id.ZERO);
  private static final Arc SOME = new Arc(Id.ZERO, Id.powerOfTwo(Id.BITS - 4));

  private final Ring ring =
      new Ring(
          new SplittableRandom(5).longs(2000).mapToObj(top -> Id.ofWords(top, 0, 0, 7)).toList());
  private final Self self = new Self(Id.ZERO, Role.PEER, "test", 0, 1, 99, List.of());
  private final View view = new View(Id.ZERO, new Homes(0), new View.Scope(0, Geometry.RING));
  private final Timers timers = new Timers();
  private final Shelf shelf = new Shelf(empty(), empty());
  private final Links links =
      new Links(
          self,
          timers,
          new Guests(),
          node -> List.of(new Endpoint(node.toHex(), 1, 2)),
          new Nobody());
  private final Watching watching =
      new Watching(
          self, view, timers, new Comparison.Means(shelf, links, () -> 5), new Told(), List.of());

  private final Guests guests = new Guests();
  private final TreeMap<Long, Message> answers = new TreeMap<>();
  private long now = 1;
  private long asked;
  private int looks;

  private static Inventory empty() {
    return new Inventory(new Index(Self.digestOf("test")), Openings.first(1), 0, 0);
  }

  private static final class Nobody implements Links.Host {
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
      looks++;
      List<Peer> peers = new ArrayList<>();
      for (Id id : ring.neighbours(Direction.NEXT, at, count)) {
        peers.add(new Peer(id, 1, PeerState.ACTIVE, List.of()));
      }
      timers.after(0, turn, later -> then.accept(Optional.of(peers), later));
    }
  }

  private Turn turn() {
    return new Turn(now, this::perform);
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Send send && send.link() == Guests.LOCAL_LINK) {
      answers.put(send.envelope().header().processingId(), send.envelope().message());
    }
  }

  private void pass(long nanos) {
    now += nanos;
    timers.fired(turn());
  }

  /** Returns the number of the question. */
  private long watch(Arc slice) {
    Message.Watch request = new Message.Watch(List.of(slice), 0, 0, Message.Scope.RING);
    Header header = new Header(++asked, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    Inquiry inquiry =
        guests
            .take(
                new Event.Arrived(Guests.LOCAL_LINK, Lane.CONTROL, new Envelope(header, request)),
                turn())
            .orElseThrow();
    watching.onWatch(inquiry, request, turn());
    pass(0);
    return asked;
  }

  private boolean isRefused(long question) {
    return answers.get(question) instanceof Message.Failure failure
        && failure.code() == ErrorCode.TOO_LARGE;
  }

  @Test
  void refusesASliceThatLiesAtTooManyNodesAndGoesOnWithTheOthers() {
    long some = watch(SOME);
    long all = watch(ALL);
    long more = watch(SOME);

    assertTrue(isRefused(all));
    assertEquals(1, answers.size(), "those that can be watched are awaited");
    pass(JournalFeed.PATIENCE_NANOS);
    for (long question : List.of(some, more)) {
      assertEquals(false, ((Message.Signals) answers.get(question)).ready());
    }
  }

  @Test
  void doesNotLookAgainForAWhileForASliceThatLiesAtTooManyNodes() {
    watch(ALL);
    int looksFirst = looks;
    assertTrue(isRefused(watch(ALL)));
    assertEquals(looksFirst, looks);
    pass(Interests.REFUSED_NANOS);
    assertTrue(isRefused(watch(ALL)));
    assertEquals(2 * looksFirst, looks);
  }
}
