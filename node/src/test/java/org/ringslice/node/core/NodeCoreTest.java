package org.ringslice.node.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Header;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.ring.Guests;

class NodeCoreTest {
  private static final Id OTHER = Id.ofWords(8, 0, 0, 0);
  private static final Endpoint THERE = new Endpoint("there", 7400, 7401);
  private static final long GUEST = -1;

  private final Driven node = new Driven();

  @Test
  void asksAStrangerToSayWhoItIsFirst() {
    List<Effect> effects = node.ask(GUEST, new Message.GetItem(OTHER, 0));

    assertEquals(ErrorCode.STRANGER, Driven.failure(GUEST, effects).code());
    assertEquals(0, node.core.servingCount());
  }

  @Test
  void letsAGuestAskOnceItHasSaidWhoItIs() {
    node.comeOnToTheRing();
    Identity client =
        new Identity(OTHER, Role.CLIENT, "", 0, 0, 5, List.of(), "test", 1, Limits.BATCH_BYTES_MAX);
    Message answer = Driven.sent(GUEST, node.ask(GUEST, new Message.GetId(client))).message();
    assertEquals(Driven.ID, ((Message.IdIs) answer).answerer().id());

    List<Effect> effects = node.ask(GUEST, new Message.GetItem(OTHER, 0));

    assertEquals(new StoreRequest.Load(OTHER), Driven.asked(effects).request());
    assertEquals(1, node.core.servingCount());
  }

  /** Before its turn to be asked for a heartbeat comes. */
  @Test
  void doubtsThatAPeerLivesWhichDoesNotAnswerWhatItIsAsked() {
    node.comeOnToTheRing();
    node.ask(GUEST, new Message.GetId(Driven.peer(OTHER, "test", 2, 5, THERE)));
    List<Peer> told = new ArrayList<>();
    for (long place = 9; place < 20; place++) {
      Endpoint at = new Endpoint("node-" + place, 7400, 7401);
      told.add(new Peer(Id.ofWords(place, 0, 0, 0), 1, PeerState.ACTIVE, List.of(at)));
    }
    Peer dead = told.get(6);
    Header header = new Header(1235, Header.Form.REQUEST, OTHER, Id.ZERO, 0);
    Envelope news = new Envelope(header, new Message.ExchangeView(told, false));
    node.handle(new Event.Arrived(GUEST, Lane.CONTROL, news));
    assertEquals(PeerState.ACTIVE, node.core.view().state(dead.id()));

    Message.GetMessage request = new Message.GetMessage(new Guid(1, 2), dead.id(), "hello");
    List<Effect> effects = node.ask(Guests.LOCAL_LINK, request);

    for (int i = 0; i < 40; i++) {
      List<Effect> next = new ArrayList<>();
      for (Effect.Dial dial : Driven.only(Effect.Dial.class, effects)) {
        if (dead.endpoints().contains(dial.endpoint())) {
          next.addAll(node.handle(new Event.LinkLost(dial.link(), "refused")));
        }
      }
      next.addAll(node.pass(10_000_000));
      effects = next;
    }

    assertEquals(PeerState.SUSPECTED, node.core.view().state(dead.id()));
    assertEquals(PeerState.ACTIVE, node.core.view().state(told.get(5).id()));
  }

  @Test
  void refusesANodeOfAnotherNetworkBothNamed() {
    Identity asker = Driven.peer(OTHER, "elsewhere", 2, 5, THERE);
    Message.Failure failure = Driven.failure(GUEST, node.ask(GUEST, new Message.GetId(asker)));

    assertEquals(ErrorCode.WRONG_NETWORK, failure.code());
    assertTrue(failure.sentence().contains("'test'") && failure.sentence().contains("'elsewhere'"));
    assertEquals(1, node.core.view().ring().size());
  }

  @Test
  void refusesANodeThatPlacesItemsByOtherMaskBits() {
    Identity asker = Driven.peer(OTHER, "test", 3, 5, THERE);
    Message.Failure failure = Driven.failure(GUEST, node.ask(GUEST, new Message.GetId(asker)));

    assertEquals(ErrorCode.WRONG_MASK_BITS, failure.code());
    assertTrue(failure.sentence().contains("--mask-bits 2"));
    assertEquals(1, node.core.view().ring().size());
  }

