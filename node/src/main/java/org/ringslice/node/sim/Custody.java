package org.ringslice.node.sim;

import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;

/**
 * Which acknowledged items the nodes owe, once disks go bad: those of which a good copy, row and
 * bytes, lies on a node that runs. Only what befalls machines and disks may take the last one; then
 * the item is owed again when a machine that has one is started. It is seen here alone what is on
 * the disks, and nothing of how nodes work: a last good copy that is gone between two blows was
 * given up by the nodes themselves, and is lost.
 */
final class Custody {
  private final List<Host> nodes;
  private final Ledger ledger;
  private final TreeSet<Id> excused = new TreeSet<>();
  private final TreeSet<Id> lost = new TreeSet<>();
  private boolean isKept;

  /**
   * @param nodes all that ever were, also those to come
   */
  Custody(List<Host> nodes, Ledger ledger) {
    this.nodes = nodes;
    this.ledger = ledger;
  }

  /** Disks go bad from now on. */
  void begin() {
    if (!isKept) {
      isKept = true;
      changed();
    }
  }

  /** Whether a disk has gone bad; before that receipts alone tell what is owed. */
  boolean isKept() {
    return isKept;
  }

  /** Something is about to befall a machine or a disk. */
  void changes() {
    if (isKept) {
      for (Ledger.Promise promise : ledger.promises()) {
        Id item = promise.entry().id();
        if (!excused.contains(item) && !isSafe(promise)) {
          lost.add(item);
        }
      }
    }
  }

  /** It has. */
  void changed() {
    if (isKept) {
      excused.clear();
      for (Ledger.Promise promise : ledger.promises()) {
        if (!isSafe(promise)) {
          excused.add(promise.entry().id());
        }
      }
    }
  }

  /** An item has been acknowledged, and whoever said so may be dead by now. */
  void acknowledged(Ledger.Promise promise) {
    if (isKept && !isSafe(promise)) {
      excused.add(promise.entry().id());
    }
  }

  /** Whether the nodes owe an item now, on all its holders and to all who read. */
  boolean isOwed(Ledger.Promise promise) {
    return !isKept || !excused.contains(promise.entry().id());
  }

  /** Items of which the nodes gave up the last good copy. */
  List<Id> lost() {
    changes();
    return List.copyOf(lost);
  }

  private boolean isSafe(Ledger.Promise promise) {
    return isElsewhere(promise.entry(), null);
  }

  /** Whether a good copy lies on a node that runs, other than this one. */
  boolean isElsewhere(Entry entry, Host but) {
    for (Host node : nodes) {
      if (node != but && node.isRunning() && node.disk().holdsDurably(entry)) {
        return true;
      }
    }
    return false;
  }

  /** How much faults took of which nobody had a good copy; empty when that is nothing. */
  @Override
  public String toString() {
    return excused.isEmpty()
        ? ""
        : excused.size() + " items without a good copy that can be reached";
  }
}
