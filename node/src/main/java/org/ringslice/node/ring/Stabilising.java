package org.ringslice.node.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * Keeps right what this node routes by in a ring of which it does not know everybody. It looks for
 * its own place first, then for its masked places and for the owners of what its {@link Geometry}
 * aims at, and makes itself known there; later it asks each of those in turn whether it still is
 * the owner. The neighbours are kept right by {@link Heartbeats} and {@link Gossip}. Stoica et al.,
 * "Chord: A Scalable Peer-to-peer Lookup Protocol for Internet Applications", IEEE/ACM ToN 11(1),
 * 2003, section IV.E: join, stabilize, notify, fix_fingers; Zave, "Reasoning about identifier
 * spaces: how to make Chord correct", IEEE TSE 43(12), 2017: a list of neighbours in place of one.
 */
public final class Stabilising {
  /**
   * From one finger, and one masked place, that is asked to the next. A guess: 50 bytes a second.
   */
  static final long REFRESH_NANOS = 10_000_000_000L;

  /** Before a place that was not found is looked for again. A guess. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  /** Places that are looked for at a time, when there are many to find. */
  private static final int WINDOW = 4;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Membership membership;
  private final Routing routing;
  private final Heartbeats heartbeats;

  private boolean isBegun;
  private final ArrayDeque<Id> wanted = new ArrayDeque<>();
  private int outstanding;
  private int turnOf;

  public Stabilising(
      Self self,
      View view,
      Timers timers,
      Membership membership,
      Routing routing,
      Heartbeats heartbeats) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = membership.links();
    this.membership = membership;
    this.routing = routing;
    this.heartbeats = heartbeats;
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    if (!isBegun && !view.isWhole() && view.present().size() > 1) {
      isBegun = true;
      timers.after(0, turn, this::findOwnPlace);
    }
  }

  private void findOwnPlace(Turn turn) {
    // of the point after it the next node is the owner, which is to tell
    Message.GetPlace request = new Message.GetPlace(self.id().next(), Limits.AROUND_MAX, false);
    routing.find(request, turn, new OwnPlace());
  }

  private final class OwnPlace implements Routing.Finder {
    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      membership.learn(place.peers(), How.LEARNED, turn);
      view.placed();
      Ring ring = view.ring().without(self.id());
      if (ring.size() > 0) {
        introduce(ring.owner(self.id()), turn);
        introduce(ring.previous(self.id()), turn);
      }
      wanted.addAll(places());
      findWanted(turn);
      timers.after(REFRESH_NANOS, turn, Stabilising.this::refresh);
      membership.viewChanged(turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      timers.after(RETRY_NANOS, turn, Stabilising.this::findOwnPlace);
    }
  }

  /** Makes this node known to one that it concerns, and hears from it who else there is. */
  private void introduce(Id peer, Turn turn) {
    if (!peer.equals(self.id())) {
      membership.gossip().compare(peer, turn);
    }
  }

  /** Far places of which this node is to know the owners: the masked ones, and its aims. */
  private List<Id> places() {
    List<Id> places = new ArrayList<>(maskedPlaces());
    places.addAll(view.aims());
    return places;
  }

  private List<Id> maskedPlaces() {
    List<Id> homes = view.homes().homes(self.id());
    return homes.subList(1, homes.size());
  }

  private void findWanted(Turn turn) {
    while (outstanding < WINDOW && !wanted.isEmpty()) {
      outstanding++;
      Id place = wanted.remove();
      boolean isMasked = maskedPlaces().contains(place);
      int around = isMasked ? Limits.AROUND_MAX : 0;
      routing.find(new Message.GetPlace(place, around, false), turn, new Far(isMasked));
    }
  }

  private final class Far implements Routing.Finder {
    private final boolean isMasked;

    Far(boolean isMasked) {
      this.isMasked = isMasked;
    }

    @Override
    public void found(Message.PlaceIs place, Turn turn) {
      outstanding--;
      membership.learn(place.peers(), How.LEARNED, turn);
      if (isMasked) {
        place.peers().stream()
            .map(Peer::id)
            .filter(view.contacts().vicinity()::contains)
            .filter(view::isTrusted)
            .limit(1)
            .forEach(peer -> introduce(peer, turn));
      }
      findWanted(turn);
    }

    @Override
    public void failed(Message.Failure failure, Turn turn) {
      outstanding--;
      findWanted(turn);
    }
  }

  /**
   * Asks the owner of one of its aims, in turn, whether it still is that, and one of the nodes at
   * its masked places for a sign of life, which tells whether there is something new.
   */
  private void refresh(Turn turn) {
    timers.after(REFRESH_NANOS, turn, this::refresh);
    if (view.isWhole() || view.ring().size() < 2) {
      return;
    }
    List<Id> masked = maskedPlaces();
    if (!masked.isEmpty()) {
      heartbeats.probe(view.ring().owner(masked.get(turnOf % masked.size())), turn);
    }
    List<Id> aims = view.aims();
    if (!aims.isEmpty()) {
      ask(aims.get(turnOf % aims.size()), turn);
    }
    turnOf++;
  }

  private void ask(Id aim, Turn turn) {
    Id owner = view.ring().owner(aim);
    if (!owner.equals(self.id())) {
      Message.GetPlace request = new Message.GetPlace(aim, 0, false);
      links.ask(owner, request, aim, 0, Routing.DEADLINE_NANOS, new Owner(aim), turn);
    }
  }

  private final class Owner implements Asker {
    private final Id place;

    Owner(Id place) {
      this.place = place;
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      membership.learn(((Message.PlaceIs) answer).peers(), How.LEARNED, turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      wanted.add(place);
      findWanted(turn);
    }
  }
}