  @Test
  void refusesASecondNodeOfItsId() {
    assertEquals(ErrorCode.ID_TAKEN, answerToNamesake(100));
    // which began earlier, and says so itself
    assertEquals(ErrorCode.UNREACHABLE, answerToNamesake(5));

    node.pass(60_000_000_000L);
    assertEquals(ErrorCode.ID_TAKEN, answerToNamesake(5));
  }

  private ErrorCode answerToNamesake(long session) {
    Identity asker = Driven.peer(Driven.ID, "test", 2, session, THERE);
    return Driven.failure(GUEST, node.ask(GUEST, new Message.GetId(asker))).code();
  }

  @Test
  void stopsWhileYoungWhenItsIdIsTakenAndOnlyComplainsLater() {
    assertEquals(1, Driven.only(Effect.Abort.class, refusedAsTaken()).size());

    node.pass(60_000_000_000L);
    List<Effect> later = refusedAsTaken();
    assertEquals(0, Driven.only(Effect.Abort.class, later).size());
    assertTrue(
        Driven.only(Effect.Report.class, later).stream()
            .anyMatch(report -> report.level() == Effect.Report.Level.TROUBLE));
  }

  private List<Effect> refusedAsTaken() {
    Envelope greeting = dialled(node.handle(new Event.Sighted(THERE, How.MDNS)));
    Message.Failure taken =
        Message.Failure.of(greeting.message(), ErrorCode.ID_TAKEN, "another node has the id");
    return node.handle(new Event.Arrived(link, Lane.CONTROL, greeting.reply(taken)));
  }

  private long link;

  /** Notes the one link that was dialled; returns what was sent on it. */
  private Envelope dialled(List<Effect> effects) {
    List<Effect.Dial> dials = Driven.only(Effect.Dial.class, effects);
    assertEquals(1, dials.size());
    link = dials.get(0).link();
    return Driven.sent(link, effects);
  }

  @Test
  void doesNotKnockAgainWhereItFoundItself() {
    Envelope greeting = dialled(node.handle(new Event.Sighted(THERE, How.MDNS)));
    Message.IdIs itself = new Message.IdIs(node.self.identity());
    node.handle(new Event.Arrived(link, Lane.CONTROL, greeting.reply(itself)));

    assertEquals(List.of(), Driven.only(Effect.Dial.class, node.pass(60_000_000_000L)));
  }

  @Test
  void knocksAgainAtASteadyRateHoweverOftenTheSilentOneIsSighted() {
    for (int i = 0; i < 60; i++) {
      refuse(node.handle(new Event.Sighted(THERE, How.MDNS)));
      refuse(node.pass(130_000_000L));
    }
    int dials = 0;
    for (int i = 0; i < 600; i++) {
      dials += refuse(node.pass(100_000_000L));
    }
    assertEquals(12, dials);
  }

  /** Nobody listens where was dialled. Returns how often that was. */
  private int refuse(List<Effect> effects) {
    List<Effect.Dial> dials = Driven.only(Effect.Dial.class, effects);
    dials.forEach(dial -> node.handle(new Event.LinkLost(dial.link(), "connection refused")));
    return dials.size();
  }

  @Test
  void saysWhyARequestCannotBeRead() {
    Message unreadable = new Message.Unreadable(77, ErrorCode.UNKNOWN_TYPE, "no such type");
    node.ask(GUEST, new Message.GetId(Driven.peer(OTHER, "test", 2, 5, THERE)));
    Message.Failure failure = Driven.failure(GUEST, node.ask(GUEST, unreadable));

    assertEquals(ErrorCode.UNKNOWN_TYPE, failure.code());
    assertEquals(77, failure.typeCode());
    assertEquals("no such type", failure.sentence());
  }

  @Test
  void whatPeopleAskWaitsUntilItIsKnownWhoElseThereIs() {
    Message question = new Message.HaveItems(List.of(), Message.Scope.RING);
    List<Effect> asked = node.ask(Guests.LOCAL_LINK, question);
    assertEquals(List.of(), Driven.only(Effect.Send.class, asked));

    Driven.sent(Guests.LOCAL_LINK, node.comeOnToTheRing());
    Driven.sent(Guests.LOCAL_LINK, node.ask(Guests.LOCAL_LINK, question));
  }

