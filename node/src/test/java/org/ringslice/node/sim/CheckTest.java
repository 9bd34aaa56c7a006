package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
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
import org.ringslice.messages.Receipt;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Guests;

/** Each check fails when what it watches over is broken, and says so in a sentence. */
class CheckTest {
  private static final long SECOND = 1_000_000_000L;

  private static Simulation.Result run(String... lines) {
    Scenario scenario = Scenario.parse("broken", String.join("\n", lines));
    return Simulation.run(new Simulation.Options(0, 3, scenario), line -> {});
  }

  private static void assertFails(String check, Simulation.Result result) {
    assertFalse(result.ok());
    for (String failure : result.failures()) {
      assertTrue(failure.startsWith("check " + check + ": "), failure);
    }
  }

  @Test
  void copiesFailsWhenADiskAnswersBeforeItSyncs() {
    assertFails("copies", run("nodes 5", "lying-disk 1", "store 20", "check stored copies"));
  }

  @Test
  void copiesFailsWhenACrashTakesWhatWasAcknowledged() {
    Simulation.Result result =
        run("nodes 1", "lying-disk all", "store 50", "crash all", "restart all", "check copies");

    assertFails("copies", result);
    assertTrue(result.failures().stream().anyMatch(failure -> failure.contains("is not now")));
  }

  @Test
  void readableFailsWhenAllHoldersLostWhatTheyAcknowledged() {
    Simulation.Result result =
        run(
            "nodes 4",
            "lying-disk all",
            "store 200",
            "crash all",
            "restart all",
            "wait 20s",
            "check ring readable");

    assertFails("readable", result);
  }

  @Test
  void ringFailsBeforeADeathIsNoticed() {
    assertFails("ring", run("nodes 6", "check ring", "vanish 1", "check ring"));
  }

  @Test
  void ringFailsWhileTheNetworkIsSplit() {
    assertFails("ring", run("nodes 6", "split 50%", "wait 20s", "check ring"));
  }

  @Test
  void storedFailsWhenNoDiskTakesAnything() {
    assertFails("stored", run("nodes 1", "full-disk all", "store 1", "check stored"));
  }

  @Test
  void storedFailsWhenNothingWasStored() {
    assertFails("stored", run("nodes 1", "check stored"));
  }

  @Test
  void placedFailsWhenNewHoldersHaveNothingYet() {
    assertFails("placed", run("nodes 4", "store 50", "check placed", "join 4", "check placed"));
  }

  @Test
  void tidyFailsWhileFormerHoldersStillHaveTheirs() {
    assertFails(
        "tidy", run("nodes 3", "store 50", "check tidy", "join 5", "wait 5s", "check tidy"));
  }

  @Test
  void quietFailsInTheMiddleOfWork() {
    assertFails(
        "quiet", run("nodes 1", "slow-disk all", "store 400 over 1ms", "wait 5ms", "check quiet"));
  }

  /** A node that tells its own program something else than it found. */
  private static UnaryOperator<Core> telling(UnaryOperator<Message> change) {
    return core ->
        (event, turn) ->
            core.handle(event, new Turn(turn.now(), effect -> turn.emit(changed(effect, change))));
  }

  private static Effect changed(Effect effect, UnaryOperator<Message> change) {
    if (effect instanceof Effect.Send send && send.link() == Guests.LOCAL_LINK) {
      Envelope envelope = send.envelope();
      return new Effect.Send(send.link(), envelope.reply(change.apply(envelope.message())));
    }
    return effect;
  }

  /** A ring whose nodes tell their programs something else than they found. */
  private static World told(UnaryOperator<Message> change) {
    World world = new World(9, 2);
    for (int i = 0; i < 3; i++) {
      SplittableRandom random = new SplittableRandom(i);
      world.start(
          world.addNode(
              World.NETWORK_NAME, World.randomId(random), 2, random.split(), telling(change)));
    }
    world.pass(5 * SECOND);
    return world;
  }

  private static Check.Findings find(String check, UnaryOperator<Message> change) {
    World world = told(change);
    world.customers().store(30, SECOND);
    assertTrue(world.passUntil(() -> world.customers().waiting() == 0, 60 * SECOND));
    Check.Findings findings = new Check.Findings();
    Check.named(check).look(world, findings);
    return findings;
  }

