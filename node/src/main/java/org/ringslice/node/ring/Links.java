package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ringslice.messages.Channel;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;

/**
 * The ways to peers and the calls on them: one link to a peer and lane, windowed by the far side's
 * credit. It is dialled when it is first needed, unless the peer has dialled this node: either side
 * may ask on a connection, so two nodes need one. Those that nobody uses are closed. A call that is
 * lost with its connection is asked again once on another; past its deadline it fails. All requests
 * may be repeated, so nothing is asked "at most once" here.
 */
public final class Links {
  /** Calls that wait on one link; one more fails as BUSY. */
  static final int WAITING_MAX = 4096;

  private static final int LOSSES_MAX = 2;

  /**
   * A connection on which nothing came for so long, and nothing is awaited, is closed by who
   * dialled it. A guess: dialling anew takes milliseconds, and those who watch each other never
   * rest.
   */
  static final long IDLE_NANOS = 60_000_000_000L;

  /** Between two looks for idle connections. */
  static final long SWEEP_NANOS = 10_000_000_000L;

  /** What a node thinks of those whom it reaches. */
  public interface Host {
    /** Somebody answered. Returns why it is not to be talked to, or nothing. */
    Optional<String> meet(Identity who, Endpoint at, Turn turn);

    /**
     * The dial to an endpoint came to nothing. {@code expected} is null when anybody was; whom it
     * names may be reached elsewhere.
     */
    void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn);
  }

  private final Self self;
  private final Timers timers;
  private final Places places;

  private final Dialler dialler;
  private final Guests guests;
  private final Callers callers;

  private BiConsumer<Id, Turn> silence = (peer, turn) -> {};

  // those that are ready, by the numbers of their connections
  private final TreeMap<Long, Link> links = new TreeMap<>();
  private final Map<Lane, TreeMap<Id, Link>> byPeer = new EnumMap<>(Lane.class);
  private long nextProcessingId = 1;

  /**
   * @param directory where a peer listens, the best endpoint first
   */
  public Links(
      Self self, Timers timers, Guests guests, Function<Id, List<Endpoint>> directory, Host host) {
    this.self = self;
    this.timers = timers;
    this.guests = guests;
    this.callers = new Callers(guests);
    this.places = new Places(directory);
    this.dialler = new Dialler(self, timers, host, new Outcome());
    for (Lane lane : Lane.values()) {
      byPeer.put(lane, new TreeMap<>());
    }
  }

  /**
   * Has somebody told of each peer that was asked something and not heard since, whoever asked:
   * where not everybody is watched by all, it may be dead without a word of it.
   */
  public void onSilence(BiConsumer<Id, Turn> listener) {
    silence = listener;
  }

  /**
   * Asks a peer, on the lane of what is asked.
   *
   * @param target the point of the ring that the request is about
   * @param replyBytes payload that the answer may bring, at most
   */
  public void ask(
      Id peer,
      Message.Request request,
      Id target,
      long replyBytes,
      long timeoutNanos,
      Asker asker,
      Turn turn) {
    Header origin = new Header(0, Header.Form.REQUEST, self.id(), target, 0);
    begin(new Call(peer, request, origin, replyBytes, asker), timeoutNanos, turn);
  }

  /**
   * Passes on what somebody asked of this node.
   *
   * @param origin its requestor and target go on with the request, and its hops, with one more
   */
  public void pass(
      Id peer, Message.Request request, Header origin, long timeoutNanos, Asker asker, Turn turn) {
    Header onward =
        new Header(0, Header.Form.REQUEST, origin.requestor(), origin.target(), origin.hops() + 1);
    Call call = new Call(peer, request, onward, 0, asker);
    if (onward.hops() > Limits.HOPS_MAX) {
      failLater(call, ErrorCode.UNREACHABLE, "it was passed on too often", turn);
    } else {
      begin(call, timeoutNanos, turn);
    }
  }

  private void begin(Call call, long timeoutNanos, Turn turn) {
    call.beganAtNanos = turn.now();
    call.deadline = timers.after(timeoutNanos, turn, late -> expire(call, late));
    place(call, turn);
  }

  private void expire(Call call, Turn turn) {
    Link link = byPeer.get(call.lane).get(call.peer);
    if (link != null) {
      link.drop(call);
      pump(link, turn);
    }
    call.failed(ErrorCode.TIMED_OUT, "no answer from node " + call.peer + " in time", turn);
    if (link == null || !link.isReady() || !guests.isHeardSince(link.number(), call.beganAtNanos)) {
      silence.accept(call.peer, turn);
    }
  }

  private void place(Call call, Turn turn) {
    Link link = byPeer.get(call.lane).get(call.peer);
    if (link == null) {
      List<Endpoint> endpoints = places.of(call.peer);
      if (endpoints.isEmpty()) {
        failLater(
            call,
            ErrorCode.UNREACHABLE,
            "it is not known where node " + call.peer + " listens",
            turn);
        return;
      }
      link = new Link(call.lane, call.peer);
      byPeer.get(call.lane).put(call.peer, link);
      dialler.start(link, endpoints, turn);
    }
    if (link.waitingCount() >= WAITING_MAX) {
      failLater(call, ErrorCode.BUSY, "too much waits for node " + call.peer + " already", turn);
      return;
    }
    link.enqueue(call);
    pump(link, turn);
  }

  private void failLater(Call call, ErrorCode code, String sentence, Turn turn) {
    timers.cancel(call.deadline);
    timers.after(0, turn, later -> call.failed(code, sentence, later));
  }

  /** Dials an endpoint of which it is not known who listens there, if anybody does. */
  public void dial(Endpoint endpoint, Turn turn) {
    dialler.start(new Link(Lane.CONTROL, null), List.of(endpoint), turn);
  }

  /** Whether an endpoint is being dialled or is connected, on the control lane. */
  public boolean isDialled(Endpoint endpoint) {
    return dialler.isDialling(endpoint, Lane.CONTROL) || whoListensAt(endpoint).isPresent();
  }

  /** The peer that listens at an endpoint, when it is connected on the control lane. */
  Optional<Id> whoListensAt(Endpoint endpoint) {
    return links.values().stream()
        .filter(link -> link.lane == Lane.CONTROL && link.leadsTo(endpoint))
        .map(link -> link.peer)
        .findFirst();
  }

  /**
   * A peer's answer is overdue, though it may live: looks for another way to it, on both lanes,
   * that by which it was reached last. Whichever answers first, the present connection or a new
   * one, is used from then on, with all calls that are not answered yet.
   */
  public void renew(Id peer, Turn turn) {
    List<Endpoint> known = places.of(peer);
    for (TreeMap<Id, Link> peers : byPeer.values()) {
      Link link = peers.get(peer);
      if (link != null && link.isReady() && link.dial == null && !known.isEmpty()) {
        List<Endpoint> others = new ArrayList<>(known);
        others.sort(Comparator.comparing(link::wasDialledAt));
        dialler.start(link, others, turn);
      }
    }
  }

  private void pump(Link link, Turn turn) {
    for (Call call = link.nextToSend(); call != null; call = link.nextToSend()) {
      link.sent(call, nextProcessingId++);
      turn.emit(new Effect.Send(link.number(), call.envelope()));
    }
  }

  /** An answer or an error came. */
  public void arrived(long number, Envelope envelope, Turn turn) {
    Link link = links.get(number);
    if (link == null) {
      if (dialler.isDialling(number)) {
        dialler.arrived(number, envelope.message(), turn);
      }
    } else if (isStranger(envelope.message())) {
      // the far side has forgotten us: it was restarted, or made room
      turn.emit(new Effect.Close(number));
      guests.lost(number);
      lost(number, "the other side does not know this connection", turn);
    } else {
      dialler.stop(link, turn);
      guests.heard(number, turn);
      settle(link, envelope, turn);
    }
  }

  /** From now on connections that nobody uses are closed. */
  public void started(Turn turn) {
    timers.after(SWEEP_NANOS, turn, this::sweep);
  }

  private void sweep(Turn turn) {
    closeTheIdle(turn);
    closeTheSecond(turn);
    timers.after(SWEEP_NANOS, turn, this::sweep);
  }

  /**
   * Where each side has gone over to what it dialled itself, as two renewals that cross can lead
   * to, the greater id goes over to what the lesser one dialled and has used since.
   */
  private void closeTheSecond(Turn turn) {
    for (Link link : List.copyOf(links.values())) {
      if (link.isDialledHere() && link.dial == null && link.peer.compareTo(self.id()) < 0) {
        callers
            .newest(link.peer, link.lane)
            .filter(caller -> caller.who().session() == link.who().session())
            .filter(caller -> guests.isHeardSince(caller.number(), link.since()))
            .ifPresent(caller -> connect(link, caller.number(), null, caller.who(), turn));
      }
    }
  }

  private void closeTheIdle(Turn turn) {
    for (Link link : List.copyOf(links.values())) {
      if (link.isDialledHere()
          && link.isAtRest()
          && guests.isIdle(link.number(), IDLE_NANOS, turn)) {
        disconnect(link, turn);
        fallBack(link, turn);
      }
    }
    for (long number : guests.links()) {
      Link link = links.get(number);
      if ((link == null || link.isAtRest()) && guests.isIdle(number, Guests.IDLE_NANOS, turn)) {
        turn.emit(new Effect.Close(number));
        guests.lost(number);
        lost(number, "nobody used it", turn);
      }
    }
  }

  private static boolean isStranger(Message message) {
    return message instanceof Message.Failure failure && failure.code() == ErrorCode.STRANGER;
  }

  /** What becomes of the links that are dialled. */
  private final class Outcome implements Dialler.Caller {
    @Override
    public void reached(Link dialled, long number, Endpoint at, Identity who, Turn turn) {
      Link known = byPeer.get(dialled.lane).putIfAbsent(who.id(), dialled);
      Link link = known == null ? dialled : known;
      boolean renews = link == dialled || link.dial != null;
      if (link.isReady() && !renews && !link.yieldsTo(number, who, self.id(), turn.now())) {
        // found twice; whatever waits, waits on the other
        turn.emit(new Effect.Close(number));
        return;
      }
      guests.welcome(number, who.id(), turn);
      places.reached(who.id(), at);
      connect(link, number, at, who, turn);
    }

    @Override
    public void unreached(Link link, Message.Failure failure, Turn turn) {
      if (link.isReady() || link.peer == null) {
        return;
      }
      if (fallBack(link, turn)) {
        return;
      }
      for (Call call : link.dropAll()) {
        timers.cancel(call.deadline);
        call.failed(failure.code(), failure.sentence(), turn);
      }
      silence.accept(link.peer, turn);
    }
  }

  /**
   * A peer said who it is on a connection that it dialled: what it is asked goes there, too, unless
   * there is a better one or this node's own, which is being dialled, is to stay.
   */
  void introduced(long number, Lane lane, Identity who, Turn turn) {
    if (number > 0) {
      return; // this node dialled it, and knows who is there
    }
    Link former = links.get(number);
    if (former != null && !former.peer.equals(who.id())) {
      lost(number, "node " + who.id() + " speaks there now", turn);
    }
    callers.add(new Callers.Caller(number, lane, who));
    Link link = byPeer.get(lane).computeIfAbsent(who.id(), id -> new Link(lane, id));
    boolean takes =
        link.isReady()
            ? link.number() != number && link.yieldsTo(number, who, self.id(), turn.now())
            : link.dial == null || who.id().compareTo(self.id()) < 0;
    if (takes) {
      connect(link, number, null, who, turn);
    }
  }

  /** Has a link go over to a connection, with all its calls. */
  private void connect(Link link, long number, Endpoint at, Identity who, Turn turn) {
    dialler.stop(link, turn);
    disconnect(link, turn);
    List<Call> calls = link.dropAll();
    link.connected(number, at, who, turn.now());
    links.put(number, link);
    calls.forEach(link::enqueue);
    pump(link, turn);
  }

  /** Has a link use its connection no more. The peer's own is the peer's to close. */
  private void disconnect(Link link, Turn turn) {
    if (!link.isReady()) {
      return;
    }
    links.remove(link.number());
    if (link.isDialledHere()) {
      guests.lost(link.number());
      turn.emit(new Effect.Close(link.number()));
    }
    link.disconnected();
  }

  /**
   * Has a link without a connection go over to one that the peer dialled; whether there is one. It
   * is forgotten when not.
   */
  private boolean fallBack(Link link, Turn turn) {
    Optional<Callers.Caller> caller = callers.newest(link.peer, link.lane);
    if (caller.isEmpty()) {
      byPeer.get(link.lane).remove(link.peer, link);
      return false;
    }
    connect(link, caller.get().number(), null, caller.get().who(), turn);
    return true;
  }

  private void settle(Link link, Envelope envelope, Turn turn) {
    Call call = link.settle(envelope.header().processingId());
    if (call == null) {
      return;
    }
    Message message = envelope.message();
    if (message instanceof Message.Failure failure && failure.code() == ErrorCode.BUSY) {
      timers.after(call.nextPauseNanos(), turn, later -> resume(call, later));
    } else {
      timers.cancel(call.deadline);
      conclude(call, message, turn);
    }
    pump(link, turn);
  }

  private void resume(Call call, Turn turn) {
    if (timers.isSet(call.deadline)) {
      place(call, turn);
    }
  }

  private static void conclude(Call call, Message message, Turn turn) {
    if (message instanceof Message.Failure failure) {
      call.failed(failure, turn);
    } else if (message instanceof Message.Answer answer
        && answer.typeCode() == call.request.typeCode()) {
      call.answered(answer, turn);
    } else {
      String sentence = "node " + call.peer + " gave an answer that is none to the question";
      call.failed(ErrorCode.MALFORMED, sentence, turn);
    }
  }

  /** A connection is gone, or never came to be. */
  public void lost(long number, String why, Turn turn) {
    if (dialler.isDialling(number)) {
      dialler.lost(number, why, turn);
      return;
    }
    callers.remove(number);
    Link link = links.remove(number);
    if (link == null) {
      return;
    }
    link.disconnected();
    List<Call> calls = link.dropAll();
    if (link.dial == null) {
      fallBack(link, turn);
    }
    for (Call call : calls) {
      call.losses++;
      if (call.losses < LOSSES_MAX) {
        place(call, turn);
      } else {
        timers.cancel(call.deadline);
        call.failed(
            ErrorCode.UNREACHABLE, "the connection to node " + call.peer + " broke: " + why, turn);
        silence.accept(call.peer, turn);
      }
    }
  }

  /** Gives up the links to a peer that is believed to be dead; what waits there fails at once. */
  public void abandon(Id peer, String why, Turn turn) {
    callers.doubt(peer, turn.now());
    List<Link> abandoned = new ArrayList<>();
    byPeer
        .values()
        .forEach(peers -> Optional.ofNullable(peers.get(peer)).ifPresent(abandoned::add));
    for (Link link : abandoned) {
      dialler.stop(link, turn);
      disconnect(link, turn);
      byPeer.get(link.lane).remove(peer);
      for (Call call : link.dropAll()) {
        failLater(call, ErrorCode.UNREACHABLE, why, turn);
      }
    }
  }

  /** Whether there is an answered link to a peer on a lane. */
  public boolean isReady(Id peer, Lane lane) {
    Link link = byPeer.get(lane).get(peer);
    return link != null && link.isReady();
  }

  /** Whether the answered link to a peer leads to this life of it. */
  boolean isReadyTo(Id peer, long session) {
    Link link = byPeer.get(Lane.CONTROL).get(peer);
    return link != null && link.isReady() && link.who().session() == session;
  }

  /** How far the connection to a peer has come. */
  Channel channel(Id peer, Lane lane) {
    Link link = byPeer.get(lane).get(peer);
    if (link == null) {
      return Channel.CLOSED;
    }
    return link.isReady() && link.waitingCount() == 0 ? Channel.READY : Channel.WAITING;
  }

  /** Calls to a peer that wait for an answer or for their turn. */
  int pendingCount(Id peer) {
    return byPeer.values().stream()
        .map(peers -> peers.get(peer))
        .filter(link -> link != null)
        .mapToInt(link -> link.waitingCount() + link.unansweredCount())
        .sum();
  }

  /** Calls that wait for an answer or for their turn, on all links. */
  public int pendingCount() {
    return byPeer.values().stream()
        .flatMap(peers -> peers.values().stream())
        .mapToInt(link -> link.waitingCount() + link.unansweredCount())
        .sum();
  }
}
