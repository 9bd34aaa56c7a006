package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Id;
import org.ringslice.messages.Keeper;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/** Tells where one item should be, and, after asking every node for it, where it is. */
public final class Explaining {
  private static final long TIMEOUT_NANOS = 2_000_000_000L;

  private final Self self;
  private final View view;
  private final Links links;
  private final Shelf shelf;
  private final Updater updater;

  public Explaining(Self self, View view, Links links, Shelf shelf, Updater updater) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.shelf = shelf;
    this.updater = updater;
  }

  public void onExplain(Inquiry inquiry, Message.Explain request, Turn turn) {
    new Operation(inquiry, request.id()).start(turn);
  }

  /** The question to all nodes. */
  private final class Operation implements Asker {
    private final Inquiry inquiry;
    private final Id item;
    private final TreeMap<Id, Boolean> has = new TreeMap<>();
    private final TreeMap<Id, String> silent = new TreeMap<>();
    private int unanswered;

    Operation(Inquiry inquiry, Id item) {
      this.inquiry = inquiry;
      this.item = item;
    }

    void start(Turn turn) {
      List<Id> all = view.present().nodes();
      unanswered = all.size();
      Message.HaveItems question = new Message.HaveItems(List.of(item), Scope.HELD);
      for (Id node : all) {
        if (node.equals(self.id())) {
          shelf.look(
              List.of(item),
              turn,
              (looked, later) ->
                  said(node, looked.answer().filter(is -> is.present().get(0)).isPresent(), later));
        } else {
          links.ask(node, question, item, 0, TIMEOUT_NANOS, this, turn);
        }
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      boolean present =
          ((Message.HaveThese) answer)
              .receipts().stream()
                  .anyMatch(receipt -> receipt.outcome() == Receipt.Outcome.PRESENT);
      said(peer, present, turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      silent.put(peer, failure.sentence());
      said(peer, false, turn);
    }

    private void said(Id node, boolean present, Turn turn) {
      has.put(node, present);
      unanswered--;
      if (unanswered == 0) {
        explain(turn);
      }
    }

    private void explain(Turn turn) {
      List<Id> owners = view.homes().homes(item).stream().map(view.grown()::owner).toList();
      List<Id> holders = view.holders(item);
      List<Keeper> keepers = new ArrayList<>();
      holders.forEach(holder -> keepers.add(keeper(holder)));
      has.forEach(
          (node, present) -> {
            if (present && !holders.contains(node) && keepers.size() < Limits.KEEPERS_MAX) {
              keepers.add(new Keeper(node, false, true, ""));
            }
          });
      inquiry.answer(new Message.Explained(owners, keepers), turn);
    }

    private Keeper keeper(Id holder) {
      boolean present = has.getOrDefault(holder, false);
      return new Keeper(holder, true, present, present ? "" : why(holder));
    }

    private String why(Id holder) {
      if (!has.containsValue(true)) {
        return silent.getOrDefault(holder, "no node has it");
      }
      return silent.getOrDefault(holder, Audit.why(holder, view.state(holder), updater));
    }
  }
}
