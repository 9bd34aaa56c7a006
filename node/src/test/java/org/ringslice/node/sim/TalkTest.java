package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.Event;

/** General messages between simulated nodes. */
class TalkTest {
  private static final long SECOND = 1_000_000_000L;

  private final World world = new World(33, 2);
  private final SplittableRandom chance = new SplittableRandom(34);
  private long broadcastRequests;
  private int hopsMax;

  private World ring(int nodes) {
    for (int i = 0; i < nodes; i++) {
      Id id = World.randomId(chance);
      world.start(world.addNode(World.NETWORK_NAME, id, 2, chance.split(), this::counted));
    }
    world.pass(10 * SECOND);
    return world;
  }

  private Core counted(Core core) {
    return (event, turn) -> {
      if (event instanceof Event.Arrived arrived
          && arrived.envelope().message() instanceof Message.Broadcast
          && arrived.envelope().header().hops() > 0) {
        broadcastRequests++;
        hopsMax = Math.max(hopsMax, arrived.envelope().header().hops());
      }
      core.handle(event, turn);
    };
  }

  private Host node(int number) {
    return world.nodes().get(number);
  }

  private Guid guid() {
    return new Guid(chance.nextLong(), chance.nextLong());
  }

  private Message broadcast(Host from, Guid guid, String text) {
    Message.Broadcast request = new Message.Broadcast(guid, Arc.wholeRing(Id.ZERO), text);
    return world.ask(from, request).orElseThrow();
  }

  private List<Message.Received> inbox(Host at) {
    List<Message.Received> all = new ArrayList<>();
    Message.InboxIs page = page(at, 0, 0);
    while (!page.messages().isEmpty()) {
      all.addAll(page.messages());
      page = page(at, page.session(), page.next());
    }
    return all;
  }

  private Message.InboxIs page(Host at, long session, long after) {
    Message.GetInbox request = new Message.GetInbox(session, after, false);
    return (Message.InboxIs) world.ask(at, request).orElseThrow();
  }

  /** How many nodes got a broadcast; none of them twice. */
  private int hearersOf(Guid guid) {
    int hearers = 0;
    for (Host host : world.living()) {
      long times = inbox(host).stream().filter(message -> message.guid().equals(guid)).count();
      assertTrue(times <= 1, () -> host + " got it " + times + " times");
      hearers += (int) times;
    }
    return hearers;
  }

  @Test
  void eachNodeGetsEachBroadcastOnceInFewSteps() {
    ring(100);
    TreeMap<Guid, Id> sent = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      Guid guid = guid();
      sent.put(guid, node(10 * i).id());
      assertEquals(new Message.Heard(), broadcast(node(10 * i), guid, "number " + i));
    }
    world.pass(SECOND);

