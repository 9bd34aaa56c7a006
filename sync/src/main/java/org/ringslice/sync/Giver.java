package org.ringslice.sync;

import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * The side of a round that sends sketches, is told which of its entries the other side wants, and
 * proves that the other side then has what this one has. Confined to the session's thread.
 */
final class Giver {
  private final RoundContext round;
  private final OpenGroups open;
  private final Runnable failed;

  /**
   * @param failed to be called when the proof fails
   */
  Giver(RoundContext round, Plan plan, long[] hashes, Runnable failed) {
    this.round = round;
    this.open = new OpenGroups(plan, hashes, round.salt().groups(plan));
    this.failed = failed;
  }

  Bytes sketch() {
    return open.sketch();
  }

  /** How many differences are expected to be left at the end. */
  double expectedRest() {
    return open.expectedRest();
  }

  /** The hashes of the groups that the finder could not decode, by what it says. */
  long[] undecoded(Bytes groups) {
    open.give(groups);
    return open.undecoded();
  }

  void onWants(SyncMessage.Wants m) {
    open.give(m.groups());
    round
        .reader()
        .withEntriesOf(
            open.found(),
            wanted -> {
              round.give(wanted);
              if (m.complete() && open.isSureToFail()) {
                failed.run();
              } else if (m.complete()) {
                prove(wanted, m.digest());
              } else {
                round.proof().stored(wanted);
                round.dialogue().send(new SyncMessage.More(open.sketch()));
              }
            });
  }

  /**
   * @param theirs the sum of what the other side has without what it wants and withholds
   */
  private void prove(List<EntryInfo> wanted, long theirs) {
    long given = round.gives() ? round.proof().of(wanted) : 0;
    round
        .reader()
        .withAll(
            entries -> {
              Proof.Sums sums = round.proof().sums(entries);
              if (sums.common() != theirs + given) {
                failed.run();
                return;
              }
              round.dialogue().send(new SyncMessage.Proved(sums.atTheEnd()));
              if (!round.starter()) {
                round.dialogue().done(true);
              }
            });
  }
}
