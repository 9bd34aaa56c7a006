package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.ringslice.messages.Channel;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;

/**
 * The connections that this node dials and the calls on them: one link to a peer and lane, dialled
 * when it is first needed, windowed by the far side's credit. A call that is lost with its link is
 * asked again once on another; past its deadline it fails. All requests may be repeated, so nothing
 * is asked "at most once" here.
 */
public final class Links {
  /**
   * For a dial to be answered. A connection on a LAN takes milliseconds, a lost greeting 0.45 s.
   */
  static final long DIAL_NANOS_MAX = 2_000_000_000L;

  /** Calls that wait on one link; one more fails as BUSY. */
  static final int WAITING_MAX = 4096;

  private static final int LOSSES_MAX = 2;

  /** What a node thinks of those whom it reaches. */
  public interface Host {
    /** Somebody answered. Returns why it is not to be talked to, or nothing. */
    Optional<String> meet(Identity who, Endpoint at, Turn turn);

    /** The dial to an endpoint came to nothing. {@code expected} is null when anybody was. */
    void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn);
  }

  private final Self self;
  private final Timers timers;
  private final Function<Id, List<Endpoint>> directory;
  private final Host host;

  private final TreeMap<Long, Link> links = new TreeMap<>();
  private final Map<Lane, TreeMap<Id, Link>> byPeer = new EnumMap<>(Lane.class);
  private long nextLink = 1;
  private long nextProcessingId = 1;

  /**
   * @param directory where a peer listens, the best endpoint first
   */
  public Links(Self self, Timers timers, Function<Id, List<Endpoint>> directory, Host host) {
    this.self = self;
    this.timers = timers;
    this.directory = directory;
    this.host = host;
    for (Lane lane : Lane.values()) {
      byPeer.put(lane, new TreeMap<>());
    }
  }

  /**
   * Asks a peer.
   *
   * @param target the point of the ring that the request is about
   * @param replyBytes payload that the answer may bring, at most
   */
  public void ask(
      Id peer,
      Lane lane,
      Message.Request request,
      Id target,
      long replyBytes,
      long timeoutNanos,
      Asker asker,
      Turn turn) {
    Call call = new Call(peer, lane, request, target, replyBytes, asker);
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
  }

  private void place(Call call, Turn turn) {
    Link link = byPeer.get(call.lane).get(call.peer);
    if (link == null) {
      List<Endpoint> endpoints = directory.apply(call.peer);
      if (endpoints.isEmpty()) {
        failLater(
            call,
            ErrorCode.UNREACHABLE,
            "it is not known where node " + call.peer + " listens",
            turn);
        return;
      }
      link = dial(call.lane, endpoints, call.peer, turn);
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
    dial(Lane.CONTROL, List.of(endpoint), null, turn);
  }

  /** Whether an endpoint is being dialled or is connected, on the control lane. */
  public boolean isDialled(Endpoint endpoint) {
    return links.values().stream()
        .anyMatch(
            link ->
                link.lane == Lane.CONTROL
                    && link.endpoint.host().equals(endpoint.host())
                    && link.endpoint.controlPort() == endpoint.controlPort());
  }

  private Link dial(Lane lane, List<Endpoint> endpoints, Id expected, Turn turn) {
    List<Endpoint> others = endpoints.subList(1, endpoints.size());
    Link link = new Link(nextLink++, lane, endpoints.get(0), others, expected);
    links.put(link.number, link);
    if (expected != null) {
      byPeer.get(lane).put(expected, link);
    }
    turn.emit(new Effect.Dial(link.number, link.endpoint, lane));
    send(link, nextProcessingId++, new Message.GetId(self.identity()), Id.ZERO, turn);
    link.dialDeadline =
        timers.after(DIAL_NANOS_MAX, turn, late -> lost(link.number, "no answer in time", late));
    return link;
  }

  private void send(Link link, long processingId, Message message, Id target, Turn turn) {
    Header header = new Header(processingId, Header.Form.REQUEST, self.id(), target, 0);
    turn.emit(new Effect.Send(link.number, new Envelope(header, message)));
  }

  private void pump(Link link, Turn turn) {
    for (Call call = link.nextToSend(); call != null; call = link.nextToSend()) {
      link.sent(call, nextProcessingId++);
      send(link, call.processingId, call.request, call.target, turn);
    }
  }

  /** An answer or an error came on a link that this node dialled. */
  public void arrived(long number, Envelope envelope, Turn turn) {
    Link link = links.get(number);
    if (link == null) {
      return;
    }
    if (!link.isReady()) {
      greeted(link, envelope.message(), turn);
    } else if (isStranger(envelope.message())) {
      // the far side has forgotten us: it was restarted, or made room
      lost(number, "the other side does not know this connection", turn);
      turn.emit(new Effect.Close(number));
    } else {
      settle(link, envelope, turn);
    }
  }

  private static boolean isStranger(Message message) {
    return message instanceof Message.Failure failure && failure.code() == ErrorCode.STRANGER;
  }

  private void greeted(Link link, Message message, Turn turn) {
    if (message instanceof Message.IdIs is) {
      Identity who = is.answerer();
      if (link.expected != null && !link.expected.equals(who.id())) {
        hangUp(
            link,
            ErrorCode.UNREACHABLE,
            "node " + who.id() + " listens where " + link.expected + " did",
            turn);
        return;
      }
      Optional<String> refusal = host.meet(who, link.endpoint, turn);
      if (refusal.isPresent()) {
        hangUp(link, ErrorCode.UNREACHABLE, refusal.get(), turn);
        return;
      }
      ready(link, who, turn);
    } else if (message instanceof Message.Failure failure) {
      hangUp(link, failure.code(), failure.sentence(), turn);
    }
  }

  private void ready(Link link, Identity who, Turn turn) {
    timers.cancel(link.dialDeadline);
    Link other = byPeer.get(link.lane).get(who.id());
    if (other != null && other != link) {
      // found twice; whatever waits, waits on the first
      links.remove(link.number);
      turn.emit(new Effect.Close(link.number));
      return;
    }
    link.who = who;
    byPeer.get(link.lane).put(who.id(), link);
    pump(link, turn);
  }

  /** Gives a dial up for good: what waits for it fails. */
  private void hangUp(Link link, ErrorCode code, String sentence, Turn turn) {
    forget(link);
    turn.emit(new Effect.Close(link.number));
    Message.GetId request = new Message.GetId(self.identity());
    host.missed(link.expected, link.endpoint, Message.Failure.of(request, code, sentence), turn);
    for (Call call : link.dropAll()) {
      timers.cancel(call.deadline);
      call.failed(code, sentence, turn);
    }
  }

  private void forget(Link link) {
    timers.cancel(link.dialDeadline);
    links.remove(link.number);
    Id peer = link.isReady() ? link.who.id() : link.expected;
    if (peer != null) {
      byPeer.get(link.lane).remove(peer, link);
    }
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

  /** A link is gone, or never came to be. */
  public void lost(long number, String why, Turn turn) {
    Link link = links.get(number);
    if (link == null) {
      return;
    }
    if (!link.isReady()) {
      missed(link, why, turn);
      return;
    }
    forget(link);
    for (Call call : link.dropAll()) {
      call.losses++;
      if (call.losses < LOSSES_MAX) {
        place(call, turn);
      } else {
        timers.cancel(call.deadline);
        call.failed(
            ErrorCode.UNREACHABLE, "the connection to node " + call.peer + " broke: " + why, turn);
      }
    }
  }

  private void missed(Link link, String why, Turn turn) {
    if (link.otherEndpoints.isEmpty()) {
      String sentence = "nobody answers at " + link.endpoint + ": " + why;
      hangUp(link, ErrorCode.UNREACHABLE, sentence, turn);
      return;
    }
    forget(link);
    turn.emit(new Effect.Close(link.number));
    Link next = dial(link.lane, link.otherEndpoints, link.expected, turn);
    link.dropAll().forEach(next::enqueue);
  }

  /** Closes the links to a peer that is believed to be dead; what waits there fails at once. */
  public void abandon(Id peer, String why, Turn turn) {
    List<Link> abandoned = new ArrayList<>();
    byPeer
        .values()
        .forEach(peers -> Optional.ofNullable(peers.get(peer)).ifPresent(abandoned::add));
    for (Link link : abandoned) {
      forget(link);
      turn.emit(new Effect.Close(link.number));
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
    return link != null && link.isReady() && link.who.session() == session;
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
    return links.values().stream()
        .mapToInt(link -> link.waitingCount() + link.unansweredCount())
        .sum();
  }
}
