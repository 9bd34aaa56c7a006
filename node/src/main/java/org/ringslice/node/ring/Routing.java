package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.ringslice.messages.Channel;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * Finds places of the ring. Who knows everybody knows them all; else the question is passed on from
 * node to node, each time to one that is nearer by the {@link Geometry}, and at the end by the
 * ring, until it comes to the node that owns the point. That one answers, for it knows best who is
 * before it.
 */
public final class Routing {
  /** From the question to its failure, for who asks first. */
  static final long DEADLINE_NANOS = 6_000_000_000L;

  /** So much less patient is each node that passes it on than the one before it. */
  private static final long LESS_NANOS = 400_000_000L;

  private static final long PATIENCE_NANOS_MIN = 1_000_000_000L;

  /**
   * For a hop to answer before another way is tried beside it: several times what a whole way takes
   * on a LAN. A guess.
   */
  private static final long HOP_NANOS = 600_000_000L;

  /** Before all ways are tried anew when none led on. A guess. */
  private static final long PAUSE_NANOS = 200_000_000L;

  /** Requestors that are looked for at a time; one more is left to the heartbeats. */
  private static final int SOUGHT_MAX = 4;

  /** Who asked for a place. Exactly one of the two is called. */
  interface Finder {
    void found(Message.PlaceIs place, Turn turn);

    void failed(Message.Failure failure, Turn turn);
  }

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Heartbeats heartbeats;
  private final Membership membership;
  private int soughtAfter;

