package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;

/**
 * One side of one round. It begins with count and fingerprint, in a careful round with count and
 * proof. Where these differ, a {@link Search} finds the differences, which are given or wanted at
 * once, and the round ends in a proof. What is too much for one session ends in a cut of the arc.
 * Confined to the session's thread.
 */
final class Round {
  private static final String ONE_SPOT =
      "the two sides differ by more than one message can tell, at one spot that cannot be cut:"
          + " copy the entries of the arc by hand";

  private final RoundContext context;
  private final Dialogue dialogue;
  private final Reader reader;
  private final Side side;
  private final boolean careful;
  private final Search search;
  private final Consumer<Boolean> failed;

  private boolean gaveAll;

  /**
   * @param careful whether full ids are read, and no fingerprint is believed
   * @param repeated whether a round failed before; then short ids are longer
   * @param failed to be called when the proof fails, and whether the other side has said that it
   *     has ended
   */
  Round(
      Side side,
      Dialogue dialogue,
      Salt salt,
      boolean careful,
      boolean repeated,
      boolean starter,
      Consumer<Boolean> failed) {
    this.side = side;
    this.dialogue = dialogue;
    this.careful = careful;
    this.failed = failed;
    Proof proof = new Proof(salt, side.giving().byUs());
    reader = new Reader(side, dialogue, proof, careful ? salt.hash() : null);
    context = new RoundContext(side, dialogue, salt, proof, reader, starter);
    Plan.Thrift thrift = Plan.Thrift.of(side.giving(), repeated);
    search = new Search(context, thrift, this::tooMuch, () -> failed.accept(false));
  }

  Salt salt() {
    return context.salt();
  }

  /** Whether a round was begun under this salt. */
  boolean isOf(long salt) {
    return context.salt().sent() == salt;
  }

  boolean isCareful() {
    return careful;
  }

  double expectedRest() {
    return search.expectedRest();
  }

  void supersede(EntryInfo pushed) {
    context.proof().supersede(pushed);
  }

  /** A message that is the next one of this round. */
  void on(SyncMessage message) {
    if (message instanceof SyncMessage.Equal && context.starter()) {
      dialogue.done(careful || gaveAll || search.isGiver());
    } else if (message instanceof SyncMessage.Estimate m) {
      search.onEstimate(m);
    } else if (message instanceof SyncMessage.Turn m) {
      search.onTurn(m);
    } else if (message instanceof SyncMessage.Sketches m) {
      search.onSketches(m);
    } else if (message instanceof SyncMessage.Wants m) {
      search.onWants(m);
    } else if (message instanceof SyncMessage.More m) {
      search.onMore(m);
    } else if (message instanceof SyncMessage.Nothing) {
      giveAll();
    } else if (message instanceof SyncMessage.Proved m) {
      onProved(m.digest());
    } else if (message instanceof SyncMessage.Halve) {
      cutArc();
    } else if (message instanceof SyncMessage.Halves m && context.starter()) {
      dialogue.end(new Step.Split(ArcCut.arcs(side.arc(), m.points())));
    } else {
      throw new IllegalArgumentException("an answer to what was not asked");
    }
  }

  // ---- first words

  void compare() {
    if (countAtMost() > Session.ENTRIES_MAX) {
      cutArc();
    } else {
      long salt = context.salt().value();
      reader.withSummary(own -> dialogue.send(new SyncMessage.Compare(salt, careful, own)));
    }
  }

  void onCompare(SyncMessage.Compare m) {
    if (countAtMost() > Session.ENTRIES_MAX) {
      split(m.summary().count());
    } else {
      reader.withSummary(own -> answer(own, m.summary()));
    }
  }

  private void answer(Summary own, Summary theirs) {
    if (own.equals(theirs)) {
      dialogue.send(new SyncMessage.Equal());
      dialogue.done(careful);
    } else if (Math.abs(own.count() - theirs.count()) > side.pieceEntries()) {
      split(theirs.count());
    } else if (theirs.count() == 0) {
      giveAll();
    } else if (own.count() == 0) {
      dialogue.send(new SyncMessage.Nothing());
    } else {
      search.begin(theirs.count());
    }
  }

  /**
   * A round after another, with its first sketch at once.
   *
   * @param rest how many differences the one before has left, as is to be expected
   */
  void again(double rest) {
    search.again(rest, careful);
  }

  void onAgain(SyncMessage.Again m) {
    search.onAgain(m);
  }

  // ---- last words

  /** The other side has nothing. */
  private void giveAll() {
    reader.withAll(
        entries -> {
          List<EntryInfo> all = new ArrayList<>();
          entries.forEach(all::add);
          context.give(all);
          gaveAll = context.gives();
          if (gaveAll || !context.starter()) {
            dialogue.send(new SyncMessage.Proved(context.proof().sums(all).atTheEnd()));
          }
          if (!gaveAll || !context.starter()) {
            // what was given the other side checks; that it had nothing is only what it said
            dialogue.done(!gaveAll);
          }
        });
  }

  private void onProved(long theirs) {
    reader.withAll(
        entries -> {
          if (context.proof().sums(entries).atTheEnd() != theirs) {
            failed.accept(true);
            return;
          }
          if (!context.starter()) {
            dialogue.send(new SyncMessage.Equal());
          }
          dialogue.done(true);
        });
  }

  // ---- too much for one session

  private int countAtMost() {
    return side.index().countAtMost(side.arc());
  }

  private void tooMuch() {
    split(search.others());
  }

  /** The larger side knows where leaves end, between which the arc can be cut. */
  private void split(int theirs) {
    if (countAtMost() >= theirs) {
      cutArc();
    } else {
      dialogue.send(new SyncMessage.Halve());
    }
  }

  private void cutArc() {
    List<Arc> pieces = ArcCut.pieces(side);
    if (pieces.size() < 2) {
      dialogue.giveUp(ONE_SPOT);
    } else if (context.starter()) {
      dialogue.end(new Step.Split(pieces));
    } else {
      dialogue.send(new SyncMessage.Halves(ArcCut.pointsBetween(pieces)));
    }
  }
}
