package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Extent;
import org.ringslice.messages.Message.Giving;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;
import org.ringslice.sync.Session;
import org.ringslice.sync.Summary;

/**
 * Some arcs, compared with a peer: first by their fingerprints, all at once; those that differ by
 * sessions, a piece of {@link #PIECE_ENTRIES} at a time, so that none holds the node up for long,
 * and what was made equal before something failed stays so. Where this node can't keep what it is
 * given, as with a full disk, it goes on giving what the peer lacks.
 */
public final class Comparison implements Asker, Asking.Taker {
  /**
   * Entries of this side that one session compares: at about 100 ns each some 7 ms of a core's
   * time, between which heartbeats are answered.
   */
  static final int PIECE_ENTRIES = 65_536;

  /** Sessions at a time: while one reads, another sketches. A guess. */
  private static final int WINDOW = 3;

  /** A peer lacks much when it lacks more than so many and a part of what is here. A guess. */
  private static final int MODEST_ENTRIES = 256;

  private static final int MODEST_PART = 16;

  /** For the fingerprints of many arcs, where leaves must be read for them. A guess. */
  private static final long TIMEOUT_NANOS = 10_000_000_000L;

  /** What a comparison works with. */
  public record Means(Shelf shelf, Links links, LongSupplier salts) {}

  /** Where what the peer gives is kept. */
  @FunctionalInterface
  public interface Keeping {
    /** Keeps entries, or infos where bytes are not wanted, and calls {@code then}. */
    void keep(List<Entry> entries, List<EntryInfo> infos, Turn turn, Kept then);
  }

  /** What to do when it is durable. */
  @FunctionalInterface
  public interface Kept {
    /**
     * @param gained how much of it was new
     * @param trouble why it was not kept; empty when it was
     */
    void go(int gained, String trouble, Turn turn);
  }

  /** What to do in the end. */
  @FunctionalInterface
  public interface Then {
    void done(Comparison comparison, Turn turn);
  }

  private final Means means;
  private final Catalogue catalogue;
  private final Id peer;
  private final boolean prove;
  private final Keeping keeping;
  private final Then then;

  private Giving giving;
  private final ArrayDeque<Arc> toSummarise = new ArrayDeque<>();
  private final ArrayDeque<Arc> toCompare = new ArrayDeque<>();
  private final List<Asking> running = new ArrayList<>();
  private List<Arc> asked = List.of();
  private String failure = "";
  private String notKept = "";
  private boolean modest;
  private boolean ended;
  private long gained;
  private long lackingCount;
  private long deferred;
  private boolean proved = true;
  private final List<EntryInfo> lacking = new ArrayList<>();
  private final List<Arc> provedArcs = new ArrayList<>();

  public Comparison(
      Means means,
      Catalogue catalogue,
      Id peer,
      Giving giving,
      boolean prove,
      Keeping keeping,
      Then then) {
    this.means = means;
    this.catalogue = catalogue;
    this.peer = peer;
    this.giving = giving;
    this.prove = prove;
    this.keeping = keeping;
    this.then = then;
  }

  /** Compares with what this node holds, and keeps what is given there. */
  static Comparison ofHeld(Means means, Id peer, Manner manner, boolean prove, Then then) {
    Keeping keeping =
        (entries, infos, turn, kept) ->
            means
                .shelf()
                .keep(
                    entries,
                    turn,
                    (done, later) ->
                        kept.go(done.changes().size(), done.failure().orElse(""), later));
    Comparison comparison =
        new Comparison(means, means.shelf().held(), peer, manner.giving(), prove, keeping, then);
    comparison.modest = manner.isModest();
    return comparison;
  }

  /**
   * @param arcs not empty
   */
  public void start(List<Arc> arcs, Turn turn) {
    toSummarise.addAll(arcs);
    proceed(turn);
  }

  public Id peer() {
    return peer;
  }

  /** Why it did not come to its end; empty when it did. */
  public Optional<String> failure() {
    return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
  }

  /** Why this node could not keep what the peer gave it; empty when it could. */
  Optional<String> notKept() {
    return notKept.isEmpty() ? Optional.empty() : Optional.of(notKept);
  }

  /** Entries that this node did not have. */
  public long gained() {
    return gained;
  }

  /** Entries that the peer lacked and was given. */
  long given() {
    return failure.isEmpty() && giving != Giving.TELLS ? lackingCount : 0;
  }

  /** Whether both were proved to hold the same, and nothing is believed by a fingerprint. */
  boolean isProved() {
    return proved && failure.isEmpty() && notKept.isEmpty();
  }

  /** What was proved, also where the comparison did not come to its end. */
  Arcs provedArcs() {
    return Arcs.of(provedArcs);
  }

  /** Entries that the peer lacks and that were left to who leads to give, about. */
  long deferred() {
    return deferred;
  }

  /** Entries that the peer did not have when it was asked. */
  long lackingCount() {
    return lackingCount;
  }

  /** The first {@link Limits#MISSING_MAX} of those. */
  List<EntryInfo> lacking() {
    return lacking;
  }

  /** Bytes of entries that are still to be given and taken, as far as is known. */
  long toGoBytes() {
    return running.stream().mapToLong(Asking::toGoBytes).sum();
  }

