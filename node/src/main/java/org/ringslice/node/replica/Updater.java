package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Summary;

/**
 * Keeps this node's slices equal to those of the other holders: compares them when somebody comes,
 * goes, or was found to lack something, and now and then at rest, with proof. Of the holders of a
 * share one leads, and compares with each of the others; what it gains from one it brings to the
 * rest, so that all have all after two passes, and nothing goes over the network twice. What lies
 * here and belongs elsewhere is given to those who lead there.
 */
public final class Updater {
  /** After a change of the view: others come at the same time. A guess. */
  static final long SETTLE_NANOS = 200_000_000L;

  /**
   * Before what failed with a peer is tried again; it doubles up to {@link #RETRY_NANOS_MAX}. A
   * guess.
   */
  static final long RETRY_NANOS_MIN = 2_000_000_000L;

  static final long RETRY_NANOS_MAX = 60_000_000_000L;

  /**
   * After a copy was found damaged: a scrubber of a bad disk finds many, and one comparison makes
   * all of them good. A guess: one a second is no load, and nobody dies meanwhile.
   */
  static final long DAMAGE_NANOS = 1_000_000_000L;

  /** Between two comparisons of everything by fingerprints when nothing happens. A guess. */
  static final long REST_NANOS = 300_000_000_000L;

  /**
   * Between two proofs of everything, for each entry: reading all ids for three other holders takes
   * about 2 microseconds an entry, which comes to 1 % of a core.
   */
  private static final long PROOF_NANOS_PER_ENTRY = 200_000L;

  /** Peers that are compared with at a time. A guess. */
  private static final int PEERS_MAX = 4;

  /** Arcs known to need a look; past that all are looked at, those too that others lead. */
  private static final int DUE_MAX = Limits.ARCS_MAX;

  /** What is to be compared with a peer, and who waits for it. */
  private static final class Task {
    private final TreeMap<Id, Arc> arcs = new TreeMap<>();
    private final Manner manner;
    private boolean prove;

    /** Whether to prove it where that was not done since the peer came. */
    private boolean proveOnce;

    private boolean proving;
    private final List<Comparison.Then> thens = new ArrayList<>();

    Task(Manner manner) {
      this.manner = manner;
    }

    void add(Collection<Arc> more, boolean withProof) {
      // of arcs with one end one covers the other
      more.forEach(arc -> arcs.merge(arc.to(), arc, (old, add) -> old.covers(add) ? old : add));
      prove |= withProof;
    }
  }

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Comparison.Means means;
  private final Supplier<List<Arc>> kept;

  private final Offers offers;
  private Shares shares;
  private List<Share> own = List.of();
  private final TreeMap<Id, ArrayDeque<Task>> waiting = new TreeMap<>();
  private final TreeMap<Id, Comparison> running = new TreeMap<>();
  private final TreeMap<Id, String> troubles = new TreeMap<>();

  /** With which incarnations of others all that is led here was proved equal. */
  private final TreeMap<Id, Long> proved = new TreeMap<>();

  private boolean allDue = true;

  /** Whether this node may lack copies all over, also in shares that others lead. */
  private boolean isInDoubt;

  private boolean proofDue = true;
  private long provedAtNanos;
  private final TreeSet<Id> due = new TreeSet<>();
  private Timers.Handle rest;
  private Timers.Handle wakeUp;
  private long wakeAtNanos;

  /** For how long each peer with which something failed is left alone the next time. */
  private final TreeMap<Id, Long> pauses = new TreeMap<>();

