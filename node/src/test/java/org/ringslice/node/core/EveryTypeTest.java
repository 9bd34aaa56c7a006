package org.ringslice.node.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Feature;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Role;
import org.ringslice.messages.Type;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;

/** Each type of message, sent to a node by each role. */
class EveryTypeTest {
  private static final Id OTHER = Id.ofWords(8, 0, 0, 0);
  private static final Id THIRD = Id.ofWords(9, 0, 0, 0);
  private static final Endpoint THERE = new Endpoint("there", 7400, 7401);
  private static final Arc ALL = Arc.wholeRing(OTHER);
  private static final Entry ITEM = Entry.blob(Bytes.wrap(new byte[] {1, 2, 3}));
  private static final long GUEST = -1;

  private final Driven node = new Driven();

  private static Identity identity(Role role) {
    return role == Role.PEER
        ? Driven.peer(OTHER, "test", 2, 5, THERE)
        : new Identity(
            OTHER, Role.CLIENT, "", 0, 0, 5, List.of(), "test", 1, Limits.BATCH_BYTES_MAX);
  }

  /** Requests that a node may be asked, of each type at least one. */
  static List<Message.Request> requests() {
    Message.Scope held = Message.Scope.HELD;
    List<Message.Request> all = new ArrayList<>();
    all.add(new Message.GetId(identity(Role.PEER)));
    for (Direction direction : Direction.values()) {
      all.add(new Message.GetPeers(direction, OTHER, 3, true));
      all.add(new Message.GetItems(direction, OTHER, 3, OTHER, Message.Scope.RING));
    }
    all.add(new Message.GetThings(Direction.NEXT, OTHER, 3, OTHER, Message.Scope.RING));
    all.add(new Message.GetItem(ITEM.id(), 0));
    all.add(new Message.Store(List.of(ITEM), Message.Intent.KEEP));
    all.add(new Message.Store(List.of(ITEM), Message.Intent.REPLICATE));
    all.add(new Message.Heartbeat(1, 2));
    all.add(new Message.ExchangeView(List.of(), true));
    all.add(new Message.HaveItems(List.of(ITEM.id()), held));
    all.add(new Message.GetView());
    all.add(new Message.GetCount(ALL, held));
    all.add(new Message.GetFeatures(List.of(Feature.values())));
    all.add(Message.GetStatus.held(List.of()));
    all.add(new Message.Explain(ITEM.id()));
    all.add(new Message.GetTable());
    all.add(new Message.GetSummaries(List.of(ALL)));
    all.add(new Message.Slice(1, 0, ALL, Message.Giving.BOTH, Bytes.EMPTY, List.of()));
    all.add(new Message.Watch(List.of(ALL), 0, 0, held));
    all.add(new Message.KeepArcs(List.of(ALL)));
    all.add(new Message.GetSize(0));
    all.add(new Message.GetMessage(new Guid(1, 2), Driven.ID, "hello"));
    all.add(new Message.Broadcast(new Guid(1, 3), ALL, "hello"));
    all.add(new Message.GetInbox(0, 0, false));
    all.add(new Message.Leave(false));
    all.add(new Message.GetPlace(OTHER, 1, false));
    all.add(new Message.GetHealth(Optional.empty()));
    return all;
  }

  private static final Set<Type> OF_PEERS =
      EnumSet.of(Type.HEARTBEAT, Type.EXCHANGE_VIEW, Type.SLICE, Type.KEEP_ARCS);

  @Test
  void thereIsARequestOfEachType() {
    Set<Type> seen = EnumSet.noneOf(Type.class);
    requests().forEach(request -> seen.add(request.type()));
    assertEquals(EnumSet.allOf(Type.class), seen);
  }

  static Stream<Message.Request> all() {
    return requests().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aClientIsServedOrToldThatItMayNotAsk(Message.Request request) {
    boolean forbidden =
        OF_PEERS.contains(request.type())
            || (request instanceof Message.Store store
                && store.intent() == Message.Intent.REPLICATE);
    expect(forbidden, Role.CLIENT, request);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aPeerIsServedOrToldThatItMayNotAsk(Message.Request request) {
    expect(request.type() == Type.LEAVE, Role.PEER, request);
  }

  private void expect(boolean forbidden, Role role, Message.Request request) {
    greet(role);
    List<Effect> effects = ask(OTHER, 0, request);
    List<Message> answers = answers(effects);
    if (forbidden) {
      assertEquals(ErrorCode.NOT_ALLOWED, ((Message.Failure) answers.get(0)).code());
    } else {
      assertFalse(answers.stream().anyMatch(EveryTypeTest::isNotAllowed), answers.toString());
      assertEquals(1, answers.size() + node.core.servingCount(), "answered, or being served");
    }
  }

  private static boolean isNotAllowed(Message message) {
    return message instanceof Message.Failure failure && failure.code() == ErrorCode.NOT_ALLOWED;
  }

  @Test
  void aPeerSpeaksForItselfAndForOthersOnlyWhatItPassesOn() {
    greet(Role.PEER);
    Message.Request request = new Message.GetMessage(new Guid(1, 2), Driven.ID, "hello");

    assertEquals(List.of(true), notAllowed(ask(THIRD, 0, request)));
    assertEquals(List.of(false), notAllowed(ask(THIRD, 1, request)));
    assertEquals(List.of(false), notAllowed(ask(OTHER, 0, request)));
  }

  private static List<Boolean> notAllowed(List<Effect> effects) {
    return answers(effects).stream().map(EveryTypeTest::isNotAllowed).toList();
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void aNodeThatForgotATypeDoesNotStart(Type forgotten) {
    Handlers handlers = new Handlers();
    for (Type type : Type.values()) {
      if (type != forgotten) {
        handlers.put(type, Message.Request.class, (inquiry, request, turn) -> {});
      }
    }
    IllegalStateException failure = assertThrows(IllegalStateException.class, handlers::requireAll);
    assertNotEquals(-1, failure.getMessage().indexOf(forgotten.name()));
  }

  private void greet(Role role) {
    node.comeOnToTheRing();
    List<Message> answers = answers(ask(OTHER, 0, new Message.GetId(identity(role))));
    assertEquals(List.of(Message.IdIs.class), answers.stream().map(Object::getClass).toList());
  }

  private List<Effect> ask(Id requestor, int hops, Message request) {
    Header header = new Header(77, Header.Form.REQUEST, requestor, Id.ZERO, hops);
    return node.handle(new Event.Arrived(GUEST, Lane.CONTROL, new Envelope(header, request)));
  }

  /** What was answered to the guest; not what it was asked. */
  private static List<Message> answers(List<Effect> effects) {
    return Driven.only(Effect.Send.class, effects).stream()
        .filter(send -> send.link() == GUEST)
        .map(Effect.Send::envelope)
        .filter(envelope -> envelope.header().form() != Header.Form.REQUEST)
        .map(Envelope::message)
        .toList();
  }
}
