package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Sees to it that what is held here is held by all its holders: after each change of the view, when
 * somebody found a copy missing, and now and then at rest, it asks them, and pushes what they lack.
 * Of several who have an item the first pushes, so that it goes over the network once.
 */
public final class Repair {
  /** After a change of the view: others come at the same time. A guess. */
  static final long SETTLE_NANOS = 200_000_000L;

  /** Before what failed is tried again; it doubles up to {@link #RETRY_NANOS_MAX}. A guess. */
  static final long RETRY_NANOS_MIN = 2_000_000_000L;

  static final long RETRY_NANOS_MAX = 60_000_000_000L;

  /** Between two passes over everything when nothing happens: finds what no change told of. */
  static final long REST_NANOS = 600_000_000_000L;

  /** Items known to lack copies; past that everything is gone through instead. */
  static final int DUE_MAX = 65_536;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Shelf shelf;

  private boolean sweepDue = true;
  private final TreeSet<Id> due = new TreeSet<>();
  private boolean busy;
  private boolean diskFailed;
  private Timers.Handle wakeUp;
  private long wakeAtNanos;
  private long retryNanos = RETRY_NANOS_MIN;
  private final TreeSet<Id> failed = new TreeSet<>();
  private final TreeMap<Id, String> troubles = new TreeMap<>();
  private long pushed;

  public Repair(Self self, View view, Timers timers, Links links, Shelf shelf) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.shelf = shelf;
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    sweepDue = true;
    retryNanos = RETRY_NANOS_MIN;
    wakeSoon(turn);
  }

  /** These are said to lack copies. Those that are not held here are somebody else's matter. */
  public void due(List<Id> items, Turn turn) {
    note(items);
    wakeSoon(turn);
  }

  /** Not later than it would: what happens again and again must not put the work off. */
  private void wakeSoon(Turn turn) {
    if (wakeUp == null || turn.now() + SETTLE_NANOS - wakeAtNanos < 0) {
      wakeAfter(SETTLE_NANOS, turn);
    }
  }

  private void note(Iterable<Id> items) {
    items.forEach(due::add);
    if (due.size() > DUE_MAX) {
      due.clear();
      sweepDue = true;
    }
  }

  /** Why a node did not take its copies when it was last tried; empty when it did. */
  Optional<String> troubleWith(Id holder) {
    return Optional.ofNullable(troubles.get(holder));
  }

  private void wakeAfter(long nanos, Turn turn) {
    timers.cancel(wakeUp);
    wakeAtNanos = turn.now() + nanos;
    wakeUp = timers.after(nanos, turn, this::work);
  }

  private void work(Turn turn) {
    if (busy) {
      return;
    }
    busy = true;
    if (sweepDue) {
      sweepDue = false;
      due.clear();
      new Pass().sweep.next(turn);
    } else {
      workOffDue(turn);
    }
  }

  private void workOffDue(Turn turn) {
    List<Id> batch = due.stream().limit(Inspection.ITEMS_MAX).toList();
    if (batch.isEmpty()) {
      finished(turn);
      return;
    }
    batch.forEach(due::remove);
    shelf.look(
        batch,
        turn,
        (looked, later) -> {
          if (looked.failure().isPresent()) {
            // what is due stays so until the disk can tell
            failed.addAll(batch);
          }
          List<Id> held = new ArrayList<>();
          looked.present().stream().forEach(place -> held.add(batch.get(place)));
          mend(held, later, this::workOffDue);
        });
  }

  /** Everything that is held here. */
  private final class Pass implements Sweep.Visitor {
    private final Sweep sweep = new Sweep(shelf, this);

    @Override
    public void visit(List<EntryInfo> batch, Turn turn) {
      mend(batch.stream().map(EntryInfo::id).toList(), turn, sweep::next);
    }

    @Override
    public void swept(Optional<String> failure, Turn turn) {
      diskFailed = failure.isPresent();
      finished(turn);
    }
  }

  private void finished(Turn turn) {
    busy = false;
    if (pushed > 0) {
      turn.report(Level.NEWS, "made good " + pushed + " copies that other nodes lacked");
      pushed = 0;
    }
    if (sweepDue) {
      wakeAfter(SETTLE_NANOS, turn);
    } else if (!failed.isEmpty() || diskFailed) {
      sweepDue = diskFailed;
      wakeAfter(retryNanos, turn);
      retryNanos = Math.min(2 * retryNanos, RETRY_NANOS_MAX);
    } else if (!due.isEmpty()) {
      wakeAfter(SETTLE_NANOS, turn);
    } else {
      retryNanos = RETRY_NANOS_MIN;
      sweepDue = true;
      wakeAfter(REST_NANOS, turn);
    }
    note(failed);
    failed.clear();
    diskFailed = false;
  }

  /** Asks who has these, and pushes to those who lack them what it falls to this node to push. */
  private void mend(List<Id> held, Turn turn, Timers.Alarm next) {
    Inspection.of(
        held,
        self.id(),
        view::isTrusted,
        view,
        links,
        turn,
        (findings, silent, later) -> {
          troubles.keySet().removeIf(node -> !silent.containsKey(node) && !lacks(node, findings));
          troubles.putAll(silent);
          TreeMap<Id, List<Id>> wanted = new TreeMap<>();
          findings.stream()
              .filter(finding -> finding.isMatterOf(self.id()))
              .forEach(finding -> plan(finding, silent, wanted));
          push(wanted, later, next);
        });
  }

  private static boolean lacks(Id node, List<Inspection.Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.missing().contains(node));
  }

  private void plan(
      Inspection.Finding finding, SortedMap<Id, String> silent, SortedMap<Id, List<Id>> wanted) {
    for (Id holder : finding.missing()) {
      if (silent.containsKey(holder)) {
        failed.add(finding.item());
      } else if (view.isTrusted(holder)) {
        wanted.computeIfAbsent(holder, none -> new ArrayList<>()).add(finding.item());
      }
      // one that is suspected comes back or goes, which is a change of the view
    }
  }

  private void push(SortedMap<Id, List<Id>> wanted, Turn turn, Timers.Alarm next) {
    long copies = wanted.values().stream().mapToLong(List::size).sum();
    Push.of(
        wanted,
        shelf,
        links,
        turn,
        (notTaken, why, later) -> {
          pushed += Math.max(0, copies - notTaken.size());
          wanted.keySet().forEach(troubles::remove);
          troubles.putAll(why);
          failed.addAll(notTaken);
          next.ring(later);
        });
  }
}