  @Test
  void answersARequestUnderItsProcessingId() {
    node.comeOnToTheRing();
    List<Effect> effects =
        node.ask(Guests.LOCAL_LINK, new Message.HaveItems(List.of(), Message.Scope.RING));
    Header header = Driven.sent(Guests.LOCAL_LINK, effects).header();

    assertEquals(1234, header.processingId());
    assertEquals(Header.Form.ANSWER, header.form());
  }

  @Test
  void acknowledgesAloneWhatIsDurableOnItselfAndNotBefore() {
    node.comeOnToTheRing();
    Entry item = Entry.blob(Bytes.wrap(new byte[] {1, 2, 3}));
    Message.Store store = new Message.Store(List.of(item), Message.Intent.KEEP);
    List<Effect> asked = node.ask(Guests.LOCAL_LINK, store);
    Effect.AskStore keep = Driven.asked(asked);
    assertEquals(List.of(), Driven.only(Effect.Send.class, asked));
    assertEquals(List.of(), Driven.only(Effect.Send.class, node.pass(5_000_000_000L)));

    List<Effect> effects =
        node.handle(
            new Event.StoreDone(
                keep.ticket(),
                StoreReply.of(new StoreAnswer.Kept(List.of(Receipt.Outcome.STORED)))));

    Message answer = Driven.sent(Guests.LOCAL_LINK, effects).message();
    Receipt expected = new Receipt(item.id(), Receipt.Outcome.STORED, 1, 1, List.of(Driven.ID), "");
    assertEquals(new Message.Stored(List.of(expected)), answer);
    assertEquals(0, node.core.servingCount());
  }

  @Test
  void doesNotKeepWhatIsNotWhatItsIdSays() {
    node.comeOnToTheRing();
    Entry forged = new Entry(OTHER, Kind.BLOB, 0, true, Bytes.wrap(new byte[] {1}));
    for (Message.Intent intent : Message.Intent.values()) {
      List<Effect> effects =
          node.ask(Guests.LOCAL_LINK, new Message.Store(List.of(forged), intent));
      for (Effect.AskStore ask : Driven.only(Effect.AskStore.class, effects)) {
        assertEquals(new StoreRequest.Keep(List.of()), ask.request());
        StoreAnswer kept = new StoreAnswer.Kept(List.of());
        effects = node.handle(new Event.StoreDone(ask.ticket(), StoreReply.of(kept)));
      }
      Message.Stored stored = (Message.Stored) Driven.sent(Guests.LOCAL_LINK, effects).message();
      assertEquals(Receipt.Outcome.REFUSED, stored.receipts().get(0).outcome());
    }
    assertEquals(0, node.core.servingCount());
  }

  @Test
  void refusesAtOnceWhatNoDiskTook() {
    node.comeOnToTheRing();
    Entry item = Entry.blob(Bytes.wrap(new byte[] {1, 2, 3}));
    List<Effect> asked =
        node.ask(Guests.LOCAL_LINK, new Message.Store(List.of(item), Message.Intent.KEEP));
    Effect.AskStore keep = Driven.asked(asked);
    List<Effect> effects =
        node.handle(new Event.StoreDone(keep.ticket(), StoreReply.failed("the disk is full")));

    Message answer = Driven.sent(Guests.LOCAL_LINK, effects).message();
    Receipt receipt = ((Message.Stored) answer).receipts().get(0);
    assertEquals(Receipt.Outcome.REFUSED, receipt.outcome());
    assertTrue(receipt.why().contains("the disk is full"), receipt.why());
  }

  @Test
  void givesTheSameEffectsForTheSameEvents() {
    List<Effect> one = new Driven().handle(new Event.Sighted(THERE, How.STATIC));
    List<Effect> other = new Driven().handle(new Event.Sighted(THERE, How.STATIC));

    assertEquals(one.toString(), other.toString());
  }

  @Test
  void showsAGuestOutThatAsksNothingAnyMore() {
    Identity asker = Driven.peer(OTHER, "test", 2, 5, THERE);
    node.ask(GUEST, new Message.GetId(asker));
    for (int minute = 0; minute < 10; minute++) {
      assertEquals(List.of(), closed(node.pass(60_000_000_000L)));
      node.ask(GUEST, new Message.Heartbeat(1, 0));
    }

    assertEquals(List.of(GUEST), closed(node.pass(320_000_000_000L)));
  }

  private static List<Long> closed(List<Effect> effects) {
    return Driven.only(Effect.Close.class, effects).stream()
        .map(Effect.Close::link)
        .filter(link -> link < 0)
        .toList();
  }
}
