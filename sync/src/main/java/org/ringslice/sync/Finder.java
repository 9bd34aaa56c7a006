package org.ringslice.sync;

import org.ringslice.messages.Bytes;

/**
 * The side of a round that decodes the other's sketches together with its own, gives what it has
 * alone and says what it wants. Confined to the session's thread.
 */
final class Finder {
  private final RoundContext round;
  private final OpenGroups open;

  Finder(RoundContext round, Plan plan, long[] hashes) {
    this.round = round;
    this.open = new OpenGroups(plan, hashes, round.salt().groups(plan));
  }

  /** Decodes what it can, and returns what it wants, as the giver understands it. */
  Bytes find(Bytes sketch) {
    return open.find(sketch);
  }

  /** Whether the last sketch left groups open. */
  boolean failed() {
    return open.failed() > 0;
  }

  /** Whether so many groups of an erasure sketch did not decode that others won't either. */
  boolean isHopeless() {
    Plan plan = open.plan();
    return plan.kind() == Plan.Kind.ERASURE && open.failed() > plan.groups() / 4;
  }

  /** Gives what was found, and sends what is wanted; at the end with the sum of what it has. */
  void sendWants(Bytes wants) {
    boolean complete = open.complete();
    round
        .reader()
        .withEntriesOf(
            open.found(),
            found -> {
              round.give(found);
              if (complete) {
                sendLastWants(wants);
              } else {
                round.dialogue().send(new SyncMessage.Wants(false, 0, wants));
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
