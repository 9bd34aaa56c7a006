package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;

/** How a peer that listens in several places is reached: RFC 8305, section 5. */
class LinksTest {
  private static final long MILLI = 1_000_000;
  private static final Id PEER = Id.ofWords(5, 0, 0, 0);
  private static final Id OTHER = Id.ofWords(6, 0, 0, 0);
  private static final Id GREATER = Id.ofWords(8, 0, 0, 0);
  private static final Endpoint A = new Endpoint("10.0.1.5", 7400, 7401);
  private static final Endpoint B = new Endpoint("10.0.2.5", 7400, 7401);
  private static final Endpoint C = new Endpoint("10.0.3.5", 7400, 7401);

  private final Self self =
      new Self(Id.ofWords(7, 0, 0, 0), Role.PEER, "test", 2, 1, 99, List.of());
  private final Timers timers = new Timers();
  private final TreeMap<Id, List<Endpoint>> directory = new TreeMap<>();
  private final List<String> missed = new ArrayList<>();
  private final List<Id> silent = new ArrayList<>();
  private final Guests guests = new Guests();
  private final Links links = new Links(self, timers, guests, directory::get, new Anybody());
  private final List<Effect> effects = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private long now = 1_000 * MILLI;

  LinksTest() {
    links.onSilence((peer, turn) -> silent.add(peer));
  }

  private final class Anybody implements Links.Host {
    @Override
    public Optional<String> meet(Identity who, Endpoint at, Turn turn) {
      return Optional.empty();
    }

    @Override
    public void missed(Id expected, Endpoint at, Message.Failure failure, Turn turn) {
      missed.add(at.host());
    }
  }