    sent.keySet().forEach(guid -> assertEquals(100, hearersOf(guid)));
    assertEquals(10 * 99, broadcastRequests);
    assertTrue(hopsMax <= 6, "in " + hopsMax + " steps");
    for (Message.Received message : inbox(node(7))) {
      assertEquals(sent.get(message.guid()), message.from());
      assertTrue(message.toAll());
    }
  }

  @Test
  void aBroadcastThatIsAskedForAgainIsNotPassedOnAgain() {
    ring(10);
    Guid guid = guid();
    broadcast(node(3), guid, "once");
    world.pass(SECOND);
    assertEquals(new Message.Heard(), broadcast(node(3), guid, "once"));
    assertEquals(new Message.Heard(), broadcast(node(4), guid, "once"));
    world.pass(SECOND);

    assertEquals(10, hearersOf(guid));
    assertEquals(9, broadcastRequests);
  }

  @Test
  void whereMessagesAreLostNoNodeGetsABroadcastTwice(TestReporter reporter) {
    ring(100);
    world.faults().lose(0.1);
    world.faults().duplicate(0.05);
    double share = shareOfHearers(10);
    reporter.publishEntry("10 % lost: heard by", Double.toString(share));

    assertTrue(share > 0.98, "heard by " + share);
  }

  @Test
  void whereNodesDieWithoutAWordNearlyAllOthersGetABroadcast(TestReporter reporter) {
    ring(100);
    world.drawLiving(Share.parse("10%")).forEach(Host::vanish);
    double share = shareOfHearers(5);
    reporter.publishEntry("10 % just dead: heard by, of the living", Double.toString(share));

    assertTrue(share > 0.98, "heard by " + share);
  }

  private double shareOfHearers(int broadcasts) {
    List<Guid> sent = new ArrayList<>();
    for (int i = 0; i < broadcasts; i++) {
      sent.add(guid());
      broadcast(world.living().get(i), sent.get(i), "hear, hear");
      world.pass(SECOND / 10);
    }
    world.pass(15 * SECOND);
    world.heal();
    int hearers = sent.stream().mapToInt(this::hearersOf).sum();
    return (double) hearers / (broadcasts * world.living().size());
  }

  @Test
  void aMessageReachesOneNodeAndNoOther() {
    ring(8);
    Guid guid = guid();
    Message.GetMessage request = new Message.GetMessage(guid, node(5).id(), "for you");
    assertEquals(new Message.GotMessage(), world.ask(node(2), request).orElseThrow());
    assertEquals(new Message.GotMessage(), world.ask(node(2), request).orElseThrow());

    Message.Received expected = new Message.Received(1, guid, node(2).id(), false, "for you");
    for (Host host : world.nodes()) {
      assertEquals(host == node(5) ? List.of(expected) : List.of(), inbox(host));
    }
  }

  @Test
  void aMessageOfAClientIsFromTheNodeThatItAsks() {
    ring(3);
    Host client = world.newClientOf(node(1));
    client.start();
    Guid toOne = guid();
    Message.GetMessage one = new Message.GetMessage(toOne, node(2).id(), "one");
    assertEquals(new Message.GotMessage(), world.ask(client, one).orElseThrow());
    Guid toAll = guid();
    Message.Broadcast all = new Message.Broadcast(toAll, Arc.wholeRing(client.id()), "all");
    assertEquals(new Message.Heard(), world.ask(client, all).orElseThrow());
    world.pass(SECOND);

    assertEquals(
        List.of(
            new Message.Received(1, toOne, node(1).id(), false, "one"),
            new Message.Received(2, toAll, node(1).id(), true, "all")),
        inbox(node(2)));
  }

  @Test
  void saysThatThereIsNoSuchNode() {
    ring(4);
    Id nobody = World.randomId(chance);
    Message answer =
        world.ask(node(0), new Message.GetMessage(guid(), nobody, "hello")).orElseThrow();

    assertEquals(ErrorCode.NOT_FOUND, ((Message.Failure) answer).code());
  }

  @Test
  void saysThatANodeDoesNotAnswer() {
    ring(4);
    node(3).beDeaf();
    Id deaf = node(3).id();
    Message answer =
        world.ask(node(0), new Message.GetMessage(guid(), deaf, "hello")).orElseThrow();

    assertTrue(((Message.Failure) answer).retry(), answer.toString());
  }

  @Test
  void whoWaitsIsToldOfAMessageWhenItComesAndOtherwiseOfNone() {
    ring(2);
    List<Message> answers = new ArrayList<>();
    node(1).ask(new Message.GetInbox(0, 0, true), answers::add);
    world.pass(5 * SECOND);
    assertEquals(List.of(), answers);
    Guid guid = guid();
    broadcast(node(0), guid, "now");
    world.pass(SECOND / 10);
    Message.InboxIs told = (Message.InboxIs) answers.get(0);
    assertEquals(guid, told.messages().get(0).guid());

    node(1).ask(new Message.GetInbox(told.session(), told.next(), true), answers::add);
    world.pass(11 * SECOND);
    assertEquals(new Message.InboxIs(told.session(), told.next(), List.of()), answers.get(1));
  }

  @Test
  void theLatestAreKeptAndWhatWasForgottenLeavesAGap() {
    ring(1);
    for (int i = 1; i <= 1_100; i++) {
      broadcast(node(0), guid(), "number " + i);
      world.pass(SECOND / 400);
    }
    List<Message.Received> kept = inbox(node(0));

    assertEquals(1_000, kept.size());
    assertEquals(101, kept.get(0).sequence());
    assertEquals("number 1100", kept.get(999).text());
    assertEquals(Limits.INBOX_MAX, page(node(0), 0, 0).messages().size());
  }

  @Test
  void anotherLifeOfTheNodeBeginsAnew() {
    ring(2);
    broadcast(node(0), guid(), "before");
    world.pass(SECOND);
    Message.InboxIs before = page(node(1), 0, 0);
    node(1).crash();
    world.start(node(1));
    world.pass(5 * SECOND);
    broadcast(node(0), guid(), "after");
    world.pass(SECOND);

    Message.InboxIs after = page(node(1), before.session(), before.next());
    assertEquals(List.of("after"), after.messages().stream().map(each -> each.text()).toList());
  }

  @Test
  void aFloodEndsAtTheNodeThatItComesTo() {
    ring(3);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      boolean taken = broadcast(node(0), guid(), "flood") instanceof Message.Heard;
      refused += taken ? 0 : 1;
    }
    world.pass(5 * SECOND);
    int heard = inbox(node(2)).size();

    assertTrue(refused >= 400, refused + " refused");
    assertEquals(1_000 - refused, heard);
  }
}
