package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * Brings into the view whoever is round the places that something is about, so that all else can go
 * by the view, as if it were whole.
 */
public final class Locating implements Sampler {
  /** Places that one request looks for at a time. */
  private static final int WINDOW = 32;

  private final View view;
  private final Membership membership;
  private final Routing routing;

  public Locating(View view, Membership membership, Routing routing) {
    this.view = view;
    this.membership = membership;
    this.routing = routing;
  }

  /**
   * Sees to it that all nodes round some points are known, then goes on. Where a place is not found
   * it goes on all the same: what is done then fails with a reason of its own.
   *
   * @param sinceNanos what was found before that is not believed
   */
  public void know(Collection<Id> points, long sinceNanos, Turn turn, Timers.Alarm then) {
    TreeSet<Id> unknown = new TreeSet<>();
    points.stream()
        .filter(point -> !view.knows(point, sinceNanos, turn.now()))
        .forEach(unknown::add);
    if (unknown.isEmpty()) {
      then.ring(turn);
    } else {
      new Survey(unknown, sinceNanos, then).step(turn);
    }
  }

  /** Places that are looked for, {@link #WINDOW} at a time. */
  private final class Survey implements Routing.Finder {
    private final List<Id> unknown;
    private final long sinceNanos;
    private final Timers.Alarm then;
    private int outstanding;

    Survey(NavigableSet<Id> unknown, long sinceNanos, Timers.Alarm then) {
      this.unknown = new ArrayList<>(unknown);
      this.sinceNanos = sinceNanos;
      this.then = then;
    }

    void step(Turn turn) {
      while (outstanding < WINDOW && !unknown.isEmpty()) {
        Id point = unknown.remove(unknown.size() - 1);
        if (!view.knows(point, sinceNanos, turn.now())) {
          outstanding++;
          Message.GetPlace request = new Message.GetPlace(point, Limits.AROUND_MAX, false);
          routing.find(request, turn, new Sought(point, this));
        }
      }
      if (outstanding == 0) {
        then.ring(turn);
      }
    }

    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      outstanding--;
      step(turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      outstanding--;
      step(turn);
    }
  }

  /** Where nobody is missing among those round a point: when there are few, they are all. */
  private static Arc covered(Id point, Ring found) {
    int count = Limits.AROUND_MAX;
    return found.size() < 2 * count
        ? Arc.wholeRing(point)
        : new Arc(
            found.neighbours(Direction.PREV, point, count).get(count - 1),
            found.neighbours(Direction.NEXT, point, count).get(count - 1));
  }

  /** Takes those in that were found, then tells who waits for it. */
  private final class Sought implements Routing.Finder {
    private final Id point;
    private final Routing.Finder then;

    Sought(Id point, Routing.Finder then) {
      this.point = point;
      this.then = then;
    }

    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      List<Id> ids = place.peers().stream().map(Peer::id).toList();
      view.visit(covered(point, new Ring(ids)), ids, turn.now());
      membership.learn(place.peers(), How.LEARNED, turn);
      then.found(place, turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      then.failed(failure, turn);
    }
  }

  /** Somebody names peers that are said to have what this node looks for. */
  public void named(List<Peer> peers, Turn turn) {
    if (!view.isWhole()) {
      view.visit(peers.stream().map(Peer::id).toList(), turn.now());
      membership.learn(peers, How.LEARNED, turn);
    }
  }

  /** Somebody asks for the peers before or after a point: as many as there are up to its count. */
  public void onGetPeers(Inquiry inquiry, Message.GetPeers request, Turn turn) {
    if (view.isWhole()) {
      inquiry.answer(membership.answer(request), turn);
      return;
    }
    Stretch.Then reply =
        new Stretch.Then() {
          @Override
          public void found(Message.PeersAre peers, Turn later) {
            inquiry.answer(peers, later);
          }

          @Override
          public void failed(Message.Failure failure, Turn later) {
            inquiry.answer(failure, later);
          }
        };
    new Stretch(routing, request, reply).step(turn);
  }

  /**
   * Finds the nodes of an arc, as many of the first as a message can tell of.
   *
   * @param then called once, in this turn or a later one; with nothing when no way led to them
   */
  public void call(Arc arc, Turn turn, BiConsumer<Optional<RollCall>, Turn> then) {
    if (view.hasEverybody()) {
      then.accept(Optional.of(RollCall.of(view, arc)), turn);
      return;
    }
    BiConsumer<Optional<List<Peer>>, Turn> found =
        (stretch, later) ->
            then.accept(stretch.map(peers -> RollCall.of(peers, arc, view.homes())), later);
    peers(
        Direction.PREV,
        arc.from().next(),
        Vicinity.NEIGHBOURS,
        turn,
        (before, later) -> {
          if (before.isPresent()) {
            // the first of these is the last that was told of
            Id first = before.get().get(before.get().size() - 1).id();
            peers(Direction.NEXT, first.previous(), Limits.PEERS_MAX, later, found);
          } else {
            found.accept(before, later);
          }
        });
  }

  @Override
  public Optional<Ring> whole() {
    return view.isWhole() ? Optional.of(view.ring()) : Optional.empty();
  }

  @Override
  public void peersAfter(Id at, int count, Turn turn, BiConsumer<Optional<List<Peer>>, Turn> then) {
    peers(Direction.NEXT, at, count, turn, then);
  }

  /** Those on one side of a point, nearest first; nothing when nobody told in time. */
  private void peers(
      Direction direction,
      Id at,
      int count,
      Turn turn,
      BiConsumer<Optional<List<Peer>>, Turn> then) {
    Stretch.Then told =
        new Stretch.Then() {
          @Override
          public void found(Message.PeersAre peers, Turn later) {
            named(peers.peers(), later);
            then.accept(Optional.of(peers.peers()), later);
          }

          @Override
          public void failed(Message.Failure failure, Turn later) {
            then.accept(Optional.empty(), later);
          }
        };
    Message.GetPeers request = new Message.GetPeers(direction, at, count, false);
    new Stretch(routing, request, told).step(turn);
  }
}
