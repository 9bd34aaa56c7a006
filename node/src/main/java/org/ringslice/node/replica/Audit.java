package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Compares what is held here with what the other holders have, and tells what they lack; it is
 * given to them by that. Each share is told of by who leads it, so that what all nodes tell adds
 * up.
 */
final class Audit {
  /** For comparisons to end; what goes on then is told of as missing. A guess. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private static final String DISK = "its disk can't be read";

  /** What to do with what was found. */
  @FunctionalInterface
  interface Then {
    /**
     * @param status whose {@code why} tells when it is not the whole truth
     */
    void go(NodeStatus status, List<MissingCopy> copies, Turn turn);
  }

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Shelf shelf;
  private final Updater updater;
  private final Deferrals deferrals;
  private final Then then;
  private final long viewDigest;

  private final List<MissingCopy> copies = new ArrayList<>();
  private final TreeSet<Id> missing = new TreeSet<>();
  private final TreeMap<Id, Long> missingAt = new TreeMap<>();
  private long counted;
  private String why = "";
  private boolean isOfAll;
  private long deferred;
  private final TreeMap<Id, EnumMap<Manner, List<Arc>>> arcs = new TreeMap<>();
  private final TreeSet<Id> unanswered = new TreeSet<>();
  private int outstanding = 1;
  private Timers.Handle patience;
  private boolean told;

