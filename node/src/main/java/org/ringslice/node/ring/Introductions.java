package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;

/**
 * Who comes, and whom this node goes to: those that were sighted are dialled, each side says who it
 * is, and whoever does not belong here is told why. What is heard of peers goes to {@link
 * Membership}.
 */
public final class Introductions implements Links.Host {
  /** Between two attempts to reach somebody who was known once: heals splits. */
  static final long RETRY_NANOS = 5_000_000_000L;

  /** Doors of the dead, and as many of those sighted, at which is knocked at a time. A guess. */
  private static final int RETRIES_AT_ONCE = 3;

  /** While it is younger, a node that finds its id taken gives way; an older one stays. */
  private static final long YOUNG_NANOS = 10_000_000_000L;

  /** Endpoints sighted and not answered yet; past that the one that sorts first is forgotten. */
  private static final int SIGHTINGS_MAX = 1024;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Guests guests;
  private final RandomGenerator random;
  private final Membership membership;
  private final Links links;
  private final Namesakes namesakes;

  private long startedAt;
  private final TreeMap<String, Sighting> sightings = new TreeMap<>();

  // places named by a person of which was told that nobody was reached there
  private final TreeSet<String> toldOf = new TreeSet<>();

  private record Sighting(Endpoint endpoint, How how) {}