  public Routing(
      Self self, View view, Timers timers, Membership membership, Heartbeats heartbeats) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.membership = membership;
    this.links = membership.links();
    this.heartbeats = heartbeats;
  }

  /** Asks who is round a point. The answer comes in a later turn. */
  void find(Message.GetPlace request, Turn turn, Finder finder) {
    timers.after(0, turn, new Passing(request, Optional.empty(), finder)::start);
  }

  /** A node, or a client, asks for a place. */
  public void onGetPlace(Inquiry inquiry, Message.GetPlace request, Turn turn) {
    // who is not on the ring is asked for in this node's name
    Optional<Header> origin =
        inquiry.isFromClient() ? Optional.empty() : Optional.of(inquiry.header());
    origin.ifPresent(header -> heardOf(header.requestor(), turn));
    new Passing(request, origin, new Reply(inquiry)).start(turn);
  }

  /** Somebody asks who is a neighbour by its id, and is not known: it is looked for. */
  private void heardOf(Id requestor, Turn turn) {
    boolean isNew =
        view.isPlaced()
            && !view.isWhole()
            && view.peer(requestor).isEmpty()
            && view.contacts().near().contains(requestor);
    if (isNew && soughtAfter < SOUGHT_MAX) {
      soughtAfter++;
      find(new Message.GetPlace(requestor, 0, false), turn, new Stranger());
    }
  }

  private final class Stranger implements Finder {
    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      soughtAfter--;
      membership.learn(place.peers(), How.LEARNED, turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      soughtAfter--;
    }
  }

  private record Reply(Inquiry inquiry) implements Finder {
    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      inquiry.answer(place, turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      inquiry.answer(failure, turn);
    }
  }

  /** Whether this node is the one to tell of a place. */
  private boolean isMine(Message.GetPlace request) {
    // who asks for the way is to see it
    return (view.isWhole() && !request.traced())
        || (view.isPlaced() && view.ring().owner(request.at()).equals(self.id()));
  }

  /** The peers to which a request for a point may be passed on, the best first. */
  private List<Id> waysTo(Id point) {
    Contacts contacts = view.contacts();
    List<Id> known = contacts.all().nodes().stream().filter(view::leads).toList();
    List<Id> ways = new ArrayList<>();
    if (view.isWhole() || contacts.near().contains(point) || view.wasVisited(point)) {
      ways.add(view.ring().owner(point));
    }
    ways.addAll(Ways.to(point, self.id(), known, contacts.near(), view.geometry()));
    if (!view.isPlaced()) {
      ways.addAll(known);
    }
    return ways.stream().filter(way -> !way.equals(self.id())).distinct().toList();
  }

  /** A question on its way: waits for the answer of the peer that it was passed on to. */
  private final class Passing implements Asker {
    private final Message.GetPlace request;
    private final Optional<Header> origin;
    private final Finder finder;
    private final TreeSet<Id> tried = new TreeSet<>();
    private long startedAt;
    private int outstanding;
    private boolean over;
    private Timers.Handle deadline;
    private Timers.Handle next;

    /**
     * @param origin of a request that is passed on; nothing when this node asks
     */
    Passing(Message.GetPlace request, Optional<Header> origin, Finder finder) {
      this.request = request;
      this.origin = origin;
      this.finder = finder;
    }

    private long patienceNanos() {
      long hops = origin.map(Header::hops).orElse(0);
      return Math.max(PATIENCE_NANOS_MIN, DEADLINE_NANOS - hops * LESS_NANOS);
    }

    void start(Turn turn) {
      startedAt = turn.now();
      if (isMine(request)) {
        finish(place(), List.of(), turn);
      } else {
        deadline = timers.after(patienceNanos(), turn, this::expire);
        step(turn);
      }
    }

    private List<Peer> place() {
      return view.around(request.at(), request.around());
    }

    private void step(Turn turn) {
      timers.cancel(next);
      Optional<Id> way = way();
      if (way.isPresent()) {
        tried.add(way.get());
        outstanding++;
        ask(way.get(), turn);
        next = timers.after(HOP_NANOS, turn, later -> goBeside(way.get(), later));
      } else if (outstanding == 0) {
        tried.clear();
        next = timers.after(PAUSE_NANOS, turn, this::retry);
      }
    }

    private void ask(Id way, Turn turn) {
      if (origin.isPresent()) {
        links.pass(way, request, origin.get(), patienceNanos(), this, turn);
      } else {
        Id at = request.at();
        links.ask(way, request, at, 0, patienceNanos(), this, turn);
      }
    }

    private Optional<Id> way() {
      List<Id> ways = waysTo(request.at()).stream().filter(id -> !tried.contains(id)).toList();
      return ways.stream()
          .filter(id -> links.channel(id, Lane.CONTROL) != Channel.WAITING)
          .findFirst()
          .or(() -> ways.stream().findFirst());
    }

    /** The peer is slow, or does not live: another way is tried beside it. */
    private void goBeside(Id slow, Turn turn) {
      heartbeats.probe(slow, turn);
      step(turn);
    }

    private void retry(Turn turn) {
      if (isMine(request)) {
        finish(place(), List.of(), turn);
      } else {
        step(turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      outstanding--;
      if (!over) {
        Message.PlaceIs place = (Message.PlaceIs) answer;
        finish(place.peers(), place.route(), turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      outstanding--;
      if (!over) {
        step(turn);
      }
    }

    private void expire(Turn turn) {
      String sentence =
          tried.isEmpty()
              ? "this node knows of nobody who is nearer to it than itself"
              : "no node that is nearer to it answered in time";
      end();
      finder.failed(
          Message.Failure.of(
              request, ErrorCode.UNREACHABLE, "no way to " + request.at() + ": " + sentence),
          turn);
    }

    private void end() {
      over = true;
      timers.cancel(deadline);
      timers.cancel(next);
    }

    private void finish(List<Peer> peers, List<Message.Hop> rest, Turn turn) {
      end();
      List<Message.Hop> route = new ArrayList<>();
      if (request.traced()) {
        long micros = (turn.now() - startedAt) / 1_000;
        route.add(new Message.Hop(self.id(), (int) Math.min(micros, Integer.MAX_VALUE)));
        rest.stream().limit(Limits.HOPS_MAX - 1L).forEach(route::add);
      }
      finder.found(new Message.PlaceIs(peers, route), turn);
    }
  }
}