  Audit(
      Self self,
      View view,
      Timers timers,
      Shelf shelf,
      Updater updater,
      Deferrals deferrals,
      Then then) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.shelf = shelf;
    this.updater = updater;
    this.deferrals = deferrals;
    this.then = then;
    this.viewDigest = view.digest();
  }

  /** Of everything that falls to this node to see to. */
  void ofAll(Turn turn) {
    isOfAll = true;
    begin(turn);
    List<Share> led = updater.own().stream().filter(this::isLed).toList();
    summarise(
        led.stream().map(Share::arc).toList(),
        turn,
        (summaries, later) -> {
          for (int i = 0; i < summaries.size(); i++) {
            counted += summaries.get(i).count();
            see(led.get(i), summaries.get(i).count(), later);
          }
          ofForeign(later);
        });
  }

  private boolean isLed(Share share) {
    return self.id().equals(updater.leader(share));
  }

  private void see(Share share, int count, Turn turn) {
    for (Id holder : share.holders()) {
      if (!holder.equals(self.id()) && view.isTrusted(holder)) {
        add(holder, Manner.SHARE, share.arc());
      } else if (!holder.equals(self.id()) && count > 0) {
        tellAll(share.arc(), holder, count, turn);
      }
    }
  }

  /** All of an arc is missing at a holder that nobody reaches. */
  private void tellAll(Arc arc, Id holder, int count, Turn turn) {
    missingAt.merge(holder, (long) count, Long::sum);
    outstanding++;
    shelf.scan(
        arc,
        Direction.NEXT,
        Limits.MISSING_MAX,
        turn,
        (scanned, later) -> {
          tell(scanned.items(), holder);
          oneLess(later);
        });
  }

  private void ofForeign(Turn turn) {
    updater.foreign(
        turn,
        (found, isAll, later) -> {
          why = isAll ? why : DISK;
          for (Updater.Foreign each : found) {
            // else who leads there has it, and tells of it
            if (!updater.isOffered(each, later)) {
              updater.offering(each, later);
              add(updater.leader(each.share()), Manner.HAND_OVER, each.share().arc());
            }
          }
          compareAll(later);
        });
  }

  /** Of what one holder lacks. */
  void of(Id holder, Turn turn) {
    begin(turn);
    if (!view.grown().contains(holder)) {
      why = "it does not know node " + holder + " yet";
    }
    boolean stuck = deferrals.areStuck(holder, turn.now());
    List<Share> shares = updater.shares().of(holder);
    summarise(
        shares.stream().map(Share::arc).toList(),
        turn,
        (summaries, later) -> {
          for (int i = 0; i < summaries.size(); i++) {
            if (summaries.get(i).count() > 0) {
              add(holder, manner(shares.get(i), holder, stuck), shares.get(i).arc());
            }
          }
          compareAll(later);
        });
  }

  private Manner manner(Share share, Id holder, boolean stuck) {
    // who leads takes what it lacks itself, and would be given it in vain
    boolean modest = !stuck || holder.equals(updater.leader(share));
    if (share.holders().contains(self.id())) {
      return modest && !isLed(share) ? Manner.SHARE_MODESTLY : Manner.SHARE;
    }
    return modest ? Manner.HAND_OVER_MODESTLY : Manner.HAND_OVER;
  }

  private void begin(Turn turn) {
    patience = timers.after(PATIENCE_NANOS, turn, this::end);
  }

  private void summarise(List<Arc> all, Turn turn, Catalogue.Then summed) {
    shelf
        .held()
        .summarise(
            all,
            turn,
            (summaries, later) -> {
              why = summaries.size() < all.size() ? DISK : why;
              summed.go(summaries, later);
            });
  }

  private void add(Id holder, Manner manner, Arc arc) {
    arcs.computeIfAbsent(holder, none -> new EnumMap<>(Manner.class))
        .computeIfAbsent(manner, none -> new ArrayList<>())
        .add(arc);
  }

  private void compareAll(Turn turn) {
    arcs.forEach(
        (holder, manners) ->
            manners.forEach(
                (manner, some) -> {
                  outstanding++;
                  unanswered.add(holder);
                  updater.compare(holder, some, manner, false, turn, this::compared);
                }));
    oneLess(turn);
  }

  private void compared(Comparison done, Turn turn) {
    unanswered.remove(done.peer());
    missingAt.merge(done.peer(), done.deferred(), Long::sum);
    if (isOfAll) {
      noteOwnLack(done);
    } else {
      // what this node lacks, or can't keep, says nothing of what the other one lacks
      deferred += done.deferred();
      deferrals.note(done.peer(), deferred, turn.now());
    }
    if (done.failure().isPresent()) {
      note(done);
      why = "node " + done.peer() + " could not be compared with: " + done.failure().get();
    }
    oneLess(turn);
  }

  private void noteOwnLack(Comparison done) {
    if (done.gained() > 0) {
      why = "it has just been given what it lacked, and others may lack that too";
    }
    done.notKept().ifPresent(trouble -> why = "it can't keep what it lacks: " + trouble);
  }

  /** What the other was not given, or not yet. */
  private void note(Comparison comparison) {
    missingAt.merge(comparison.peer(), comparison.lackingCount(), Long::sum);
    tell(comparison.lacking(), comparison.peer());
  }

  private void tell(List<EntryInfo> items, Id holder) {
    for (EntryInfo item : items) {
      missing.add(item.id());
      if (copies.size() < Limits.MISSING_MAX) {
        copies.add(new MissingCopy(item.id(), holder, why(holder, view.state(holder), updater)));
      }
    }
  }

  /** Why a node does not have what it should have, as far as this one knows. */
  static String why(Id holder, PeerState state, Updater updater) {
    return updater
        .troubleWith(holder)
        .orElse(
            switch (state) {
              case JOINING -> "it joins, and is being given its share";
              case SUSPECTED -> "it does not answer";
              case ACTIVE, LEAVING, DEAD, LEFT -> "it lacked it; the copy is on its way";
            });
  }

  private void oneLess(Turn turn) {
    outstanding--;
    if (outstanding == 0) {
      end(turn);
    }
  }

  private void end(Turn turn) {
    if (told) {
      return;
    }
    told = true;
    timers.cancel(patience);
    unanswered.forEach(holder -> updater.underWay(holder).ifPresent(this::note));
    if (why.isEmpty() && outstanding > 0) {
      why = "it still compares what it holds" + (unanswered.isEmpty() ? "" : with());
    }
    long most = missingAt.values().stream().mapToLong(Long::longValue).max().orElse(0);
    NodeStatus status =
        new NodeStatus(
            self.id(),
            shelf.held().index().size(),
            shelf.held().sizeBytes(),
            counted,
            Math.max(most, missing.size()),
            updater.toGoBytes(),
            viewDigest,
            why);
    then.go(status, copies, turn);
  }

  private String with() {
    return " with node " + unanswered.first();
  }
}
