package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;
import org.ringslice.sync.Homes;

/**
 * Views of nodes that do not know everybody are compared: who tells of a node that is gone is told
 * so, wherever on the ring it was. Nobody watches what lies far off, so nothing else would.
 */
class GossipTest {
  private static final int NODES = 64;
  private static final long LINK = -5;
  private static final Id OTHER = id(1);

  /** At a masked place of both. */
  private static final long FAR = 33;

  private final View view = new View(Id.ZERO, new Homes(2), new View.Scope(0, Geometry.RING));
  private final Guests guests = new Guests();
  private final List<Effect> effects = new ArrayList<>();
  private final Turn turn = new Turn(1_000_000_000L, effects::add);
  private Membership membership;

  private static Id id(long place) {
    return Id.ofWords(place << 58, 0, 0, 0);
  }

  private static Peer peer(long place, PeerState state) {
    Endpoint endpoint = new Endpoint("node-" + place, 7400, 7401);
    return new Peer(id(place), 1, state, List.of(endpoint));
  }

  @BeforeEach
  void knowsThatOneFarOffIsGone() {
    Self self = new Self(Id.ZERO, Role.PEER, "test", 2, 1, 1, List.of());
    for (long place = 1; place < NODES; place++) {
      PeerState state = place == FAR ? PeerState.DEAD : PeerState.ACTIVE;
      view.merge(peer(place, state), How.LEARNED);
    }
    membership = new Membership(self, view, new Timers(), guests, new SplittableRandom(1));
  }

  private List<Envelope> sent() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).envelope())
        .toList();
  }

  @Test
  void tellsWhoeverAsksForAComparisonWhoIsGone() {
    Message.ExchangeView request =
        new Message.ExchangeView(List.of(peer(FAR, PeerState.ACTIVE)), true);
    Header header = new Header(9, Header.Form.REQUEST, OTHER, Id.ZERO, 0);
    Inquiry inquiry = new Inquiry(LINK, Lane.CONTROL, new Envelope(header, request), guests);

    membership.gossip().onExchangeView(inquiry, request, turn);

    Message.ViewIs answer = (Message.ViewIs) sent().get(0).message();
    assertTrue(answer.peers().contains(peer(FAR, PeerState.DEAD)), answer::toString);
    assertTrue(answer.peers().contains(peer(2, PeerState.ACTIVE)), "and what it was not told of");
    assertEquals(PeerState.DEAD, view.state(id(FAR)));
  }

  @Test
  void tellsWhoeverAnswersOneWhoIsGone() {
    guests.admit(LINK, Role.PEER, OTHER, turn);
    List<Endpoint> at = peer(1, PeerState.ACTIVE).endpoints();
    Identity who =
        new Identity(OTHER, Role.PEER, "test", 2, 1, 1, at, "test", 100, Self.CREDIT_BYTES);
    membership.links().introduced(LINK, Lane.CONTROL, who, turn);
    membership.gossip().compare(OTHER, turn);
    Envelope request = sent().get(0);
    effects.clear();

    Message answer = new Message.ViewIs(List.of(peer(FAR, PeerState.ACTIVE)), false);
    membership.links().arrived(LINK, request.reply(answer), turn);

    Message.ExchangeView told = (Message.ExchangeView) sent().get(0).message();
    assertEquals(List.of(peer(FAR, PeerState.DEAD)), told.peers());
  }
}
