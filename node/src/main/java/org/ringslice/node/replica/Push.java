package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;

/**
 * Brings copies to nodes that lack them, one batch after the other. Invariant: at most one batch of
 * {@link Limits#BATCH_BYTES_MAX} is in memory, so that repairing does not crowd out those who store
 * and read.
 */
final class Push implements Asker {
  private static final long TIMEOUT_NANOS = 15_000_000_000L;

  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    /**
     * @param failed items of which a copy did not come to its place
     * @param troubles why nodes did not take theirs
     */
    void go(SortedSet<Id> failed, SortedMap<Id, String> troubles, Turn turn);
  }

  private record Copy(Id item, Id target) {}

  private final Shelf shelf;
  private final Links links;
  private final Then then;
  private final ArrayDeque<Copy> waiting = new ArrayDeque<>();
  private final List<Entry> batch = new ArrayList<>();
  private final TreeSet<Id> failed = new TreeSet<>();
  private final TreeMap<Id, String> troubles = new TreeMap<>();
  private long batchBytes;
  private Id target;

  private Push(Shelf shelf, Links links, Then then) {
    this.shelf = shelf;
    this.links = links;
    this.then = then;
  }

  /**
   * @param wanted the items that each node is to get
   */
  static void of(SortedMap<Id, List<Id>> wanted, Shelf shelf, Links links, Turn turn, Then then) {
    Push push = new Push(shelf, links, then);
    wanted.forEach((node, items) -> items.forEach(item -> push.waiting.add(new Copy(item, node))));
    push.fill(turn);
  }

  /** Loads one more entry for the batch, or sends it when it is full or for another node. */
  private void fill(Turn turn) {
    Copy copy = waiting.peek();
    boolean goesOn =
        copy != null
            && (batch.isEmpty() || copy.target().equals(target))
            && batch.size() < Limits.BATCH_ENTRIES_MAX
            && batchBytes <= Limits.BATCH_BYTES_MAX - Limits.BLOCK_BYTES_MAX;
    if (goesOn) {
      waiting.poll();
      target = copy.target();
      shelf.load(copy.item(), turn, (loaded, later) -> loaded(copy, loaded, later));
    } else if (!batch.isEmpty()) {
      send(turn);
    } else {
      then.go(failed, troubles, turn);
    }
  }

  private void loaded(Copy copy, Event.Loaded loaded, Turn turn) {
    if (loaded.entry().isPresent()) {
      batch.add(loaded.entry().get());
      batchBytes += loaded.entry().get().bytes().size();
    } else if (loaded.failure().isPresent()) {
      failed.add(copy.item());
    }
    fill(turn);
  }

  private void send(Turn turn) {
    Message.Store copies = new Message.Store(batch, Message.Intent.REPLICATE);
    Id first = batch.get(0).id();
    links.ask(target, Lane.BULK, copies, first, 0, TIMEOUT_NANOS, this, turn);
  }

  @Override
  public void answered(Id peer, Message.Answer answer, Turn turn) {
    TreeSet<Id> untold = new TreeSet<>();
    batch.forEach(entry -> untold.add(entry.id()));
    for (Receipt receipt : ((Message.Stored) answer).receipts()) {
      if (receipt.outcome() == Receipt.Outcome.REFUSED && untold.remove(receipt.id())) {
        failed.add(receipt.id());
        troubles.put(peer, receipt.why());
      }
      untold.remove(receipt.id());
    }
    if (!untold.isEmpty()) {
      failed.addAll(untold);
      troubles.put(peer, "it did not tell whether it took all copies");
    }
    nextBatch(turn);
  }

  @Override
  public void failed(Id peer, Message.Failure failure, Turn turn) {
    troubles.put(peer, failure.sentence());
    batch.forEach(entry -> failed.add(entry.id()));
    // it would not take the others either, and they would be read in vain
    while (!waiting.isEmpty() && waiting.peek().target().equals(peer)) {
      failed.add(waiting.poll().item());
    }
    nextBatch(turn);
  }

  private void nextBatch(Turn turn) {
    batch.clear();
    batchBytes = 0;
    fill(turn);
  }
}
