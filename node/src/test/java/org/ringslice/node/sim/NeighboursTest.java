package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Guests;

/** What a node does about others that are not as they should be: real ones, slightly spoilt. */
class NeighboursTest {
  private static final long SECOND = 1_000_000_000L;

  private final World world = new World(5, 2);
  private final SplittableRandom random = new SplittableRandom(6);

  private Host start(String network, Id id, int maskBits, UnaryOperator<Core> outfit) {
    Host host = world.addNode(network, id, maskBits, random.split(), outfit);
    world.start(host);
    world.pass(SECOND);
    return host;
  }

  private Host start(UnaryOperator<Core> outfit) {
    return start(World.NETWORK_NAME, World.randomId(random), 2, outfit);
  }

  /** A core of which each answer to others is changed on its way out. */
  private static UnaryOperator<Core> answering(UnaryOperator<Envelope> change) {
    return core ->
        (event, turn) ->
            core.handle(event, new Turn(turn.now(), effect -> turn.emit(changed(effect, change))));
  }

  private static Effect changed(Effect effect, UnaryOperator<Envelope> change) {
    return effect instanceof Effect.Send send
            && send.link() != Guests.LOCAL_LINK
            && !(send.envelope().message() instanceof Message.Request)
        ? new Effect.Send(send.link(), change.apply(send.envelope()))
        : effect;
  }

  private Check.Findings look(String check) {
    Check.Findings findings = new Check.Findings();
    Check.named(check).look(world, findings);
    return findings;
  }

  private void store(int count) {
    world.customers().store(count, SECOND);
    assertTrue(world.passUntil(() -> world.customers().waiting() == 0, 60 * SECOND));
  }

  private void startHonest(int count) {
    for (int i = 0; i < count; i++) {
      start(core -> core);
    }
  }

  @Test
  void passOverAHolderThatGivesOtherBytes() {
    startHonest(4);
    Host liar = start(answering(NeighboursTest::forged));
    world.pass(5 * SECOND);
    store(50);

    Check.Findings findings = look("readable-everywhere");

    assertEquals(List.of(), findings.sentences());
    assertTrue(
        world.journal().reports().stream()
            .anyMatch(line -> line.contains(liar.id() + " gave bytes that are not those")));
  }

  private static Envelope forged(Envelope envelope) {
    if (!(envelope.message() instanceof Message.ItemIs is)) {
      return envelope;
    }
    Entry item = is.item();
    byte[] bytes = new byte[item.bytes().size()];
    Entry other = new Entry(item.id(), item.kind(), item.stamp(), true, Bytes.wrap(bytes));
    return envelope.reply(new Message.ItemIs(other));
  }

  @Test
  void askAgainWhoeverIsBusy() {
    startHonest(2);
    int[] refusals = {0};
    start(
        answering(
            envelope -> {
              if (envelope.message() instanceof Message.Stored && refusals[0]++ % 4 != 3) {
                return envelope.reply(
                    Message.Failure.of(envelope.message(), ErrorCode.BUSY, "not now"));
              }
              return envelope;
            }));
    world.pass(5 * SECOND);
    store(60);

    assertTrue(refusals[0] > 20, "busy only " + refusals[0] + " times");
    assertEquals(List.of(), look("placed").sentences());
    assertEquals(List.of(), look("copies").sentences());
    assertEquals(List.of(), look("stored").sentences());
  }

  @Test
  void doNotMixWithAnotherNetwork() {
    Host one = start(core -> core);
    Host other = start("another", World.randomId(random), 2, core -> core);
    world.pass(20 * SECOND);

    assertEquals(List.of(one.id()), one.nodeCore().view().ring().nodes());
    assertEquals(List.of(other.id()), other.nodeCore().view().ring().nodes());
  }

  @Test
  void keepOutWhoPlacesItemsOtherwise() {
    Host one = start(core -> core);
    Host other = start(World.NETWORK_NAME, World.randomId(random), 3, core -> core);
    world.pass(5 * SECOND);

    assertFalse(other.isRunning());
    assertTrue(world.journal().takeTroubles().get(0).contains("start the node with --mask-bits 2"));
    assertEquals(List.of(one.id()), one.nodeCore().view().ring().nodes());
  }

  @Test
  void keepOutASecondNodeOfTheSameId() {
    Host one = start(core -> core);
    Host other = start(World.NETWORK_NAME, one.id(), 2, core -> core);
    world.pass(5 * SECOND);

    assertTrue(one.isRunning());
    assertFalse(other.isRunning());
  }

  @Test
  void keepOutASecondNodeOfTheSameIdThatMetOnlyOthers() {
    Host one = start(core -> core);
    startHonest(3);
    world.pass(20 * SECOND);
    one.joinGroup(1); // out of sight while the other comes
    Host other = start(World.NETWORK_NAME, one.id(), 2, core -> core);
    one.joinGroup(0);
    world.pass(5 * SECOND);

    assertTrue(one.isRunning());
    assertFalse(other.isRunning());
    assertEquals(List.of(), look("ring").sentences());
  }

  @Test
  void leaveOneOfTwoThatBeginWithOneIdAtTheSameTime() {
    for (int seed = 0; seed < 30; seed++) {
      World two = new World(seed, 2);
      SplittableRandom chance = new SplittableRandom(seed);
      Id id = World.randomId(chance);
      two.startNodes(2);
      for (int i = 0; i < 2; i++) {
        two.start(two.addNode(World.NETWORK_NAME, id, 2, chance.split(), core -> core));
        two.pass(chance.nextLong(SECOND));
      }
      two.pass(15 * SECOND);

      assertEquals(3, two.living().size(), "seed " + seed);
    }
  }

  @Test
  void refuseASecondNodeOfAnIdThatTheyKnowFromElsewhere() {
    Host one = start(core -> core);
    startHonest(5);
    world.pass(5 * SECOND);
    Host other = start(World.NETWORK_NAME, one.id(), 2, core -> core);
    world.pass(5 * SECOND);

    assertTrue(one.isRunning());
    assertFalse(other.isRunning());
    assertTrue(
        world.journal().reports().stream()
            .anyMatch(line -> line.contains("refused a node: another node, which listens at")));
    assertEquals(List.of(), look("ring").sentences());
  }

  @Test
  void welcomeANodeThatIsBackAtOnce() {
    startHonest(4);
    world.pass(5 * SECOND);
    Host back = world.nodes().get(2);
    back.crash();
    world.start(back);
    world.pass(3 * SECOND);

    assertTrue(back.isRunning());
    assertEquals(List.of(), look("ring").sentences());
  }

  @Test
  void walkOnWhenTheOwnerOfAStretchHasJustDied() {
    startHonest(8);
    world.pass(5 * SECOND);
    store(60);
    world.nodes().get(3).crash();

    assertEquals(List.of(), look("walk").sentences());
  }

  @Test
  void keepRightCountOfWhatTheyServe() {
    startHonest(5);
    world.pass(5 * SECOND);
    store(100);
    world.pass(5 * SECOND);

    Check.Findings findings = look("quiet");
    assertEquals(10, findings.made());
    assertEquals(List.of(), findings.sentences());
  }
}