  Introductions(
      Self self,
      View view,
      Timers timers,
      Guests guests,
      RandomGenerator random,
      Membership membership) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.guests = guests;
    this.random = random;
    this.membership = membership;
    this.links = new Links(self, timers, guests, this::endpointsOf, this);
    this.namesakes = new Namesakes(self, view, links);
  }

  private List<Endpoint> endpointsOf(Id id) {
    return view.peer(id).map(Peer::endpoints).orElse(List.of());
  }

  Links links() {
    return links;
  }

  Namesakes namesakes() {
    return namesakes;
  }

  void started(Turn turn) {
    startedAt = turn.now();
    timers.after(RETRY_NANOS, turn, this::retryTheLost);
  }

  /** A node may be listening there. */
  public void sighted(Endpoint endpoint, How how, Turn turn) {
    if (self.listensAt(endpoint)) {
      return;
    }
    Optional<Id> there = links.whoListensAt(endpoint);
    if (there.isPresent()) {
      view.found(there.get(), how);
      return;
    }
    sightings.put(endpoint.toString(), new Sighting(endpoint, how));
    if (sightings.size() > SIGHTINGS_MAX) {
      sightings.pollFirstEntry();
    }
    if (!links.isDialled(endpoint)) {
      links.dial(endpoint, turn);
    }
  }

  /** Whether somebody who was sighted may still answer: its place is being dialled. */
  boolean areAwaited() {
    return sightings.values().stream().map(Sighting::endpoint).anyMatch(links::isDialled);
  }

  /** Somebody says who it is, on a link that it dialled. */
  public void onGetId(Inquiry inquiry, Message.GetId request, Turn turn) {
    Identity asker = request.asker();
    if (inquiry.isLocal()) {
      inquiry.answer(new Message.IdIs(self.identity()), turn);
    } else if (asker.role() == Role.PEER) {
      onPeer(inquiry, request, turn);
    } else if (!asker.network().isEmpty() && !asker.network().equals(self.network())) {
      inquiry.answer(wrongNetwork(asker, request), turn);
    } else {
      admit(inquiry, asker, turn);
    }
  }

  private void onPeer(Inquiry inquiry, Message.GetId request, Turn turn) {
    Identity asker = request.asker();
    Optional<Message.Failure> refusal = refusal(asker, request, turn);
    if (refusal.isPresent()) {
      inquiry.answer(refusal.get(), turn);
      if (namesakes.isOfSelf(asker)) {
        namesakes.lookForOne(asker.toPeer(PeerState.JOINING), turn);
      }
    } else if (namesakes.isInDoubt(asker)) {
      namesakes.settle(asker, (believed, then) -> settled(inquiry, request, believed, then), turn);
    } else {
      greet(asker, How.LEARNED, turn);
      admit(inquiry, asker, turn);
    }
  }

  private void settled(Inquiry inquiry, Message.GetId request, boolean believed, Turn turn) {
    if (believed) {
      greet(request.asker(), How.LEARNED, turn);
      admit(inquiry, request.asker(), turn);
    } else {
      Message.Failure refusal = namesakes.refusal(request.asker(), request, ErrorCode.ID_TAKEN);
      turn.report(Level.TROUBLE, "refused a node: " + refusal.sentence());
      inquiry.answer(refusal, turn);
    }
  }

  private void admit(Inquiry inquiry, Identity asker, Turn turn) {
    guests
        .admit(inquiry.link(), asker.role(), asker.id(), turn)
        .ifPresent(oldest -> links.lost(oldest, "room was made for others", turn));
    inquiry.answer(new Message.IdIs(self.identity()), turn);
    if (asker.role() == Role.PEER) {
      links.introduced(inquiry.link(), inquiry.lane(), asker, turn);
      membership.features().introduced(asker);
      asker.endpoints().forEach(at -> forgetSighting(at, asker.id()));
    }
  }

  /** Who was sighted has come by itself. */
  private void forgetSighting(Endpoint at, Id who) {
    Sighting sighting = sightings.remove(at.toString());
    if (sighting != null) {
      view.found(who, sighting.how());
    }
  }

  @Override
  public Optional<String> meet(Identity who, Endpoint at, Turn turn) {
    Sighting sighting = sightings.remove(at.toString());
    if (who.id().equals(self.id()) && who.session() == self.session()) {
      return Optional.of("that is this node itself");
    }
    Optional<Message.Failure> refusal = refusal(who, new Message.GetId(who), turn);
    if (refusal.isPresent()) {
      return refusal.map(Message.Failure::sentence);
    }
    How how = sighting == null ? How.LEARNED : sighting.how();
    if (namesakes.isInDoubt(who)) {
      namesakes.settle(who, (believed, then) -> greetIf(believed, who, how, then), turn);
      return Optional.of("it says the id of another node, which is asked first");
    }
    greet(who, how, turn);
    view.found(who.id(), how);
    membership.features().met(who, turn);
    return Optional.empty();
  }

  private void greetIf(boolean believed, Identity who, How how, Turn turn) {
    if (believed) {
      greet(who, how, turn);
    }
  }

  /**
   * Takes in what a peer says of itself. Where that is not what was known, the views are compared;
   * those of old acquaintances are kept equal by the heartbeats.
   */
  private void greet(Identity who, How how, Turn turn) {
    // how far it has come, the comparison tells
    Peer peer = who.toPeer(PeerState.JOINING);
    boolean isKnown =
        view.isTrusted(who.id())
            && view.peer(who.id()).filter(known -> !peer.supersedes(known)).isPresent();
    membership.learn(peer, how, turn);
    // who need not be known is no reason to compare
    boolean isOfUse = view.peer(who.id()).isPresent();
    if (!isKnown && isOfUse && !who.id().equals(self.id())) {
      // a link that was just dialled is ready only after this turn
      timers.after(0, turn, later -> membership.gossip().compare(who.id(), later));
    }
  }

  private Optional<Message.Failure> refusal(Identity who, Message request, Turn turn) {
    if (!who.network().equals(self.network())) {
      return Optional.of(wrongNetwork(who, request));
    }
    if (who.maskBits() != self.maskBits()) {
      String sentence =
          "this network places items by "
              + self.maskBits()
              + " mask bits, not "
              + who.maskBits()
              + "; start the node with --mask-bits "
              + self.maskBits();
      return Optional.of(Message.Failure.of(request, ErrorCode.WRONG_MASK_BITS, sentence));
    }
    if (namesakes.isOfSelf(who)) {
      // of two that are young the one that began later goes, which finds that out by itself
      boolean stays = !isYoung(turn) || Long.compareUnsigned(self.session(), who.session()) < 0;
      ErrorCode code = stays ? ErrorCode.ID_TAKEN : ErrorCode.UNREACHABLE;
      return Optional.of(namesakes.refusal(who, request, code));
    }
    return Optional.empty();
  }

  private Message.Failure wrongNetwork(Identity who, Message request) {
    String sentence =
        "this is a node of the network '" + self.network() + "', not of '" + who.network() + "'";
    return Message.Failure.of(request, ErrorCode.WRONG_NETWORK, sentence);
  }

  private boolean isYoung(Turn turn) {
    return turn.now() - startedAt < YOUNG_NANOS;
  }

  @Override
  public void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn) {
    Sighting sighting = sightings.get(at.toString());
    if (sighting != null && sighting.how() == How.STATIC && toldOf.add(at.toString())) {
      String again = failure.retry() ? "; it is tried again" : "";
      turn.report(
          Level.TROUBLE, "no link to the node named by --peer: " + failure.sentence() + again);
    }
    if (!failure.retry()) {
      // whoever is there will not think otherwise soon
      sightings.remove(at.toString());
    }
    String sentence = failure.sentence() + " (it listens at " + at + ")";
    switch (failure.code()) {
      case ID_TAKEN, WRONG_MASK_BITS ->
          turn.emit(
              isYoung(turn)
                  ? new Effect.Abort(sentence)
                  : new Effect.Report(Level.TROUBLE, sentence));
      default -> turn.report(Level.DETAIL, "no link to " + at + ": " + failure.sentence());
    }
  }

  /**
   * Splits heal because each side goes on to knock at the other's doors; so do those who were
   * sighted, and did not answer then.
   */
  private void retryTheLost(Turn turn) {
    List<Endpoint> lost = new ArrayList<>();
    view.peers().stream()
        .filter(peer -> peer.state() == PeerState.DEAD)
        .forEach(peer -> lost.addAll(peer.endpoints()));
    knock(lost, turn);
    knock(new ArrayList<>(sightings.values().stream().map(Sighting::endpoint).toList()), turn);
    timers.after(RETRY_NANOS, turn, this::retryTheLost);
  }

  private void knock(List<Endpoint> doors, Turn turn) {
    doors.removeIf(links::isDialled);
    for (int i = 0; i < RETRIES_AT_ONCE && !doors.isEmpty(); i++) {
      links.dial(doors.remove(random.nextInt(doors.size())), turn);
    }
  }
}
