package org.ringslice.node.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Feature;
import org.ringslice.messages.Header;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;

/** What nodes tell each other that they understand. */
class FeaturesTest {
  private static final Id OTHER = Id.ofWords(8, 0, 0, 0);
  private static final Endpoint THERE = new Endpoint("there", 7400, 7401);
  private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);
  private static final long GUEST = -1;

  private final Driven node = new Driven();

  /** Has the node dial the other one, which says who it is; returns what the node asks then. */
  private Envelope dialled(long session) {
    Effect.Dial dial =
        Driven.only(Effect.Dial.class, node.handle(new Event.Sighted(THERE, How.MDNS))).get(0);
    Header header = new Header(1, Header.Form.ANSWER, Driven.ID, Id.ZERO, 0);
    Identity other = Driven.peer(OTHER, "test", 2, session, THERE);
    node.handle(
        new Event.Arrived(
            dial.link(), Lane.CONTROL, new Envelope(header, new Message.IdIs(other))));
    link = dial.link();
    return asked(node.pass(1));
  }

  private long link;

  private static Envelope asked(List<Effect> effects) {
    return Driven.only(Effect.Send.class, effects).stream()
        .map(Effect.Send::envelope)
        .filter(envelope -> envelope.message() instanceof Message.GetFeatures)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing was asked: " + effects));
  }

  private void answer(Envelope question, Message answer) {
    node.handle(new Event.Arrived(link, Lane.CONTROL, question.reply(answer)));
  }

  @Test
  void aloneItUnderstandsAll() {
    node.comeOnToTheRing();
    assertEquals(ALL, node.core.commonFeatures());
  }

  @Test
  void whatIsCommonIsKnownWhenAllHaveTold() {
    Envelope question = dialled(5);
    assertEquals(List.copyOf(ALL), ((Message.GetFeatures) question.message()).features());
    assertEquals(Set.of(), node.core.commonFeatures());

    answer(question, new Message.FeaturesAre(List.copyOf(ALL)));
    assertEquals(ALL, node.core.commonFeatures());
  }

  @Test
  void whoDoesNotKnowTheQuestionUnderstandsNothingBeyond() {
    Envelope question = dialled(5);
    answer(question, Message.Failure.of(question.message(), ErrorCode.UNKNOWN_TYPE, "what?"));

    assertEquals(Set.of(), node.core.commonFeatures());
    assertEquals(
        List.of(),
        node.pass(20_000_000_000L).stream().filter(FeaturesTest::asks).toList(),
        "and is not asked again");
  }

  private static boolean asks(Effect effect) {
    return effect instanceof Effect.Send send
        && send.envelope().message() instanceof Message.GetFeatures;
  }

  @Test
  void whoDialsTellsAndIsTold() {
    ask(new Message.GetId(Driven.peer(OTHER, "test", 2, 5, THERE)));
    Message answer = ask(new Message.GetFeatures(List.copyOf(ALL)));

    assertEquals(new Message.FeaturesAre(List.copyOf(ALL)), answer);
    assertEquals(ALL, node.core.commonFeatures());
  }

  @Test
  void inAnotherLifeItHasToTellAnew() {
    ask(new Message.GetId(Driven.peer(OTHER, "test", 2, 5, THERE)));
    ask(new Message.GetFeatures(List.copyOf(ALL)));
    ask(new Message.GetId(Driven.peer(OTHER, "test", 2, 6, THERE)));

    assertEquals(Set.of(), node.core.commonFeatures());
  }

  private Message ask(Message request) {
    Header header = new Header(77, Header.Form.REQUEST, OTHER, Id.ZERO, 0);
    Envelope envelope = new Envelope(header, request);
    return Driven.only(
            Effect.Send.class, node.handle(new Event.Arrived(GUEST, Lane.CONTROL, envelope)))
        .stream()
        .map(Effect.Send::envelope)
        .filter(sent -> sent.header().form() == Header.Form.ANSWER)
        .map(Envelope::message)
        .findFirst()
        .orElseThrow();
  }
}
