package org.ringslice.sync;

import org.ringslice.messages.Bytes;

/**
 * The side of a round that decodes the other's sketches together with its own, gives what it has
 * alone and says what it wants. Confined to the session's thread.
 */
final class Finder {
  private final RoundContext round;
  private final OpenGroups open;

  /** How many entries more it has than the other side, in the groups that did not decode. */
  private int surplus;

  /**
   * @param theirs how many hashes the other side sketches
   */
  Finder(RoundContext round, Plan plan, long[] hashes, int theirs) {
    this.round = round;
    this.surplus = hashes.length - theirs;
    this.open = new OpenGroups(plan, hashes, round.salt().groups(plan));
  }

  /** Decodes what it can, and returns what it wants, as the giver understands it. */
  Bytes find(Bytes sketch) {
    Bytes wants = open.find(sketch);
    surplus -= open.found().length;
    return wants;
  }

  /** Whether the last sketch left groups open. */
  boolean failed() {
    return open.failed() > 0;
  }

  /**
   * Whether the smaller side has entries of its own in some groups of an erasure sketch, which no
   * further row makes up for.
   */
  boolean isStuck() {
    return open.plan().kind() == Plan.Kind.ERASURE
        && open.failed() > 0
        && (open.complete() || !open.wantsMoreRows());
  }

  /** The hashes of the groups that did not decode. */
  long[] undecoded() {
    return open.undecoded();
  }

  /** How to sketch what an erasure sketch left open; null when it is too much for a message. */
  Plan planOfTheRest(Plan.Thrift thrift) {
    // as many of the smaller side's own, dealt at random, leave that share of the groups open
    double share = (double) open.failed() / open.plan().groups();
    double theirs = Math.min(-open.plan().groups() * Math.log1p(-share), surplus / 2.0);
    return Plan.pin(
        open.undecoded().length, Math.max(0, surplus) + 2 * Math.max(0, theirs), thrift);
  }

  /** Gives what was found, and asks for sketches of the rest by another plan. */
  void sendTurn(Plan plan, Bytes wants) {
    round
        .reader()
        .withEntriesOf(
            open.found(),
            found -> {
              round.give(found);
              round.dialogue().send(new SyncMessage.Turn(plan, wants));
            });
  }

  /** Gives what was found, and sends what is wanted; at the end with the sum of what it has. */
  void sendWants(Bytes wants) {
    // what a third sketch would tell goes into the next round's first, which is needed anyway
    boolean complete = open.complete() || (open.hasGrown() && open.isSureToFail());
    round
        .reader()
        .withEntriesOf(
            open.found(),
            found -> {
              round.give(found);
              if (complete && !open.isSureToFail()) {
                sendLastWants(wants);
              } else {
                round.dialogue().send(new SyncMessage.Wants(complete, 0, wants));
              }
            });
  }

  private void sendLastWants(Bytes wants) {
    round
        .reader()
        .withAll(
            entries -> {
              long sum = round.proof().sums(entries).atTheEnd();
              round.dialogue().send(new SyncMessage.Wants(true, sum, wants));
            });
  }
}