  private void proceed(Turn turn) {
    while (failure.isEmpty() && running.size() < WINDOW && !toCompare.isEmpty()) {
      compare(toCompare.poll(), turn);
    }
    if (!running.isEmpty() || !asked.isEmpty() || ended) {
      return;
    }
    if (failure.isEmpty() && !toSummarise.isEmpty()) {
      List<Arc> next = new ArrayList<>();
      while (!toSummarise.isEmpty() && next.size() < Limits.ARCS_MAX) {
        next.add(toSummarise.poll());
      }
      asked = next;
      Message.GetSummaries question = new Message.GetSummaries(next);
      links().ask(peer, question, peer, 0, TIMEOUT_NANOS, this, turn);
    } else {
      ended = true;
      then.done(this, turn);
    }
  }

  private Links links() {
    return means.links();
  }

  @Override
  public void answered(Id from, Message.Answer answer, Turn turn) {
    List<Extent> theirs = ((Message.SummariesAre) answer).extents();
    if (theirs.size() != asked.size()) {
      fail("node " + peer + " did not tell what it was asked", turn);
      return;
    }
    catalogue.summarise(asked, turn, (own, later) -> weigh(own, theirs, later));
  }

  private void weigh(List<Summary> own, List<Extent> theirs, Turn turn) {
    if (own.size() < asked.size()) {
      fail("the disk can't be read", turn);
      return;
    }
    for (int i = 0; i < own.size(); i++) {
      int ours = own.get(i).count();
      int lead = ours - theirs.get(i).count();
      if (modest && lead > MODEST_ENTRIES + ours / MODEST_PART) {
        deferred += lead;
        proved = false;
      } else if (isWorthComparing(own.get(i), theirs.get(i))) {
        addPieces(asked.get(i), ours);
      } else {
        note(asked.get(i), prove || ours == 0);
      }
    }
    asked = List.of();
    proceed(turn);
  }

  private void note(Arc arc, boolean isProved) {
    proved &= isProved;
    if (prove && isProved) {
      provedArcs.add(arc);
    }
  }

  private boolean isWorthComparing(Summary own, Extent theirs) {
    boolean equal = own.count() == theirs.count() && own.fingerprint() == theirs.fingerprint();
    boolean nothingToGive =
        switch (giving) {
          case BOTH -> own.count() == 0 && theirs.count() == 0;
          case ASKER -> own.count() == 0;
          case TELLS -> theirs.count() == 0;
        };
    return !nothingToGive && (prove || !equal);
  }

  private void addPieces(Arc arc, int count) {
    List<Arc> pieces =
        count > PIECE_ENTRIES ? catalogue.index().pieces(arc, PIECE_ENTRIES) : List.of(arc);
    (pieces.size() == 1 ? toCompare : toSummarise).addAll(pieces);
  }

  private void compare(Arc arc, Turn turn) {
    Session session = new Session(catalogue.index(), arc, means.salts(), ofAsker(), PIECE_ENTRIES);
    Exchange exchange = new Exchange(catalogue, means.shelf(), session, true, this::noteLacking);
    long number = means.salts().getAsLong();
    Asking asking = new Asking(peer, arc, giving, number, exchange, links(), this);
    running.add(asking);
    asking.start(prove, turn);
  }

  private org.ringslice.sync.Giving ofAsker() {
    return switch (giving) {
      case BOTH -> org.ringslice.sync.Giving.BOTH;
      case ASKER -> org.ringslice.sync.Giving.OURS;
      case TELLS -> org.ringslice.sync.Giving.THEIRS;
    };
  }

  private void noteLacking(List<EntryInfo> entries) {
    lackingCount += entries.size();
    entries.stream().limit(Limits.MISSING_MAX - lacking.size()).forEach(lacking::add);
  }

  @Override
  public void take(List<Entry> entries, List<EntryInfo> infos, Turn turn, Asking.Taken taken) {
    keeping.keep(
        entries,
        infos,
        turn,
        (fresh, trouble, later) -> {
          gained += fresh;
          taken.go(trouble, later);
        });
  }

  @Override
  public void ended(Asking asking, Exchange.End end, Turn turn) {
    running.remove(asking);
    if (end instanceof Exchange.End.Failed failed) {
      failure = failure.isEmpty() ? failed.sentence() : failure;
    } else if (end instanceof Exchange.End.NotKept trouble) {
      giveOnly(asking, trouble.sentence());
    } else if (end instanceof Exchange.End.Split split) {
      toSummarise.addAll(split.arcs());
    } else if (end instanceof Exchange.End.Equal equal) {
      note(asking.arc(), equal.proved());
    }
    proceed(turn);
  }

  private void giveOnly(Asking asking, String sentence) {
    // where only the peer was to give, or only this node, there is nothing to go on with
    if (asking.giving() == Giving.BOTH) {
      notKept = sentence;
      giving = Giving.ASKER;
      toCompare.add(asking.arc());
    } else {
      failure = failure.isEmpty() ? sentence : failure;
    }
  }

  @Override
  public void failed(Id from, Message.Failure failed, Turn turn) {
    fail(failed.sentence(), turn);
  }

  private void fail(String sentence, Turn turn) {
    asked = List.of();
    failure = failure.isEmpty() ? sentence : failure;
    proceed(turn);
  }
}
