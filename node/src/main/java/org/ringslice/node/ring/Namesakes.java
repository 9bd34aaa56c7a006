package org.ringslice.node.ring;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * Two nodes with one id, as when a data folder was copied, told apart from one node that was
 * restarted: who says an id that is known from elsewhere is believed only when nobody answers
 * there.
 */
final class Namesakes {
  private final Self self;
  private final View view;
  private final Links links;

  Namesakes(Self self, View view, Links links) {
    this.self = self;
    this.view = view;
    this.links = links;
  }

  /** Whether somebody says to be this very node, and is not. */
  boolean isOfSelf(Identity who) {
    return who.id().equals(self.id()) && who.session() != self.session();
  }

  /** Whether a node with this id is known that listens elsewhere, and may be another. */
  boolean isInDoubt(Identity who) {
    return !who.id().equals(self.id())
        && view.isTrusted(who.id())
        && !links.isReadyTo(who.id(), who.session())
        && view.peer(who.id()).stream()
            .flatMap(known -> known.endpoints().stream())
            .noneMatch(who.endpoints()::contains);
  }

  /**
   * Asks the node that is known by this id whether it lives, and tells whether the other one is to
   * be believed.
   */
  void settle(Identity who, BiConsumer<Boolean, Turn> then, Turn turn) {
    Message.Heartbeat beat = new Message.Heartbeat(self.incarnation(), view.digest());
    Asker asker =
        new Asker() {
          @Override
          public void answered(Id peer, Message.Answer answer, Turn later) {
            then.accept(links.isReadyTo(who.id(), who.session()), later);
          }

          @Override
          public void failed(Id peer, Message.Failure failure, Turn later) {
            then.accept(true, later);
          }
        };
    long timeoutNanos = Heartbeats.ASKS_MAX * Heartbeats.AGAIN_NANOS / 2;
    links.ask(who.id(), beat, who.id(), 0, timeoutNanos, asker, turn);
  }

  /** The words by which the second of two is refused. */
  Message.Failure refusal(Identity who, Message request, ErrorCode code) {
    Optional<Endpoint> known =
        view.peer(who.id()).map(Peer::endpoints).stream()
            .flatMap(endpoints -> endpoints.stream())
            .findFirst();
    String where = known.map(endpoint -> ", which listens at " + endpoint + ",").orElse("");
    String sentence =
        "another node"
            + where
            + " has the id "
            + who.id().toHex()
            + "; give one of them a data folder of its own";
    return Message.Failure.of(request, code, sentence);
  }

  /** Where this node does not listen, another one with its id may: they have to meet. */
  void lookForOne(Peer report, Turn turn) {
    report.endpoints().stream()
        .filter(endpoint -> !self.listensAt(endpoint) && !links.isDialled(endpoint))
        .findFirst()
        .ifPresent(endpoint -> links.dial(endpoint, turn));
  }
}