  @Test
  void placedFailsWhenNodesGiveUpTheLastGoodCopy() {
    World world = told(message -> message);
    world.customers().store(30, SECOND);
    assertTrue(world.passUntil(() -> world.customers().waiting() == 0, 60 * SECOND));
    world.diskFaults();
    Disk.Backup empty = new Disk(world.agenda(), new SplittableRandom(1), null).backUp();
    // as a program does that clears its folder, and no fault of the disk
    world.living().forEach(host -> host.disk().putBack(empty));
    Check.Findings findings = new Check.Findings();
    Check.named("placed").look(world, findings);
    assertTrue(
        findings.sentences().get(0).startsWith("the nodes gave up the last good copy of 30 items"),
        findings.sentences().get(0));
  }

  @Test
  void nothingIsOwedThatFaultsTookEverywhereUntilAMachineBringsItBack() {
    World world = told(message -> message);
    world.customers().store(30, SECOND);
    assertTrue(world.passUntil(() -> world.customers().waiting() == 0, 60 * SECOND));
    world.diskFaults();
    Host keeper = world.living().get(0);
    List<Host> others = world.living().subList(1, 3);
    keeper.crash();
    others.forEach(host -> host.tearDown(new SplittableRandom(2)));
    Ledger.Promise promise = world.ledger().promises().get(0);
    assertFalse(world.custody().isOwed(promise));
    world.start(keeper);
    assertTrue(world.custody().isOwed(promise));
    assertEquals(List.of(), world.custody().lost());
  }

  @Test
  void readFailsWhenSomebodyIsGivenOtherBytes() {
    World world =
        told(
            message ->
                message instanceof Message.ItemIs
                    ? new Message.ItemIs(Entry.blob(Bytes.wrap(new byte[7])))
                    : message);
    world.customers().store(30, SECOND);
    world.pass(5 * SECOND);
    world.readers().read(20, SECOND);
    world.pass(2 * SECOND);
    Check.Findings findings = new Check.Findings();
    Check.named("read").look(world, findings);
    assertTrue(findings.sentences().get(0).contains("gave other bytes"), "" + findings.sentences());
  }

  @Test
  void readFailsWhenSomebodyIsToldThatNobodyHasWhatIsOwed() {
    World world =
        told(
            message ->
                message instanceof Message.ItemIs is
                    ? Message.Failure.of(
                        new Message.GetItem(is.item().id(), 0), ErrorCode.NOT_FOUND, "it is gone")
                    : message);
    world.customers().store(30, SECOND);
    world.pass(5 * SECOND);
    world.readers().read(20, SECOND);
    world.pass(2 * SECOND);
    Check.Findings findings = new Check.Findings();
    Check.named("read").look(world, findings);
    assertTrue(findings.sentences().stream().anyMatch(each -> each.contains("which is owed")));
  }

  @Test
  void whatIsNotTheBytesOfItsIdIsNoticedWhoeverReadsIt() {
    World world =
        told(
            message ->
                message instanceof Message.ItemIs is
                    ? new Message.ItemIs(
                        new Entry(
                            is.item().id(),
                            is.item().kind(),
                            is.item().stamp(),
                            true,
                            Bytes.wrap(new byte[] {1})))
                    : message);
    world.customers().store(1, SECOND);
    world.pass(5 * SECOND);
    Id item = world.ledger().promises().get(0).entry().id();
    world.ask(world.living().get(0), new Message.GetItem(item, 0));
    assertTrue(world.journal().takeTroubles().get(0).contains("bytes that are not those of"));
  }

  @Test
  void walkFailsWhenOneItemIsLeftOut() {
    Check.Findings findings =
        find(
            "walk",
            message ->
                message instanceof Message.ItemsAre are && are.items().size() > 2
                    ? new Message.ItemsAre(
                        are.direction(), are.items().subList(1, are.items().size()))
                    : message);

    assertTrue(findings.failed() > 0);
    assertEquals(0, find("walk", message -> message).failed());
  }

  /** A ring whose nodes tell watchers something else than they found. */
  private static Check.Findings watched(UnaryOperator<Message.Signals> change) {
    World world = new World(9, 2);
    for (int i = 0; i < 3; i++) {
      SplittableRandom random = new SplittableRandom(i);
      world.start(
          world.addNode(
              World.NETWORK_NAME,
              World.randomId(random),
              2,
              random.split(),
              core ->
                  (event, turn) ->
                      core.handle(
                          event,
                          new Turn(
                              turn.now(), effect -> turn.emit(retold(effect, event, change))))));
    }
    world.pass(5 * SECOND);
    world.watchers().start(3);
    assertTrue(world.passUntil(world.watchers()::areReady, 10 * SECOND));
    world.customers().store(30, SECOND);
    assertTrue(world.passUntil(() -> world.customers().waiting() == 0, 60 * SECOND));
    Check.Findings findings = new Check.Findings();
    Check.named("watched").look(world, findings);
    return findings;
  }

