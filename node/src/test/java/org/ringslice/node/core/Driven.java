package org.ringslice.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

/** A node that is driven by hand, event by event, with its effects in a list. */
final class Driven {
  static final Id ID = Id.ofWords(7, 0, 0, 0);
  static final Endpoint ENDPOINT = new Endpoint("here", 7400, 7401);

  final Self self = new Self(ID, Role.PEER, "test", 2, 1, 99, List.of(ENDPOINT));
  final NodeCore core =
      new NodeCore(
          self, new SplittableRandom(1), empty(), List.of(), View.Scope.DEFAULT, Retention.DEFAULT);
  private final List<Effect> effects = new ArrayList<>();
  private long now = 1_000_000_000L;
  private long timerAt = Long.MAX_VALUE;

  private static Books empty() {
    EntryDigest key = Self.digestOf("test");
    return new Books(
        new Inventory(new Index(key), Openings.first(1), 0, 0),
        new Inventory(new Index(key), Openings.first(2), 0, 0),
        List.of());
  }

  Driven() {
    handle(new Event.Started());
  }

  /** Handles an event; returns what it led to. */
  List<Effect> handle(Event event) {
    effects.clear();
    core.handle(event, new Turn(now, this::take));
    return List.copyOf(effects);
  }

  private void take(Effect effect) {
    effects.add(effect);
    if (effect instanceof Effect.SetTimer timer) {
      timerAt = timer.atNanos();
    }
  }

  /** Lets time pass, with all that the timer leads to. */
  List<Effect> pass(long nanos) {
    List<Effect> all = new ArrayList<>();
    long until = now + nanos;
    while (timerAt <= until) {
      now = timerAt;
      timerAt = Long.MAX_VALUE;
      all.addAll(handle(new Event.TimerFired()));
    }
    now = until;
    return all;
  }

  /** Nobody else is there, so that the node begins a ring. */
  List<Effect> comeOnToTheRing() {
    return pass(2_000_000_000L);
  }

  /** Has a request arrive on a link. */
  List<Effect> ask(long link, Message request) {
    Header header = new Header(1234, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    return handle(new Event.Arrived(link, Lane.CONTROL, new Envelope(header, request)));
  }

  static <E extends Effect> List<E> only(Class<E> kind, List<Effect> effects) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The one message that was sent on a link. */
  static Envelope sent(long link, List<Effect> effects) {
    List<Effect.Send> sends =
        only(Effect.Send.class, effects).stream().filter(send -> send.link() == link).toList();
    if (sends.size() != 1) {
      throw new AssertionError("not one message on link " + link + ": " + effects);
    }
    return sends.get(0).envelope();
  }

  static Message.Failure failure(long link, List<Effect> effects) {
    return (Message.Failure) sent(link, effects).message();
  }

  static Identity peer(Id id, String network, int maskBits, long session, Endpoint at) {
    return new Identity(
        id,
        Role.PEER,
        network,
        maskBits,
        1,
        session,
        List.of(at),
        "test",
        Self.CREDIT_REQUESTS,
        Self.CREDIT_BYTES);
  }
}
