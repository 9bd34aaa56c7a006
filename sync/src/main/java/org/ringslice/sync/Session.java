package org.ringslice.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * One side of the comparison of an arc between two nodes: what comes in, messages and ids from the
 * store, is answered by {@link Step}s; nothing blocks, and nothing is sent that was not asked for.
 *
 * <p>A round begins with a fresh salt, count and fingerprint. Few differences are found by the
 * first sketch; else their number is estimated and a {@link Plan} made of it. What decodes is
 * pushed or wanted at once, groups that do not get more rows, and the round ends in a proof: the
 * sums of freshly salted digests of full ids, one side's and of what it is being sent, must be the
 * other's. When they are not (short ids collided, entries came or went, somebody crafted ids),
 * another round follows which believes no fingerprint and hashes full ids. So a wrong "equal" takes
 * a collision of 64 bits under a salt that nobody knew, where a proof was asked for or anything
 * differed.
 *
 * <p>Messages that are lost, repeated or out of order are ignored; after a while without an answer
 * the host {@linkplain #start starts} anew. Confined to one thread.
 */
public final class Session {
  /** Rounds of one start; two suffice against chance, the others are for entries on the move. */
  static final int ROUNDS_MAX = 8;

  /** Entries of an arc; at 16 bytes each while it is compared, 130 MB. */
  static final int ENTRIES_MAX = 8_000_000;

  /** Bytes of a message that is looked at. */
  static final int BODY_BYTES_MAX = 1 << 20;

  private static final String TOO_DIFFERENT =
      "the two sides differ by more than one message can tell: compare the halves of the arc";
  private static final String TOO_LARGE =
      "the arc has more than " + ENTRIES_MAX + " entries: compare the halves of the arc";
  private static final String NEVER_EQUAL =
      "after "
          + ROUNDS_MAX
          + " rounds the two sides still differ: start again when fewer entries come and go";

  private final Index index;
  private final Arc arc;
  private final LongSupplier salts;

  private List<Step> steps = new ArrayList<>();
  private Consumer<Iterable<EntryInfo>> waiting;
  private int rounds;
  private Salt salt = Salt.NONE;
  private int number;
  private boolean careful;
  private int others;
  private long[] hashes;
  private OpenGroups open;
  private boolean finder;

  /**
   * @param index whose key is the same on both sides
   * @param salts fresh random numbers that nobody can foretell
   */
  public Session(Index index, Arc arc, LongSupplier salts) {
    this.index = index;
    this.arc = arc;
    this.salts = salts;
  }

  /**
   * Begins to compare, from either side; anything under way is forgotten.
   *
   * @param prove whether equal fingerprints are to be proved as well
   */
  public List<Step> start(boolean prove) {
    rounds = 0;
    waiting = null;
    return run(() -> compare(prove));
  }

  /** Takes a message of the other side. */
  public List<Step> receive(Bytes body) {
    return run(
        () -> {
          if (body.size() <= BODY_BYTES_MAX) {
            accept(SyncCodec.decode(body.unsafeArray()));
          }
        });
  }

  /** Takes the entries of the arcs that were needed. */
  public List<Step> supply(Iterable<EntryInfo> entries) {
    return run(
        () -> {
          Consumer<Iterable<EntryInfo>> next = waiting;
          waiting = null;
          if (next != null) {
            next.accept(entries);
          }
        });
  }

  private List<Step> run(Runnable action) {
    steps = new ArrayList<>();
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      giveUp("the other side sent what makes no sense (" + e.getMessage() + "): start again");
    }
    return steps;
  }

  private void accept(SyncCodec.Framed framed) {
    SyncMessage message = framed.message();
    if (message instanceof SyncMessage.Compare m && m.salt() != salt.value()) {
      rounds = 1;
      adopt(m.salt(), m.careful());
      cutEnds(() -> onCompare(m));
    } else if (message instanceof SyncMessage.Again m && m.salt() != salt.value()) {
      if (nextRound()) {
        adopt(m.salt(), true);
        withHashes(() -> onSketches(m.plan(), m.sketch()));
      }
    } else if (waiting == null
        && framed.tag() == SyncCodec.tag(salt.value())
        && framed.number() == ((number + 1) & 15)) {
      number++;
      answer(message);
    }
  }

  private void answer(SyncMessage message) {
    if (message instanceof SyncMessage.Equal) {
      steps.add(new Step.Done(false));
    } else if (message instanceof SyncMessage.Estimate m) {
      others = m.count();
      withHashes(() -> onEstimate(m));
    } else if (message instanceof SyncMessage.Turn m) {
      sendSketches(m.plan());
    } else if (message instanceof SyncMessage.Sketches m) {
      others = m.plan().isQuick() ? others : m.count();
      withHashes(() -> onSketches(m.plan(), m.sketch()));
    } else if (message instanceof SyncMessage.WantAll) {
      giveAll();
    } else if (message instanceof SyncMessage.Wants m && open != null && !finder) {
      onWants(m);
    } else if (message instanceof SyncMessage.More m && open != null && finder) {
      sendWants(open.find(m.sketch()));
    } else if (message instanceof SyncMessage.Proved m) {
      onProved(m.digest());
    }
  }

  // ---- rounds

  private void compare(boolean proof) {
    if (nextRound()) {
      adopt(salts.getAsLong(), proof);
      cutEnds(
          () -> {
            Summary summary = index.summary(arc);
            if (summary.count() > ENTRIES_MAX) {
              giveUp(TOO_LARGE);
            } else {
              number = -1;
              send(new SyncMessage.Compare(salt.value(), careful, summary));
            }
          });
    }
  }

  private boolean nextRound() {
    if (++rounds > ROUNDS_MAX) {
      giveUp(NEVER_EQUAL);
      return false;
    }
    return true;
  }

  private void adopt(long freshSalt, boolean withCare) {
    salt = new Salt(freshSalt);
    careful = withCare;
    number = 0;
    waiting = null;
    hashes = null;
    open = null;
  }

  private void giveUp(String sentence) {
    waiting = null;
    hashes = null;
    open = null;
    steps.add(new Step.GaveUp(sentence));
  }

  private void send(SyncMessage message) {
    number++;
    steps.add(new Step.Send(Bytes.wrap(SyncCodec.encode(number & 15, salt.value(), message))));
  }

  // ---- what the store is asked for

  private void need(List<Arc> arcs, Consumer<Iterable<EntryInfo>> then) {
    if (arcs.isEmpty()) {
      then.accept(List.of());
    } else {
      waiting = then;
      steps.add(new Step.NeedIds(arcs));
    }
  }

  private void cutEnds(Runnable then) {
    List<Arc> uncut = index.uncut(arc);
    if (uncut.isEmpty()) {
      then.run();
      return;
    }
    need(
        uncut,
        entries -> {
          List<EntryInfo> all = new ArrayList<>();
          entries.forEach(all::add);
          if (index.cut(arc, all)) {
            then.run();
          } else if (nextRound()) {
            cutEnds(then);
          }
        });
  }

  /** The hashes that are sketched: the index's own, or in a careful round those of full ids. */
  private void withHashes(Runnable then) {
    if (hashes != null) {
      then.run();
    } else if (careful) {
      need(
          List.of(arc),
          entries -> {
            EntryDigest digest = salt.hash();
            long[] all = new long[index.size()];
            int count = 0;
            for (EntryInfo entry : entries) {
              all = count == all.length ? Arrays.copyOf(all, count + 1024) : all;
              all[count++] = digest.of(entry);
            }
            hashes = Arrays.copyOf(all, count);
            then.run();
          });
    } else {
      cutEnds(
          () -> {
            hashes = index.digests(arc);
            then.run();
          });
    }
  }

  // ---- first words

  private void onCompare(SyncMessage.Compare m) {
    others = m.summary().count();
    Summary own = index.summary(arc);
    if (own.equals(m.summary()) && (!careful || own.count() == 0)) {
      send(new SyncMessage.Equal());
      steps.add(new Step.Done(false));
    } else if (own.count() > ENTRIES_MAX) {
      giveUp(TOO_LARGE);
    } else if (others == 0) {
      giveAll();
    } else if (own.count() == 0) {
      send(new SyncMessage.WantAll());
    } else if (Math.abs(own.count() - others) > Plan.QUICK_ROWS) {
      withHashes(this::sendEstimate);
    } else {
      withHashes(() -> sendSketches(Plan.quick(Math.max(hashes.length, others))));
    }
  }

  private void sendEstimate() {
    List<Integer> sums = TugOfWar.sums(hashes, salt.signs());
    send(new SyncMessage.Estimate(hashes.length, sums));
  }

  private void onEstimate(SyncMessage.Estimate m) {
    List<Integer> sums = TugOfWar.sums(hashes, salt.signs());
    Plan plan = Plan.of(hashes.length, others, TugOfWar.estimate(sums, m.sums()));
    if (plan == null) {
      giveUp(TOO_DIFFERENT);
    } else if (plan.kind() == Plan.Kind.ERASURE && hashes.length > others) {
      send(new SyncMessage.Turn(plan));
    } else {
      sendSketches(plan);
    }
  }

  // ---- the giver: sends sketches, is told what is wanted

  private void sendSketches(Plan plan) {
    withHashes(
        () -> {
          open = openGroups(plan);
          finder = false;
          send(new SyncMessage.Sketches(plan, hashes.length, open.sketch()));
        });
  }

  private OpenGroups openGroups(Plan plan) {
    return new OpenGroups(plan, hashes, salt.groups(plan));
  }

  private void onWants(SyncMessage.Wants m) {
    open.give(m.groups());
    long[] wanted = open.found();
    if (m.complete()) {
      prove(wanted, m.digest());
    } else {
      push(wanted, pushed -> send(new SyncMessage.More(open.sketch())));
    }
  }

  private void giveAll() {
    withAll(
        entries -> {
          List<EntryInfo> all = new ArrayList<>();
          entries.forEach(all::add);
          addPush(all);
          send(new SyncMessage.Proved(salt.proof(all)));
          // the other side checks it; that it had nothing is only what it said
          steps.add(new Step.Done(false));
        });
  }

  /**
   * Pushes what is wanted, and shows that the other side then has what this side has.
   *
   * @param theirs the sum of what the other side has without it
   */
  private void prove(long[] wanted, long theirs) {
    push(
        wanted,
        pushed -> {
          long given = salt.proof(pushed);
          withAll(entries -> answerProof(salt.proof(entries), theirs + given));
        });
  }

  private void answerProof(long own, long theirs) {
    if (own == theirs) {
      send(new SyncMessage.Proved(own));
      steps.add(new Step.Done(true));
    } else {
      again();
    }
  }

  private void withAll(Consumer<Iterable<EntryInfo>> then) {
    need(List.of(arc), then);
  }

  /** Another round, with its first sketch at once. */
  private void again() {
    if (nextRound()) {
      adopt(salts.getAsLong(), true);
      withHashes(
          () -> {
            Plan plan = Plan.quick(hashes.length);
            open = openGroups(plan);
            finder = false;
            number = -1;
            send(new SyncMessage.Again(salt.value(), plan, open.sketch()));
          });
    }
  }

  // ---- the finder: decodes sketches

  private void onSketches(Plan plan, Bytes sketch) {
    open = openGroups(plan);
    finder = true;
    Bytes wants = open.find(sketch);
    boolean hopeless = plan.kind() == Plan.Kind.ERASURE && open.failed() > plan.groups() / 4;
    if (plan.isQuick() && open.failed() > 0) {
      open = null;
      sendEstimate();
    } else if (hopeless) {
      // the smaller side has more of its own than was thought; groups grow if it is still more
      Plan pin = Plan.pin(Math.max(hashes.length, others), 1.3 * Math.abs(hashes.length - others));
      if (pin == null) {
        giveUp(TOO_DIFFERENT);
      } else {
        send(new SyncMessage.Turn(pin));
      }
    } else {
      sendWants(wants);
    }
  }

  private void sendWants(Bytes wants) {
    boolean complete = open.complete();
    push(
        open.found(),
        pushed -> {
          if (complete) {
            withAll(entries -> send(new SyncMessage.Wants(true, salt.proof(entries), wants)));
          } else {
            send(new SyncMessage.Wants(false, 0, wants));
          }
        });
  }

  private void onProved(long proof) {
    withAll(
        entries -> {
          if (salt.proof(entries) == proof) {
            steps.add(new Step.Done(true));
          } else {
            compare(true);
          }
        });
  }

  // ---- pushing

  private void push(long[] sorted, Consumer<List<EntryInfo>> then) {
    List<Arc> whole = sorted.length == 0 ? List.of() : List.of(arc);
    need(
        careful ? whole : index.arcsOf(sorted, arc),
        entries -> {
          EntryDigest digest = salt.hash();
          List<EntryInfo> pushed = new ArrayList<>();
          for (EntryInfo entry : entries) {
            long hash = careful ? digest.of(entry) : index.digest(entry);
            if (Arrays.binarySearch(sorted, hash) >= 0) {
              pushed.add(entry);
            }
          }
          addPush(pushed);
          then.accept(pushed);
        });
  }

  private void addPush(List<EntryInfo> pushed) {
    if (!pushed.isEmpty()) {
      steps.add(new Step.Push(pushed));
    }
  }
}