  private static Effect retold(Effect effect, Event event, UnaryOperator<Message.Signals> change) {
    // what nodes tell each other comes out of other events
    boolean toWatcher =
        event instanceof Event.StoreDone done
            && !(done.reply().answer().orElse(null) instanceof StoreAnswer.Kept);
    if (toWatcher
        && effect instanceof Effect.Send send
        && send.envelope().message() instanceof Message.Signals signals
        && !signals.changes().isEmpty()) {
      return new Effect.Send(send.link(), send.envelope().reply(change.apply(signals)));
    }
    return effect;
  }

  private static List<Message.Signal> butTheFirst(Message.Signals signals) {
    return signals.changes().subList(1, signals.changes().size());
  }

  @Test
  void watchedFailsWhenAChangeIsLeftOut() {
    Check.Findings findings =
        watched(s -> new Message.Signals(s.journal(), s.next(), s.ready(), butTheFirst(s)));

    assertTrue(findings.failed() > 0);
    assertTrue(findings.sentences().get(0).endsWith(" 0 times"), findings.sentences().get(0));
    assertEquals(0, watched(signals -> signals).failed());
  }

  @Test
  void watchedFailsWhenAChangeIsToldTwice() {
    Check.Findings findings =
        watched(s -> new Message.Signals(s.journal(), s.next() - 1, s.ready(), s.changes()));

    assertTrue(findings.failed() > 0);
    assertTrue(findings.sentences().stream().anyMatch(each -> each.contains("twice")));
  }

  @Test
  void watchedFailsWhenNobodyWatches() {
    assertFails("watched", run("nodes 1", "store 1", "check watched"));
  }

  private static Message doubled(Message message) {
    if (!(message instanceof Message.InboxIs page) || page.messages().isEmpty()) {
      return message;
    }
    List<Message.Received> twice = new ArrayList<>(page.messages());
    twice.add(page.messages().get(0));
    return new Message.InboxIs(page.session(), page.next(), twice);
  }

  private static Message emptied(Message message) {
    return message instanceof Message.InboxIs page
        ? new Message.InboxIs(page.session(), page.next(), List.of())
        : message;
  }

  @Test
  void heardFailsWhenABroadcastCameTwiceOrNotAtAll() {
    assertEquals(0, heard("heard", message -> message).failed());
    assertTrue(heard("heard", CheckTest::doubled).failed() > 0);
    assertTrue(heard("heard-once", CheckTest::doubled).failed() > 0);
    assertTrue(heard("heard", CheckTest::emptied).failed() > 0);
    assertEquals(0, heard("heard-once", CheckTest::emptied).failed());
    assertFails("heard-once", run("nodes 1", "check heard-once"));
  }

  private static Check.Findings heard(String check, UnaryOperator<Message> change) {
    World world = told(change);
    world.broadcasts().send(5);
    world.pass(SECOND);
    Check.Findings findings = new Check.Findings();
    Check.named(check).look(world, findings);
    return findings;
  }

  @Test
  void ringFailsWhenTheOrderIsWrong() {
    Check.Findings findings =
        find(
            "ring",
            message ->
                message instanceof Message.PeersAre are && are.peers().size() > 1
                    ? new Message.PeersAre(
                        are.direction(),
                        List.of(are.peers().get(1), are.peers().get(0)),
                        are.route())
                    : message);

    assertTrue(findings.failed() > 0);
  }

  @Test
  void readableFailsWhenAnItemIsSaidNotToBeThere() {
    Check.Findings findings =
        find(
            "readable",
            message ->
                message instanceof Message.ItemIs
                    ? Message.Failure.of(message, ErrorCode.NOT_FOUND, "gone")
                    : message);

    assertTrue(findings.failed() > 0);
  }

  @Test
  void copiesFailsWhenAReceiptNamesTooManyHolders() {
    Check.Findings findings =
        find(
            "copies",
            message ->
                message instanceof Message.Stored stored
                    ? new Message.Stored(
                        stored.receipts().stream()
                            .map(
                                receipt ->
                                    new Receipt(
                                        receipt.id(),
                                        receipt.outcome(),
                                        receipt.copies() + 1,
                                        receipt.wanted() + 1,
                                        receipt.holders(),
                                        receipt.why()))
                            .toList())
                    : message);

    assertTrue(findings.failed() > 0);
  }
}
