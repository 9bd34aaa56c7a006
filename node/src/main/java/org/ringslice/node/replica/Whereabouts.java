package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/** Finds out whether anybody has some items; unlike a read it tells silence from absence. */
final class Whereabouts {
  /** For a holder to look for a page of items. A guess: it may have to read their bytes. */
  private static final long TIMEOUT_NANOS = 20_000_000_000L;

  /**
   * What was found. Of items that are in neither it is not known.
   *
   * @param there somebody has it
   * @param nowhere nobody has it, and everybody who was to be asked has answered
   */
  record Told(TreeSet<Id> there, TreeSet<Id> nowhere) {}

  /** What to do with it. */
  @FunctionalInterface
  interface Then {
    void go(Told told, Turn turn);
  }

  private final Self self;
  private final View view;
  private final Links links;
  private final Shelf shelf;

  Whereabouts(Self self, View view, Links links, Shelf shelf) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.shelf = shelf;
  }

  /**
   * Asks this node and the holders of each item.
   *
   * @param doubtful of these, those who may have held it before are asked too
   */
  void ask(List<Id> ids, Set<Id> doubtful, Turn turn, Then then) {
    TreeSet<Id> wide = new TreeSet<>(ids);
    wide.retainAll(doubtful);
    // unannounced: this node itself wants to know, and relies on nothing
    shelf.ask(
        new StoreRequest.Look(ids),
        turn,
        (looked, later) -> {
          Question question = new Question(then);
          for (int i = 0; i < ids.size() && !looked.hasFailed(); i++) {
            if (looked.get().present().get(i)) {
              question.there.add(ids.get(i));
            } else {
              question.add(ids.get(i), wide.contains(ids.get(i)));
            }
          }
          question.start(later);
        });
  }

  /** One question to all who may have some items. */
  private final class Question implements Asker {
    private final Then then;
    private final TreeMap<Id, List<Id>> byPeer = new TreeMap<>();
    private final TreeSet<Id> open = new TreeSet<>();
    private final TreeSet<Id> there = new TreeSet<>();
    private int outstanding = 1;

    Question(Then then) {
      this.then = then;
    }

    void add(Id id, boolean wide) {
      TreeSet<Id> peers = new TreeSet<>(view.holders(id));
      if (wide) {
        peers.addAll(view.candidates(id, 0));
      }
      peers.remove(self.id());
      if (peers.stream().allMatch(view::isTrusted)) {
        open.add(id);
      }
      peers.stream()
          .filter(view::isTrusted)
          .forEach(peer -> byPeer.computeIfAbsent(peer, none -> new ArrayList<>()).add(id));
    }

    void start(Turn turn) {
      outstanding += byPeer.size();
      byPeer.forEach(
          (peer, ids) -> {
            Message.HaveItems request = new Message.HaveItems(ids, Message.Scope.HELD);
            links.ask(peer, request, ids.get(0), 0, TIMEOUT_NANOS, this, turn);
          });
      oneLess(turn);
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      TreeSet<Id> silent = new TreeSet<>(byPeer.get(peer));
      for (Receipt receipt : ((Message.HaveThese) answer).receipts()) {
        if (silent.remove(receipt.id()) && receipt.outcome() == Outcome.PRESENT) {
          there.add(receipt.id());
        }
      }
      open.removeAll(silent);
      oneLess(turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      open.removeAll(byPeer.get(peer));
      oneLess(turn);
    }

    private void oneLess(Turn turn) {
      outstanding--;
      if (outstanding == 0) {
        open.removeAll(there);
        then.go(new Told(there, open), turn);
      }
    }
  }
}
