package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;

/**
 * What the nodes promised: every entry that was acknowledged, with the nodes where it was said to
 * be durable. A receipt is held against the disks at the moment at which it comes.
 */
final class Ledger {
  /** An entry that was acknowledged at least once, and all nodes that any receipt for it named. */
  record Promise(Entry entry, TreeSet<Id> holders) {}

  private final World world;
  private final TreeMap<Id, Promise> promises = new TreeMap<>();
  private final TreeMap<Id, Long> orderedAtNanos = new TreeMap<>();
  private final List<String> lies = new ArrayList<>();
  private long receipts;

  Ledger(World world) {
    this.world = world;
  }

  /** Somebody asks for an entry to be stored, not for the first time perhaps. */
  void ordered(Entry entry) {
    orderedAtNanos.putIfAbsent(entry.id(), world.agenda().nowNanos());
  }

  boolean isOrdered(Id item) {
    return orderedAtNanos.containsKey(item);
  }

  /** When it was first asked for, in virtual time. */
  long orderedAtNanos(Id item) {
    return orderedAtNanos.get(item);
  }

  /** A receipt came that says that the entry is durable. */
  void acknowledged(Entry entry, Receipt receipt) {
    receipts++;
    Promise promise =
        promises.computeIfAbsent(entry.id(), id -> new Promise(entry, new TreeSet<>()));
    promise.holders().addAll(receipt.holders());
    boolean counts =
        receipt.copies() == receipt.holders().size()
            && receipt.copies() >= 1
            && receipt.copies() <= receipt.wanted()
            && new TreeSet<>(receipt.holders()).size() == receipt.copies();
    if (!counts) {
      lies.add("a receipt for item " + entry.id() + " miscounts: " + receipt);
    }
    world.custody().acknowledged(promise);
    for (Id holder : receipt.holders()) {
      Disk disk = world.node(holder).disk();
      if (!disk.holdsDurably(entry) && !disk.hasLost(entry)) {
        lies.add("item " + entry.id() + " was acknowledged before it was durable on " + holder);
      }
    }
  }

  /** Those of this moment: looking takes time, in which more are made. */
  List<Promise> promises() {
    return List.copyOf(promises.values());
  }

  int size() {
    return promises.size();
  }

  long receipts() {
    return receipts;
  }

  /** What was wrong in receipts at the moment at which they came. */
  List<String> lies() {
    return List.copyOf(lies);
  }
}
