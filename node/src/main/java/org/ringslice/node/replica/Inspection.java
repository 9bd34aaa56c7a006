package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.View;

/** Asks the holders of some items that are held here which of them they have. */
final class Inspection implements Asker {
  /** Items of one inspection. */
  static final int ITEMS_MAX = Limits.BATCH_ENTRIES_MAX;

  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /**
   * What is known of one item.
   *
   * @param holders who should have it, the regular place first
   * @param have of those and this node, who has it
   */
  record Finding(Id item, List<Id> holders, TreeSet<Id> have) {
    /** Whether it falls to a node to see to the item: the first that has it, in a fixed order. */
    boolean isMatterOf(Id node) {
      for (Id holder : holders) {
        if (have.contains(holder)) {
          return holder.equals(node);
        }
      }
      // only nodes have it that need not: each of them, for they do not know of each other
      return true;
    }

    List<Id> missing() {
      return holders.stream().filter(holder -> !have.contains(holder)).toList();
    }
  }

  /** What to do when all have answered, or have failed to. */
  @FunctionalInterface
  interface Then {
    /**
     * @param silent why holders did not answer
     */
    void go(List<Finding> findings, SortedMap<Id, String> silent, Turn turn);
  }

  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<Id, Finding> byItem = new TreeMap<>();
  private final TreeMap<Id, String> silent = new TreeMap<>();
  private final Then then;
  private int unanswered;

  private Inspection(Then then) {
    this.then = then;
  }

  /**
   * @param self who has them all
   * @param which holders to ask; the others count as having nothing
   */
  static void of(
      List<Id> items, Id self, Predicate<Id> which, View view, Links links, Turn turn, Then then) {
    Inspection inspection = new Inspection(then);
    TreeMap<Id, List<Id>> byHolder = new TreeMap<>();
    for (Id item : items) {
      Finding finding = new Finding(item, view.holders(item), new TreeSet<>(List.of(self)));
      inspection.findings.add(finding);
      inspection.byItem.put(item, finding);
      for (Id holder : finding.holders()) {
        if (!holder.equals(self) && which.test(holder)) {
          byHolder.computeIfAbsent(holder, none -> new ArrayList<>()).add(item);
        }
      }
    }
    inspection.ask(byHolder, links, turn);
  }

  private void ask(SortedMap<Id, List<Id>> byHolder, Links links, Turn turn) {
    unanswered = byHolder.size();
    if (unanswered == 0) {
      then.go(findings, silent, turn);
      return;
    }
    byHolder.forEach(
        (holder, items) -> {
          Message.HaveItems question = new Message.HaveItems(items, Scope.HELD);
          links.ask(holder, Lane.BULK, question, items.get(0), 0, TIMEOUT_NANOS, this, turn);
        });
  }

  @Override
  public void answered(Id peer, Message.Answer answer, Turn turn) {
    for (Receipt receipt : ((Message.HaveThese) answer).receipts()) {
      Finding finding = byItem.get(receipt.id());
      if (finding != null && receipt.outcome() == Receipt.Outcome.PRESENT) {
        finding.have().add(peer);
      }
    }
    oneLess(turn);
  }

  @Override
  public void failed(Id peer, Message.Failure failure, Turn turn) {
    silent.put(peer, failure.sentence());
    oneLess(turn);
  }

  private void oneLess(Turn turn) {
    unanswered--;
    if (unanswered == 0) {
      then.go(findings, silent, turn);
    }
  }
}
