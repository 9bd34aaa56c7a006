package org.ringslice.node.ring;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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
 * Finds a way to a node that listens in several places: they are dialled in their order, each a
 * moment after the former or as soon as that has failed, and the first that answers wins; the
 * others are closed (RFC 8305, section 5). Each race ends once, by one of the methods of {@link
 * Caller} or by {@link #stop}.
 */
final class Dialler {
  /**
   * For a dial to be answered. A connection on a LAN takes milliseconds, a lost greeting 0.45 s.
   */
  static final long DIAL_NANOS_MAX = 2_000_000_000L;

  /** From one dial of a race to the next: the Connection Attempt Delay of RFC 8305, section 5. */
  static final long NEXT_NANOS = 250_000_000L;

  /** The first request of each connection, so that any number is unique there. */
  private static final long GREETING = 0;

  /** Whom a race is run for. */
  interface Caller {
    /** Somebody answered who is welcome; the connection is the caller's now. */
    void reached(Link link, long number, Endpoint at, Identity who, Turn turn);

    /** Nobody did, anywhere. The failure is that of the last place. */
    void unreached(Link link, Message.Failure failure, Turn turn);
  }

  private final Self self;
  private final Timers timers;
  private final Links.Host host;
  private final Caller caller;

  private final TreeMap<Long, Dial> byNumber = new TreeMap<>();
  private long lastNumber;

  Dialler(Self self, Timers timers, Links.Host host, Caller caller) {
    this.self = self;
    this.timers = timers;
    this.host = host;
    this.caller = caller;
  }

  /**
   * Starts a race for a link that is in none.
   *
   * @param endpoints at least one, the likeliest first
   */
  void start(Link link, List<Endpoint> endpoints, Turn turn) {
    link.dial = new Dial(link, endpoints);
    dialNext(link.dial, turn);
  }

  private void dialNext(Dial dial, Turn turn) {
    timers.cancel(dial.next);
    Endpoint endpoint = dial.untried.remove();
    Lane lane = dial.link.lane;
    long number = ++lastNumber;
    Timers.Handle deadline = timers.after(DIAL_NANOS_MAX, turn, late -> expired(number, late));
    dial.attempts.put(number, new Dial.Attempt(endpoint, deadline));
    byNumber.put(number, dial);
    turn.emit(new Effect.Dial(number, endpoint, lane));
    Header header = new Header(GREETING, Header.Form.REQUEST, self.id(), Id.ZERO, 0);
    turn.emit(new Effect.Send(number, new Envelope(header, greeting())));
    if (!dial.untried.isEmpty()) {
      dial.next = timers.after(NEXT_NANOS, turn, later -> dialNext(dial, later));
    }
  }

  private Message.GetId greeting() {
    return new Message.GetId(self.identity());
  }

  /** Whether a number is that of a connection that has not answered yet. */
  boolean isDialling(long number) {
    return byNumber.containsKey(number);
  }

  /** Whether an endpoint is being dialled on a lane. */
  boolean isDialling(Endpoint endpoint, Lane lane) {
    return byNumber.values().stream()
        .filter(dial -> dial.link.lane == lane)
        .flatMap(dial -> dial.attempts.values().stream())
        .anyMatch(attempt -> attempt.endpoint().isSamePlace(endpoint));
  }

  /** The first message came on a connection that {@link #isDialling}. */
  void arrived(long number, Message message, Turn turn) {
    if (message instanceof Message.IdIs is) {
      answered(number, is.answerer(), turn);
    } else if (message instanceof Message.Failure failure) {
      failed(number, failure.code(), failure.sentence(), turn);
    }
  }

  private void answered(long number, Identity who, Turn turn) {
    Dial dial = byNumber.get(number);
    Endpoint at = dial.attempts.get(number).endpoint();
    Id expected = dial.link.peer;
    if (expected != null && !expected.equals(who.id())) {
      String sentence = "node " + who.id() + " listens where " + expected + " did";
      failed(number, ErrorCode.UNREACHABLE, sentence, turn);
      return;
    }
    Optional<String> refusal = host.meet(who, at, turn);
    if (!isDialling(number)) {
      return; // what was learned of it ended the race
    }
    if (refusal.isPresent()) {
      failed(number, ErrorCode.UNREACHABLE, refusal.get(), turn);
      return;
    }
    timers.cancel(take(number).deadline());
    stop(dial.link, turn);
    caller.reached(dial.link, number, at, who, turn);
  }

  private Dial.Attempt take(long number) {
    return byNumber.remove(number).attempts.remove(number);
  }

  /** A connection that {@link #isDialling} came to nothing. */
  void lost(long number, String why, Turn turn) {
    failed(number, ErrorCode.UNREACHABLE, nobody(number) + why, turn);
  }

  private void expired(long number, Turn turn) {
    failed(number, ErrorCode.TIMED_OUT, nobody(number) + "no answer in time", turn);
  }

  private String nobody(long number) {
    Endpoint at = byNumber.get(number).attempts.get(number).endpoint();
    return "nobody answers at " + at + ": ";
  }

  private void failed(long number, ErrorCode code, String sentence, Turn turn) {
    Dial dial = byNumber.get(number);
    Dial.Attempt attempt = take(number);
    timers.cancel(attempt.deadline());
    turn.emit(new Effect.Close(number));
    if (!dial.untried.isEmpty()) {
      dialNext(dial, turn);
    } else if (dial.attempts.isEmpty()) {
      dial.link.dial = null;
    }
    Message.Failure failure = Message.Failure.of(greeting(), code, sentence);
    boolean over = dial.link.dial == null;
    if (over) {
      caller.unreached(dial.link, failure, turn);
    }
    host.missed(dial.link.peer, attempt.endpoint(), failure, turn);
  }

  /** Ends the race of a link, if it is in one, with no word to the caller. */
  void stop(Link link, Turn turn) {
    Dial dial = link.dial;
    if (dial == null) {
      return;
    }
    link.dial = null;
    timers.cancel(dial.next);
    dial.attempts.forEach(
        (number, attempt) -> {
          timers.cancel(attempt.deadline());
          byNumber.remove(number);
          turn.emit(new Effect.Close(number));
        });
  }
}
