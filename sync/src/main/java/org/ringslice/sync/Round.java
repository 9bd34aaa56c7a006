package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * One side of one round. It begins with count and fingerprint, in a careful round with count and
 * proof. Few differences are found by the first sketch; else their number is estimated and a {@link
 * Plan} made of it, by which one side is the {@link Giver} and the other the {@link Finder}. What
 * decodes is given or wanted at once, groups that do not get more rows, and the round ends in a
 * proof. What is too much for one session ends in a cut of the arc. Confined to the session's
 * thread.
 */
final class Round {
  private static final String ONE_SPOT =
      "the two sides differ by more than one message can tell, at one spot that cannot be cut:"
          + " copy the entries of the arc by hand";

  private final RoundContext context;
  private final Dialogue dialogue;
  private final Reader reader;
  private final Index index;
  private final Arc arc;
  private final boolean careful;
  private final boolean repeated;
  private final Consumer<Boolean> failed;

  private int others;
  private boolean proving;
  private Giver giver;
  private Finder finder;

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
    this.dialogue = dialogue;
    this.index = side.index();
    this.arc = side.arc();
    this.careful = careful;
    this.repeated = repeated;
    this.failed = failed;
    Proof proof = new Proof(salt, side.giving().byUs());
    reader = new Reader(side, dialogue, proof, careful ? salt.hash() : null);
    context = new RoundContext(side, dialogue, salt, proof, reader, starter);
  }

  boolean isOf(long salt) {
    return context.salt().value() == salt;
  }

  boolean isCareful() {
    return careful;
  }

  void supersede(EntryInfo pushed) {
    context.proof().supersede(pushed);
  }

  /** A message that is the next one of this round. */
  void on(SyncMessage message) {
    if (message instanceof SyncMessage.Equal && context.starter()) {
      dialogue.done(careful || proving || (giver != null && giver.isProving()));
    } else if (message instanceof SyncMessage.Estimate m) {
      onEstimate(m);
    } else if (message instanceof SyncMessage.Turn m) {
      onTurn(m);
    } else if (message instanceof SyncMessage.Sketches m) {
      others = m.plan().isQuick() ? others : m.count();
      onSketches(m.plan(), m.sketch());
    } else if (message instanceof SyncMessage.Nothing) {
      giveAll();
    } else if (message instanceof SyncMessage.Wants m && giver != null) {
      giver.onWants(m);
    } else if (message instanceof SyncMessage.More m && finder != null) {
      onFound(finder.find(m.sketch()));
    } else if (message instanceof SyncMessage.Proved m) {
      onProved(m.digest());
    } else if (message instanceof SyncMessage.Halve) {
      cutArc();
    } else if (message instanceof SyncMessage.Halves m && context.starter()) {
      dialogue.end(new Step.Split(ArcCut.arcs(arc, m.points())));
    } else {
      throw new IllegalArgumentException("an answer to what was not asked");
    }
  }

  // ---- first words

  void compare() {
    if (index.countAtMost(arc) > Session.ENTRIES_MAX) {
      cutArc();
    } else {
      reader.withSummary(
          summary ->
              dialogue.send(new SyncMessage.Compare(context.salt().value(), careful, summary)));
    }
  }

  void onCompare(SyncMessage.Compare m) {
    others = m.summary().count();
    if (index.countAtMost(arc) > Session.ENTRIES_MAX) {
      split();
    } else {
      reader.withSummary(own -> answer(own, m.summary()));
    }
  }

  private void answer(Summary own, Summary theirs) {
    int difference = Math.abs(own.count() - others);
    if (own.equals(theirs)) {
      dialogue.send(new SyncMessage.Equal());
      dialogue.done(careful);
    } else if (difference > context.side().pieceEntries()) {
      split();
    } else if (others == 0) {
      giveAll();
    } else if (own.count() == 0) {
      dialogue.send(new SyncMessage.Nothing());
    } else if (difference > Plan.QUICK_ROWS) {
      reader.withHashes(this::sendEstimate);
    } else {
      reader.withHashes(
          hashes -> sendSketches(Plan.quick(Math.max(hashes.length, others)), hashes));
    }
  }

  /** A round after another, with its first sketch at once. */
  void again() {
    reader.withHashes(
        hashes -> {
          Plan plan = Plan.quick(hashes.length);
          giver = new Giver(context, plan, hashes, () -> failed.accept(false));
          dialogue.send(
              new SyncMessage.Again(context.salt().value(), careful, plan, giver.sketch()));
        });
  }

  void onAgain(SyncMessage.Again m) {
    onSketches(m.plan(), m.sketch());
  }

  private void sendEstimate(long[] hashes) {
    List<Integer> sums = TugOfWar.sums(hashes, context.salt().signs());
    dialogue.send(new SyncMessage.Estimate(hashes.length, sums));
  }

  private void onEstimate(SyncMessage.Estimate m) {
    others = m.count();
    reader.withHashes(
        hashes -> {
          List<Integer> sums = TugOfWar.sums(hashes, context.salt().signs());
          Plan plan =
              Plan.of(
                  hashes.length, others, TugOfWar.estimate(sums, m.sums()), careful || repeated);
          if (plan == null) {
            split();
          } else if (plan.kind() == Plan.Kind.ERASURE && hashes.length > others) {
            dialogue.send(new SyncMessage.Turn(plan, Bytes.EMPTY));
          } else {
            sendSketches(plan, hashes);
          }
        });
  }

  private void sendSketches(Plan plan, long[] hashes) {
    giver = new Giver(context, plan, hashes, () -> failed.accept(false));
    finder = null;
    dialogue.send(new SyncMessage.Sketches(plan, hashes.length, giver.sketch()));
  }

  private void onTurn(SyncMessage.Turn m) {
    if (giver == null) {
      reader.withHashes(hashes -> sendSketches(m.plan(), hashes));
    } else {
      sendSketches(m.plan(), giver.undecoded(m.groups()));
    }
  }

  private void onSketches(Plan plan, Bytes sketch) {
    giver = null;
    if (finder == null) {
      reader.withHashes(hashes -> find(plan, hashes, sketch));
    } else {
      find(plan, finder.undecoded(), sketch);
    }
  }

  private void find(Plan plan, long[] hashes, Bytes sketch) {
    finder = new Finder(context, plan, hashes, others);
    Bytes wants = finder.find(sketch);
    if (plan.isQuick() && finder.failed()) {
      finder = null;
      sendEstimate(hashes);
    } else {
      onFound(wants);
    }
  }

  private void onFound(Bytes wants) {
    Plan rest = finder.isStuck() ? finder.planOfTheRest(careful || repeated) : null;
    if (rest != null) {
      finder.sendTurn(rest, wants);
    } else if (finder.isStuck()) {
      split();
    } else {
      finder.sendWants(wants);
    }
  }

  // ---- last words

  /** The other side has nothing. */
  private void giveAll() {
    reader.withAll(
        entries -> {
          List<EntryInfo> all = new ArrayList<>();
          entries.forEach(all::add);
          context.give(all);
          boolean nothingToProve = !context.gives();
          if (!nothingToProve || !context.starter()) {
            proving = true;
            dialogue.send(new SyncMessage.Proved(context.proof().sums(all).atTheEnd()));
          }
          if (nothingToProve || !context.starter()) {
            // what was given the other side checks; that it had nothing is only what it said
            dialogue.done(nothingToProve);
          }
        });
  }

  private void onProved(long theirs) {
    reader.withAll(
        entries -> {
          if (context.proof().sums(entries).atTheEnd() != theirs) {
            failed.accept(true);
          } else {
            if (!context.starter()) {
              dialogue.send(new SyncMessage.Equal());
            }
            dialogue.done(true);
          }
        });
  }

  // ---- too much for one session

  /** The larger side knows where leaves end, between which the arc can be cut. */
  private void split() {
    if (index.countAtMost(arc) >= others) {
      cutArc();
    } else {
      dialogue.send(new SyncMessage.Halve());
    }
  }

  private void cutArc() {
    List<Arc> pieces = ArcCut.pieces(context.side());
    if (pieces.size() < 2) {
      dialogue.giveUp(ONE_SPOT);
    } else if (context.starter()) {
      dialogue.end(new Step.Split(pieces));
    } else {
      dialogue.send(new SyncMessage.Halves(ArcCut.pointsBetween(pieces)));
    }
  }
}