  private final class Listener implements Asker {
    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      outcomes.add("answered");
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      outcomes.add(failure.sentence());
    }
  }

  private Turn turn() {
    return new Turn(now, effects::add);
  }

  /** Lets time pass, alarm by alarm to the millisecond. */
  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      now += MILLI;
      timers.fired(turn());
    }
  }

  private void listensAt(Endpoint... endpoints) {
    directory.put(PEER, List.of(endpoints));
  }

  private void ask(long number) {
    Message.Request request = new Message.Heartbeat(number, 0);
    links.ask(PEER, request, PEER, 0, 10_000 * MILLI, new Listener(), turn());
  }

  private List<Endpoint> dialled() {
    return only(Effect.Dial.class).stream().map(Effect.Dial::endpoint).toList();
  }

  private <E extends Effect> List<E> only(Class<E> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The number of the connection that was dialled last to an endpoint. */
  private long numberOf(Endpoint endpoint) {
    return only(Effect.Dial.class).stream()
        .filter(dial -> dial.endpoint().equals(endpoint))
        .reduce((first, second) -> second)
        .orElseThrow()
        .link();
  }

  private boolean isClosed(long number) {
    return only(Effect.Close.class).contains(new Effect.Close(number));
  }

  /** The heartbeats that were sent on a connection, by the numbers they bear. */
  private List<Long> sentOn(long number) {
    return only(Effect.Send.class).stream()
        .filter(send -> send.link() == number)
        .map(send -> send.envelope().message())
        .filter(Message.Heartbeat.class::isInstance)
        .map(message -> ((Message.Heartbeat) message).incarnation())
        .toList();
  }

  private void greet(long number, Id who) {
    Header header = new Header(0, Header.Form.ANSWER, Id.ZERO, Id.ZERO, 0);
    links.arrived(number, new Envelope(header, new Message.IdIs(identity(who, 1))), turn());
  }

  private Identity identity(Id who, long session) {
    List<Endpoint> at = directory.getOrDefault(who, List.of());
    return new Identity(who, Role.PEER, "test", 2, 1, session, at, "test", 100, Self.CREDIT_BYTES);
  }

  /** Somebody dials this node and says who it is. */
  private void calls(long number, Id who, long session) {
    guests.admit(number, Role.PEER, who, turn());
    links.introduced(number, Lane.CONTROL, identity(who, session), turn());
  }

  /** Answers the last heartbeat that was sent on a connection. */
  private void answer(long number) {
    Envelope request =
        only(Effect.Send.class).stream()
            .filter(send -> send.link() == number)
            .reduce((first, second) -> second)
            .orElseThrow()
            .envelope();
    links.arrived(number, request.reply(new Message.Alive(1, 0)), turn());
  }

  private long connected(Endpoint at) {
    ask(1);
    long number = numberOf(at);
    greet(number, PEER);
    return number;
  }

  @Test
  void dialsTheNextEndpointAQuarterOfASecondAfterTheFormer() {
    listensAt(A, B, C);
    ask(1);
    assertEquals(List.of(A), dialled());

    pass(249);
    assertEquals(List.of(A), dialled());
    pass(1);
    assertEquals(List.of(A, B), dialled());
    pass(250);
    assertEquals(List.of(A, B, C), dialled());
  }

  @Test
  void dialsTheNextEndpointAtOnceWhenTheFormerFailed() {
    listensAt(A, B, C);
    ask(1);
    links.lost(numberOf(A), "refused", turn());
    assertEquals(List.of(A, B), dialled());

    pass(249);
    assertEquals(List.of(A, B), dialled(), "the delay counts from the last dial");
    pass(1);
    assertEquals(List.of(A, B, C), dialled());
  }

  @Test
  void theFirstThatAnswersWinsAndTheOthersAreClosed() {
    listensAt(A, B, C);
    ask(1);
    pass(300);
    greet(numberOf(B), PEER);

    assertTrue(isClosed(numberOf(A)));
    assertEquals(List.of(1L), sentOn(numberOf(B)));
    pass(5_000);
    assertEquals(List.of(A, B), dialled());
    assertFalse(isClosed(numberOf(B)));

    greet(numberOf(A), PEER);
    answer(numberOf(B));
    assertEquals(List.of("answered"), outcomes);
    assertEquals(0, links.pendingCount());
  }

  @Test
  void dialsNoMoreThanAPeerMayHaveEndpoints() {
    listensAt(
        IntStream.range(0, Limits.ENDPOINTS_MAX + 5)
            .mapToObj(i -> new Endpoint("10.0.0." + i, 7400, 7401))
            .toArray(Endpoint[]::new));
    ask(1);
    pass(20_000);
    assertEquals(Limits.ENDPOINTS_MAX, dialled().size());
  }

  @Test
  void eachCallFailsOnceWhenNobodyAnswersAnywhere() {
    listensAt(A, B);
    ask(1);
    ask(2);
    links.lost(numberOf(A), "refused", turn());
    assertEquals(List.of(), outcomes);
    pass(2_000);

    String sentence = "nobody answers at " + B + ": no answer in time";
    assertEquals(List.of(sentence, sentence), outcomes);
    assertEquals(List.of(A.host(), B.host()), missed);
    assertTrue(isClosed(numberOf(B)));
    assertEquals(0, links.pendingCount());
    ask(3);
    assertEquals(List.of(A, B, A), dialled(), "the next call tries anew");
  }

  @Test
  void tellsOfAPeerThatNobodyReaches() {
    listensAt(A, B);
    ask(1);
    ask(2);
    links.lost(numberOf(A), "refused", turn());
    assertEquals(List.of(), silent);
    links.lost(numberOf(B), "refused", turn());

    assertEquals(List.of(PEER), silent);
  }

  @Test
  void tellsOfAPeerThatWasAskedAndNotHeardSince() {
    listensAt(A);
    long number = connected(A);
    answer(number);
    ask(2);
    pass(5_000);
    ask(3);
    answer(number);
    pass(5_000);
    String late = "no answer from node " + PEER + " in time";
    assertEquals(List.of("answered", "answered", late), outcomes);
    assertEquals(List.of(), silent, "it has not answered that, and lives");

    ask(4);
    pass(10_000);
    assertEquals(List.of(PEER), silent);
  }

  @Test
  void passesOverAPlaceWhereAnotherNodeListens() {
    listensAt(A, B);
    ask(1);
    greet(numberOf(A), OTHER);
    assertTrue(isClosed(numberOf(A)));
    greet(numberOf(B), PEER);
    assertEquals(List.of(1L), sentOn(numberOf(B)));
  }

  @Test
  void triesFirstWhereThePeerWasReachedLast() {
    listensAt(A, B);
    ask(1);
    links.lost(numberOf(A), "refused", turn());
    greet(numberOf(B), PEER);
    links.lost(numberOf(B), "broke", turn());
    assertEquals(List.of(A, B, B), dialled());
  }

  @Test
  void goesByTheZoneThatLedToALinkLocalAddress() {
    Endpoint heard = new Endpoint("fe80::5%eth1", 7400, 7400);
    Endpoint told = new Endpoint("fe80::5", 7400, 7401);
    links.dial(heard, turn());
    listensAt(A, told);
    greet(numberOf(heard), PEER);
    assertTrue(links.isDialled(told), "the same place, with its zone or without");

    links.lost(numberOf(heard), "broke", turn());
    ask(1);
    assertEquals(List.of(heard, told.at(heard.host())), dialled());
  }

  @Test
  void aConnectionThatIsFoundOtherwiseWinsTheRace() {
    listensAt(A);
    ask(1);
    links.dial(B, turn());
    greet(numberOf(B), PEER);
    assertTrue(isClosed(numberOf(A)));
    assertEquals(List.of(1L), sentOn(numberOf(B)));

    links.dial(C, turn());
    greet(numberOf(C), PEER);
    assertTrue(isClosed(numberOf(C)), "what is connected stays");
    assertFalse(isClosed(numberOf(B)));
  }

  @Test
  void placesUnansweredCallsOnTheOtherNetworkWhenOneGoesSilent() {
    listensAt(A, B);
    long silent = connected(A);
    ask(2);
    links.renew(PEER, turn());
    assertEquals(List.of(A, B), dialled(), "the other network first, and at once");
    assertFalse(isClosed(silent), "it may answer yet");
    greet(numberOf(B), PEER);

    assertTrue(isClosed(silent));
    assertEquals(List.of(1L, 2L), sentOn(numberOf(B)));
    links.lost(silent, "closed", turn());
    answer(numberOf(B));
    assertEquals(List.of("answered"), outcomes);
    assertEquals(1, links.pendingCount());
  }

  @Test
  void renewsBothLanes() {
    listensAt(A, B);
    connected(A);
    Message.Request request = new Message.HaveItems(List.of(PEER), Message.Scope.HELD);
    links.ask(PEER, request, PEER, 0, 10_000 * MILLI, new Listener(), turn());
    greet(numberOf(A), PEER);
    effects.clear();

    links.renew(PEER, turn());
    links.renew(PEER, turn());
    assertEquals(
        List.of(Lane.CONTROL, Lane.BULK),
        only(Effect.Dial.class).stream().map(Effect.Dial::lane).toList());
    assertEquals(List.of(B, B), dialled());
  }

  @Test
  void staysWithAConnectionThatAnswersBeforeAnother() {
    listensAt(A, B);
    long slow = connected(A);
    links.renew(PEER, turn());
    long hedge = numberOf(B);
    answer(slow);

    assertEquals(List.of("answered"), outcomes);
    assertTrue(isClosed(hedge));
    assertFalse(isClosed(slow));
    pass(1_000);
    assertEquals(List.of(A, B), dialled());
  }

  @Test
  void aRenewalThatFindsNobodyChangesNothing() {
    listensAt(A, B);
    long slow = connected(A);
    links.renew(PEER, turn());
    pass(3_000);
    assertEquals(List.of(A, B, A), dialled());
    assertFalse(isClosed(slow));

    answer(slow);
    assertEquals(List.of("answered"), outcomes);
  }

  @Test
  void aConnectionLostInARenewalLeavesItsCallsToTheRace() {
    listensAt(A, B);
    long broken = connected(A);
    links.renew(PEER, turn());
    links.lost(broken, "broke", turn());
    greet(numberOf(B), PEER);
    assertEquals(List.of(1L), sentOn(numberOf(B)));
    assertEquals(List.of(A, B), dialled());
  }

  @Test
  void anAbandonedRaceIsClosedAndItsCallsFailOnce() {
    listensAt(A, B);
    ask(1);
    pass(300);
    links.abandon(PEER, "it is gone", turn());
    assertTrue(isClosed(numberOf(A)));
    assertTrue(isClosed(numberOf(B)));
    pass(5_000);
    assertEquals(List.of("it is gone"), outcomes);
    assertEquals(List.of(A, B), dialled());
  }

  private void passOn(int hops) {
    Header origin = new Header(77, Header.Form.REQUEST, OTHER, PEER, hops);
    Message.Request request = new Message.Heartbeat(9, 0);
    links.pass(PEER, request, origin, 10_000 * MILLI, new Listener(), turn());
  }

  @Test
  void whatIsPassedOnBearsWhoAskedFirstAndOneHopMore() {
    listensAt(A);
    passOn(3);
    greet(numberOf(A), PEER);
    Header sent =
        only(Effect.Send.class).stream()
            .map(Effect.Send::envelope)
            .filter(envelope -> envelope.message() instanceof Message.Heartbeat)
            .findFirst()
            .orElseThrow()
            .header();

    assertEquals(new Header(sent.processingId(), Header.Form.REQUEST, OTHER, PEER, 4), sent);
  }

  @Test
  void whatHasPassedTooManyNodesIsPassedOnNoMore() {
    listensAt(A);
    passOn(Limits.HOPS_MAX);
    pass(1);

    assertEquals(List.of(), dialled());
    assertEquals(List.of("it was passed on too often"), outcomes);
  }

  @Test
  void closesAConnectionThatNobodyUses() {
    listensAt(A);
    links.started(turn());
    long idle = connected(A);
    answer(idle);
    pass(Links.IDLE_NANOS / MILLI);
    assertFalse(isClosed(idle));

    pass(Links.SWEEP_NANOS / MILLI);
    assertTrue(isClosed(idle));
    ask(2);
    assertEquals(List.of(A, A), dialled(), "the next call dials anew");
  }

  @Test
  void keepsAConnectionOnWhichSomethingIsAwaitedOrComes() {
    listensAt(A);
    links.started(turn());
    Message.Request request = new Message.Heartbeat(1, 0);
    links.ask(PEER, request, PEER, 0, 3_600_000 * MILLI, new Listener(), turn());
    greet(numberOf(A), PEER);
    pass(2 * Links.IDLE_NANOS / MILLI);
    assertFalse(isClosed(numberOf(A)));

    answer(numberOf(A));
    pass(Links.IDLE_NANOS / MILLI - 1);
    assertFalse(isClosed(numberOf(A)), "it was used when the answer came");
  }

  @Test
  void asksOnAConnectionThatThePeerDialled() {
    listensAt(A);
    calls(-1, PEER, 1);
    ask(1);
    assertEquals(List.of(1L), sentOn(-1));
    assertEquals(List.of(), dialled());
    assertTrue(links.isDialled(A));

    answer(-1);
    assertEquals(List.of("answered"), outcomes);
    links.abandon(PEER, "it is gone", turn());
    assertFalse(isClosed(-1), "it is the peer's to close");
    ask(2);
    assertEquals(List.of(A), dialled(), "nobody may be at its other end");
  }

  @Test
  void ofTwoThatCrossThatOfTheLesserIdStays() {
    listensAt(A);
    long mine = connected(A);
    calls(-1, PEER, 1);
    assertTrue(isClosed(mine));
    assertEquals(List.of(1L), sentOn(-1));

    directory.put(GREATER, List.of(B));
    links.dial(B, turn());
    greet(numberOf(B), GREATER);
    calls(-2, GREATER, 1);
    assertFalse(isClosed(numberOf(B)));
    assertTrue(links.isReady(GREATER, Lane.CONTROL));
  }

  @Test
  void waitsForItsOwnThatIsToStayUnlessNobodyAnswersThere() {
    directory.put(GREATER, List.of(B));
    Message.Request request = new Message.Heartbeat(1, 0);
    links.ask(GREATER, request, PEER, 0, 10_000 * MILLI, new Listener(), turn());
    calls(-1, GREATER, 1);
    assertEquals(List.of(), sentOn(-1));

    links.lost(numberOf(B), "refused", turn());
    assertEquals(List.of(1L), sentOn(-1));
  }

  @Test
  void goesOverWhenThePeerDialsAnew() {
    listensAt(A);
    calls(-1, PEER, 1);
    ask(1);
    calls(-2, PEER, 1);
    assertEquals(List.of(1L), sentOn(-2), "it has a reason");

    calls(-3, PEER, 2);
    assertEquals(List.of(1L), sentOn(-3), "it was started again");
    links.renew(PEER, turn());
    greet(numberOf(A), PEER);
    pass(Link.CROSSING_NANOS / MILLI);
    calls(-4, PEER, 1);
    assertTrue(isClosed(numberOf(A)), "too late for one that crosses");
  }

  @Test
  void fallsBackOnAnotherConnectionOfThePeer() {
    listensAt(A);
    calls(-1, PEER, 1);
    calls(-2, PEER, 1);
    ask(1);
    links.lost(-2, "broke", turn());
    assertEquals(List.of(1L), sentOn(-1));
    links.lost(-1, "broke", turn());

    assertEquals(1, outcomes.size(), "lost twice");
    assertEquals(List.of(), dialled());
    ask(2);
    assertEquals(List.of(A), dialled());
  }

  @Test
  void aConnectionLeadsToOnePeerHoweverManyItNames() {
    calls(-1, PEER, 1);
    calls(-1, OTHER, 1);
    assertFalse(links.isReady(PEER, Lane.CONTROL));
    assertTrue(links.isReady(OTHER, Lane.CONTROL));

    links.lost(-1, "broke", turn());
    assertFalse(links.isReady(OTHER, Lane.CONTROL));
  }

  @Test
  void whomItDialledItKnowsAlready() {
    listensAt(A);
    long mine = connected(A);
    calls(mine, OTHER, 1);
    assertTrue(links.isReady(PEER, Lane.CONTROL));
    assertFalse(links.isReady(OTHER, Lane.CONTROL));
  }

  @Test
  void goesOverToTheOneThatALesserPeerUses() {
    listensAt(A);
    links.started(turn());
    calls(-1, PEER, 1);
    links.renew(PEER, turn());
    greet(numberOf(A), PEER);
    pass(2 * Links.SWEEP_NANOS / MILLI);
    assertFalse(isClosed(numberOf(A)), "the peer's may be silent");

    guests.heard(-1, turn());
    pass(Links.SWEEP_NANOS / MILLI);
    assertTrue(isClosed(numberOf(A)));
    ask(1);
    assertEquals(List.of(1L), sentOn(-1));
  }
}
