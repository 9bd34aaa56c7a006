package org.ringslice.sync;

import java.util.List;
import java.util.function.LongSupplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * One side of the comparison of an arc between two nodes: what comes in, messages and ids from the
 * store, is answered by {@link Step}s; nothing blocks, and nothing is sent that was not asked for.
 * The side that starts asks, the other answers, strictly in turn, so that each message may travel
 * as a request or as the answer to one.
 *
 * <p>A {@link Round} begins with a fresh salt, finds the differences, and ends in a proof. When it
 * fails (short ids collided, entries came or went), another round follows; and when that fails too
 * (somebody crafted ids), a careful one, which believes no fingerprint and hashes full ids. So a
 * wrong "equal" takes a collision of 64 bits under a salt that nobody knew, where a proof was asked
 * for or anything differed.
 *
 * <p>A request that comes again is answered by the same answer again; what is late or of another
 * round is {@link Step.Stale}. After a while without an answer the host {@linkplain #start starts}
 * anew. A host uses one session where it starts and others where it answers. Confined to one
 * thread.
 */
public final class Session {
  /** Rounds of one start; two suffice against chance, the others are for entries on the move. */
  static final int ROUNDS_MAX = 8;

  /**
   * Entries of an arc; at 16 bytes each while it is compared, 130 MB. An arc of more is split
   * before anything is read.
   */
  static final int ENTRIES_MAX = 8_000_000;

  /**
   * By how many entries the sides may differ before the arc is split: so few that they can be read
   * and pushed between a request and its answer. A guess.
   */
  public static final int PIECE_ENTRIES = 65_536;

  /** Two leaves, for arcs are split between leaves. */
  static final int PIECE_ENTRIES_MIN = 2 * Index.LEAF_ENTRIES;

  /** Bytes of a message that is looked at. */
  static final int BODY_BYTES_MAX = 1 << 20;

  private static final String NEVER_EQUAL =
      "after "
          + ROUNDS_MAX
          + " rounds the two sides still differ: start again when fewer entries come and go";

  private final Side side;
  private final LongSupplier salts;
  private final Dialogue dialogue = new Dialogue();
  private Round round;
  private int rounds;
  private boolean starter;
  private Bytes heard = Bytes.EMPTY;

  /** A session that gives both ways. */
  public Session(Index index, Arc arc, LongSupplier salts) {
    this(index, arc, salts, Giving.BOTH, PIECE_ENTRIES);
  }

  /**
   * @param index whose key is the same on both sides
   * @param salts fresh random numbers that nobody can foretell
   * @param giving of this side; the other one's is the opposite
   * @param pieceEntries by how many entries the sides may differ before the arc is split, at least
   *     {@value #PIECE_ENTRIES_MIN}
   */
  public Session(Index index, Arc arc, LongSupplier salts, Giving giving, int pieceEntries) {
    if (pieceEntries < PIECE_ENTRIES_MIN) {
      throw new IllegalArgumentException("pieces of " + pieceEntries + " entries are too small");
    }
    this.side = new Side(index, arc, giving, pieceEntries);
    this.salts = salts;
    this.round = new Round(side, dialogue, Salt.NONE, false, false, false, this::roundFailed);
  }

  /**
   * Begins to compare, from either side; anything under way is forgotten.
   *
   * @param prove whether equal fingerprints are to be proved as well
   */
  public List<Step> start(boolean prove) {
    rounds = 0;
    starter = true;
    dialogue.hear();
    return dialogue.run(() -> compare(prove));
  }

  /** Takes a message of the other side. */
  public List<Step> receive(Bytes body) {
    if (!starter && body.equals(heard)) {
      return dialogue.outcome();
    }
    return dialogue.run(() -> accept(body));
  }

  /** Takes the entries of the arcs that were needed last. */
  public List<Step> supply(Iterable<EntryInfo> entries) {
    return dialogue.run(() -> dialogue.supply(entries));
  }

  /**
   * The other side pushed this entry, and ours supersedes it: to be told before the message that
   * came after it. Where one side gives, a proof needs it; else it saves a round.
   */
  public void superseded(EntryInfo pushed) {
    round.supersede(pushed);
  }

  private void accept(Bytes body) {
    if (body.size() > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("a message of " + body.size() + " bytes");
    }
    SyncCodec.Framed framed = SyncCodec.decode(body.unsafeArray());
    SyncMessage message = framed.message();
    if (message instanceof SyncMessage.Compare m && !round.isOf(m.salt())) {
      heed(body);
      rounds = 1;
      starter = false;
      begin(new Salt(m.salt()), m.careful());
      dialogue.takes(framed);
      round.onCompare(m);
    } else if (message instanceof SyncMessage.Again m && round.salt().isFollowedBy(m.salt())) {
      heed(body);
      if (nextRound()) {
        begin(round.salt().nextSent(m.salt()), m.careful());
        dialogue.takes(framed);
        round.onAgain(m);
      }
    } else if (dialogue.takes(framed)) {
      heed(body);
      round.on(message);
    } else {
      dialogue.add(new Step.Stale());
    }
  }

  private void heed(Bytes body) {
    heard = body;
    dialogue.hear();
  }

  // ---- rounds

  private void begin(Salt salt, boolean careful) {
    dialogue.beginRound(salt);
    round = new Round(side, dialogue, salt, careful, rounds > 1, starter, this::roundFailed);
  }

  private void compare(boolean careful) {
    if (nextRound()) {
      begin(new Salt(salts.getAsLong()), careful);
      round.compare();
    }
  }

  /** The proof failed; the other side may have taken it for the end when it is to be told anew. */
  private void roundFailed(boolean anew) {
    if (anew && starter) {
      compare(true);
    } else if (nextRound()) {
      // mostly two short ids were the same by chance, and a fresh salt is enough
      double rest = round.expectedRest();
      Salt fresh = round.salt().next(salts.getAsLong());
      begin(fresh, round.isCareful() || rounds > 2);
      round.again(rest);
    }
  }

  private boolean nextRound() {
    if (++rounds > ROUNDS_MAX) {
      dialogue.giveUp(NEVER_EQUAL, true);
      return false;
    }
    return true;
  }
}
