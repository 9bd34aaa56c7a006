package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;

/**
 * The last step before copies are dropped: their holders are asked for each item, and say that they
 * have it only of bytes that they have read. A proof by fingerprints is about indexes, and a copy
 * may have gone bad that nobody has read yet.
 */
final class ReadBack {
  /**
   * For a holder to read a page. What takes longer is known to it, and goes fast, the next time. A
   * guess: the proof that it follows is good for no longer.
   */
  private static final long TIMEOUT_NANOS = Dropping.PROOF_NANOS_MAX;

  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    /**
     * @param read of the items, those that all of their holders have read
     */
    void go(Set<Id> read, Turn turn);
  }

  private final Links links;

  ReadBack(Links links) {
    this.links = links;
  }

  /**
   * Has all holders of some items read them.
   *
   * @param holders of each item, this node not among them
   */
  void ask(SortedMap<Id, Collection<Id>> holders, Turn turn, Then then) {
    new Question(holders, then).start(turn);
  }

  /** One question to all holders of some items, in parts of a message's worth. */
  private final class Question {
    private final TreeMap<Id, List<Id>> byHolder = new TreeMap<>();
    private final TreeSet<Id> read;
    private final Then then;
    private int outstanding = 1;

    Question(SortedMap<Id, Collection<Id>> holders, Then then) {
      this.then = then;
      read = new TreeSet<>(holders.keySet());
      holders.forEach(
          (item, all) ->
              all.forEach(
                  holder -> byHolder.computeIfAbsent(holder, none -> new ArrayList<>()).add(item)));
    }

    void start(Turn turn) {
      byHolder.forEach(
          (holder, items) -> {
            for (int from = 0; from < items.size(); from += Limits.BATCH_ENTRIES_MAX) {
              int to = Math.min(items.size(), from + Limits.BATCH_ENTRIES_MAX);
              List<Id> part = items.subList(from, to);
              outstanding++;
              Message.HaveItems request = new Message.HaveItems(part, Message.Scope.HELD);
              Asker asker = asker(part);
              links.ask(holder, request, part.get(0), 0, TIMEOUT_NANOS, asker, turn);
            }
          });
      oneLess(turn);
    }

    private Asker asker(List<Id> part) {
      return new Asker() {
        @Override
        public void answered(Id holder, Message.Answer answer, Turn turn) {
          TreeSet<Id> missing = new TreeSet<>(part);
          for (Receipt receipt : ((Message.HaveThese) answer).receipts()) {
            if (receipt.outcome() == Outcome.PRESENT) {
              missing.remove(receipt.id());
            }
          }
          read.removeAll(missing);
          oneLess(turn);
        }

        @Override
        public void failed(Id holder, Message.Failure failure, Turn turn) {
          part.forEach(read::remove);
          oneLess(turn);
        }
      };
    }

    private void oneLess(Turn turn) {
      outstanding--;
      if (outstanding == 0) {
        then.go(read, turn);
      }
    }
  }
}