  /**
   * @param kept what this node keeps beyond its share
   */
  public Updater(
      Self self, View view, Timers timers, Comparison.Means means, Supplier<List<Arc>> kept) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.means = means;
    this.kept = kept;
    offers = new Offers(view);
    shares = new Shares(view.grown(), view.homes());
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    allDue = true;
    pauses.clear();
    wakeAfter(SETTLE_NANOS, turn);
  }

  /** What could not be kept while room was short can be now, whoever leads there. */
  public void roomShort(boolean isShort, Turn turn) {
    if (!isShort) {
      isInDoubt = true;
      viewChanged(turn);
    }
  }

  /** These are said to lack copies. Those that are not held here are somebody else's matter. */
  public void due(List<Id> items, Turn turn) {
    note(items);
    wakeAfter(SETTLE_NANOS, turn);
  }

  /**
   * Copies of this node can't be read. Who leads their shares does not know, so this node asks all
   * other holders itself: the first that gives one makes it good.
   */
  public void amended(List<Change> changes, Turn turn) {
    List<Id> lost =
        changes.stream()
            .filter(change -> change.after().isEmpty())
            .flatMap(change -> change.before().stream())
            .map(EntryInfo::id)
            .toList();
    if (!lost.isEmpty()) {
      note(lost);
      wakeAfter(DAMAGE_NANOS, turn);
    }
  }

  private void note(Collection<Id> points) {
    due.addAll(points);
    if (due.size() > DUE_MAX) {
      due.clear();
      allDue = true;
      isInDoubt = true;
    }
  }

  /** Who asked this node to compare has given entries of an arc: others may lack them too. */
  public void gained(Arc arc, Turn turn) {
    List<Id> led = new ArrayList<>();
    for (Share share : shares().within(arc)) {
      if (self.id().equals(leader(share))) {
        led.add(share.arc().to());
      }
    }
    if (!led.isEmpty()) {
      note(led);
      wakeAfter(SETTLE_NANOS, turn);
    }
  }

  /** Why a node could not be compared with when it was last tried; empty when it could. */
  Optional<String> troubleWith(Id peer) {
    return Optional.ofNullable(troubles.get(peer));
  }

  /** The comparison with a peer that is under way. */
  Optional<Comparison> underWay(Id peer) {
    return Optional.ofNullable(running.get(peer));
  }

  /** Bytes that are still to be given and taken, as far as is known. */
  long toGoBytes() {
    return running.values().stream().mapToLong(Comparison::toGoBytes).sum();
  }

  /** The shares of the ring as it is to be. */
  Shares shares() {
    if (shares.ring() != view.grown()) {
      shares = shares.by(view.grown());
      own = shares.of(self.id());
    }
    return shares;
  }

  /** The shares that this node holds. */
  List<Share> own() {
    shares();
    return own;
  }

  /** Who sees to a share: the least of its holders that is there; null when none is. */
  Id leader(Share share) {
    Id joining = null;
    for (Id holder : share.holders()) {
      PeerState state = view.state(holder);
      if (state == PeerState.ACTIVE) {
        return holder;
      }
      joining = joining == null && state == PeerState.JOINING ? holder : joining;
    }
    return joining;
  }

  /** Not later than it would: what happens again and again must not put the work off. */
  private void wakeAfter(long nanos, Turn turn) {
    if (wakeUp == null || !timers.isSet(wakeUp) || turn.now() + nanos - wakeAtNanos < 0) {
      timers.cancel(wakeUp);
      wakeAtNanos = turn.now() + nanos;
      wakeUp = timers.after(nanos, turn, this::work);
    }
  }

  private void work(Turn turn) {
    boolean all = allDue;
    boolean inDoubt = isInDoubt;
    boolean prove = proofDue;
    TreeSet<Id> points = new TreeSet<>(due);
    allDue = false;
    isInDoubt = false;
    proofDue = false;
    due.clear();
    provedAtNanos = all && prove ? turn.now() : provedAtNanos;
    if (all) {
      timers.cancel(rest);
      rest = timers.after(REST_NANOS, turn, this::rested);
    }
    for (Share share : own()) {
      // who was found to lack something may not know of it, or of who leads
      boolean isDue = inDoubt || points.stream().anyMatch(share.arc()::contains);
      if (isDue || (all && self.id().equals(leader(share)))) {
        for (Id holder : share.holders()) {
          add(holder, Manner.SHARE, share.arc(), prove);
        }
      }
    }
    if (all || !points.isEmpty()) {
      seeToKept(prove);
    }
    handOver(all, points, prove, turn);
    begin(turn);
  }

  /** What is kept beyond the share is made equal with who leads there. */
  private void seeToKept(boolean prove) {
    for (Arc arc : kept.get()) {
      for (Share share : shares().within(arc)) {
        if (!share.holders().contains(self.id()) && leader(share) != null) {
          add(leader(share), Manner.SHARE, share.arc(), prove);
        }
      }
    }
  }

  private void rested(Turn turn) {
    allDue = true;
    long entries = means.shelf().held().index().size();
    proofDue |= turn.now() - provedAtNanos >= entries * PROOF_NANOS_PER_ENTRY;
    wakeAfter(0, turn);
  }

  /** What lies here and belongs elsewhere. */
  private void handOver(boolean all, SortedSet<Id> points, boolean prove, Turn turn) {
    List<Arc> foreign = shares().notOf(self.id());
    if (foreign.isEmpty()) {
      return;
    }
    if (!view.hasEverybody()) {
      handOverFar(foreign, points, prove);
      return;
    }
    if (!all && points.stream().noneMatch(Arcs.of(foreign)::contains)) {
      return;
    }
    foreign(
        turn,
        (found, isAll, later) -> {
          found.forEach(each -> handOver(each, all, points, prove, later));
          begin(later);
        });
  }

  /** A share of which this node is no holder, and what of it lies here. */
  record Foreign(Share share, Summary own) {}

  /** What to do with what lies here and belongs elsewhere. */
  @FunctionalInterface
  interface ForeignThen {
    /**
     * @param isAll false when the disk failed
     */
    void go(List<Foreign> found, boolean isAll, Turn turn);
  }

  /** Finds the shares that lie here in part and belong elsewhere. */
  void foreign(Turn turn, ForeignThen then) {
    List<Arc> arcs = shares().notOf(self.id());
    summarise(
        arcs,
        turn,
        (summaries, later) -> {
          List<Share> within = new ArrayList<>();
          for (int i = 0; i < summaries.size(); i++) {
            if (summaries.get(i).count() > 0) {
              within.addAll(shares().within(arcs.get(i)));
            }
          }
          if (summaries.size() < arcs.size()) {
            then.go(List.of(), false, later);
          } else {
            offers.retain(within);
            ofShares(within, later, then);
          }
        });
  }

  private void ofShares(List<Share> within, Turn turn, ForeignThen then) {
    summarise(
        within.stream().map(Share::arc).toList(),
        turn,
        (summaries, later) -> {
          List<Foreign> found = new ArrayList<>();
          for (int i = 0; i < summaries.size(); i++) {
            if (summaries.get(i).count() > 0) {
              found.add(new Foreign(within.get(i), summaries.get(i)));
            }
          }
          then.go(found, summaries.size() == within.size(), later);
        });
  }

  private void summarise(List<Arc> arcs, Turn turn, Catalogue.Then then) {
    means.shelf().held().summarise(arcs, turn, then);
  }

  /** Whether who leads a share is known to have all that lies here of it. */
  boolean isOffered(Foreign foreign, Turn turn) {
    Id leader = leader(foreign.share());
    return leader == null || offers.isMade(foreign.share(), leader, foreign.own(), turn.now());
  }

  /** A share is about to be handed over to who leads it. */
  void offering(Foreign foreign, Turn turn) {
    Id leader = leader(foreign.share());
    if (leader != null) {
      offers.begin(foreign.share(), leader, foreign.own(), turn.now());
    }
  }

  /**
   * Of who holds what lies far off only that of some items was asked. All else is seen to by {@link
   * Dropping}, which asks.
   */
  private void handOverFar(List<Arc> foreign, SortedSet<Id> points, boolean prove) {
    for (Id point : points) {
      if (foreign.stream().anyMatch(arc -> arc.contains(point))) {
        Arc item = new Arc(point.previous(), point);
        view.holders(point).forEach(holder -> add(holder, Manner.HAND_OVER, item, prove));
      }
    }
  }

  private void handOver(
      Foreign foreign, boolean all, SortedSet<Id> points, boolean prove, Turn turn) {
    Share share = foreign.share();
    if (kept.get().stream().anyMatch(arc -> arc.covers(share.arc()))) {
      return;
    }
    boolean isDue = points.stream().anyMatch(share.arc()::contains);
    if (!isDue && (!all || isOffered(foreign, turn))) {
      return;
    }
    offering(foreign, turn);
    if (isDue) {
      share.holders().forEach(holder -> add(holder, Manner.HAND_OVER, share.arc(), prove));
    } else {
      add(leader(share), Manner.HAND_OVER, share.arc(), false);
    }
  }

  private void add(Id peer, Manner manner, Arc arc, boolean prove) {
    if (!peer.equals(self.id()) && view.isTrusted(peer)) {
      Task task = task(peer, manner);
      task.add(List.of(arc), prove);
      // what is handed over is proved when it is dropped
      task.proveOnce = manner == Manner.SHARE;
    }
  }

  /** A task of that kind which has not begun. */
  private Task task(Id peer, Manner manner) {
    ArrayDeque<Task> tasks = waiting.computeIfAbsent(peer, none -> new ArrayDeque<>());
    for (Task task : tasks) {
      if (task.manner == manner) {
        return task;
      }
    }
    Task task = new Task(manner);
    tasks.add(task);
    return task;
  }

  /**
   * Compares arcs with a peer as soon as it can be, in one go with what is to be compared with it
   * anyway.
   */
  void compare(
      Id peer, List<Arc> arcs, Manner manner, boolean prove, Turn turn, Comparison.Then then) {
    Task task = task(peer, manner);
    task.add(arcs, prove);
    task.thens.add(then);
    begin(turn);
  }

  private void begin(Turn turn) {
    for (Id peer : List.copyOf(waiting.keySet())) {
      if (running.size() < PEERS_MAX && !running.containsKey(peer)) {
        Task task = waiting.get(peer).poll();
        if (waiting.get(peer).isEmpty()) {
          waiting.remove(peer);
        }
        begin(peer, task, turn);
      }
    }
  }

  private void begin(Id peer, Task task, Turn turn) {
    task.proving = task.prove || (task.proveOnce && !isProved(peer));
    Comparison comparison =
        Comparison.ofHeld(
            means, peer, task.manner, task.proving, (done, later) -> finished(task, done, later));
    running.put(peer, comparison);
    comparison.start(List.copyOf(task.arcs.values()), turn);
  }

  private void finished(Task task, Comparison comparison, Turn turn) {
    Id peer = comparison.peer();
    running.remove(peer);
    if (comparison.failure().isPresent()) {
      troubles.put(peer, comparison.failure().get());
      tryAgain(peer, task, turn);
    } else if (comparison.notKept().isPresent()) {
      // that is no trouble with the peer
      troubles.remove(peer);
      tryAgain(peer, task, turn);
    } else {
      troubles.remove(peer);
      pauses.remove(peer);
      if (task.manner == Manner.HAND_OVER) {
        offers.compared(peer, task.arcs.keySet());
      }
      if (!comparison.isProved() && task.proving) {
        note(task.arcs.keySet());
        proofDue |= task.prove;
        wakeAfter(RETRY_NANOS_MAX, turn);
      }
    }
    if (comparison.gained() > 0) {
      // the other holders may lack it as this node did
      note(task.arcs.keySet());
      wakeAfter(SETTLE_NANOS, turn);
    }
    report(comparison, isNewlyProved(task, comparison), turn);
    task.thens.forEach(then -> then.done(comparison, turn));
    begin(turn);
  }

  private void tryAgain(Id peer, Task task, Turn turn) {
    note(task.arcs.keySet());
    proofDue |= task.prove;
    long pauseNanos = pauses.getOrDefault(peer, RETRY_NANOS_MIN);
    pauses.put(peer, Math.min(2 * pauseNanos, RETRY_NANOS_MAX));
    wakeAfter(pauseNanos, turn);
  }

  /** Whether a peer was proved to have the same as this node since it started. */
  private boolean isProved(Id peer) {
    return incarnation(peer).equals(Optional.ofNullable(proved.get(peer)));
  }

  private Optional<Long> incarnation(Id peer) {
    return view.peer(peer).map(Peer::incarnation);
  }

  private boolean isNewlyProved(Task task, Comparison comparison) {
    Id peer = comparison.peer();
    boolean all =
        own().stream()
            .filter(share -> share.holders().contains(peer) && self.id().equals(leader(share)))
            .allMatch(share -> task.arcs.containsKey(share.arc().to()));
    if (!all || task.manner != Manner.SHARE || !comparison.isProved() || isProved(peer)) {
      return false;
    }
    incarnation(peer).ifPresent(incarnation -> proved.put(peer, incarnation));
    proved.keySet().removeIf(other -> view.peer(other).isEmpty());
    return true;
  }

  private static void report(Comparison comparison, boolean newlyProved, Turn turn) {
    if (comparison.gained() + comparison.given() > 0 || newlyProved) {
      String sentence =
          "compared with node "
              + comparison.peer()
              + ": it was given "
              + comparison.given()
              + " entries, and gave "
              + comparison.gained()
              + (comparison.isProved() ? "; both are proved to hold the same" : "");
      turn.report(Level.NEWS, sentence);
    }
  }
}
