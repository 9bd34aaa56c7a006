package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Message;

/**
 * People who read what was acknowledged, at nodes and through clients, while all kinds of things go
 * on. They may be refused; they are never given other bytes, and never told that nobody has what
 * the nodes owe.
 */
final class Readers {
  private final World world;
  private final SplittableRandom random;
  private final List<String> mistakes = new ArrayList<>();
  private int waiting;
  private int given;
  private int refused;

  Readers(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /** Orders so many reads, at moments drawn from the time that comes. */
  void read(int count, long overNanos) {
    for (int i = 0; i < count; i++) {
      waiting++;
      world.agenda().after(random.nextLong(overNanos + 1), this::readOne);
    }
  }

  private void readOne() {
    List<Ledger.Promise> promises = world.ledger().promises();
    Optional<Host> counter = world.anyCounter();
    if (promises.isEmpty() || counter.isEmpty()) {
      waiting--;
      return;
    }
    Ledger.Promise promise = promises.get(random.nextInt(promises.size()));
    Host host = counter.get();
    boolean owed = world.custody().isOwed(promise);
    int life = host.life();
    host.ask(
        new Message.GetItem(promise.entry().id(), 0),
        reply -> replied(promise, owed, host, life, reply));
  }

  private void replied(Ledger.Promise promise, boolean owed, Host host, int life, Message reply) {
    waiting--;
    Entry entry = promise.entry();
    if (reply instanceof Message.ItemIs is) {
      given++;
      if (!is.item().equals(entry)) {
        mistakes.add(host + " gave other bytes than those of item " + entry.id());
      }
      return;
    }
    refused++;
    Message.Failure failure = (Message.Failure) reply;
    boolean owedAllTheTime = owed && world.custody().isOwed(promise);
    if (failure.code() == ErrorCode.NOT_FOUND && owedAllTheTime) {
      mistakes.add(host + " said that nobody has item " + entry.id() + ", which is owed");
    }
    world.complained(host, life);
  }

  /** Nobody was given anything wrong. */
  void look(Check.Findings findings) {
    world.passUntil(() -> waiting == 0, World.ANSWER_NANOS_MAX);
    findings.expect(waiting == 0, () -> waiting + " reads were never answered");
    findings.expect(given > 0, () -> "nobody was given anything; " + refused + " were refused");
    findings.expect(
        mistakes.isEmpty(),
        () -> mistakes.get(0) + ", one of " + mistakes.size() + " such in " + given + " reads");
  }
}
