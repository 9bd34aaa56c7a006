package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/**
 * Tells which items are there already, so that nobody sends what is. Over the ring an item counts
 * as PRESENT when every holder that nobody suspects has it; what lacks copies on the way is to be
 * mended (read repair: DeCandia et al., "Dynamo", SOSP 2007, section 5).
 */
public final class Having {
  /** What is known at once, or can be looked up. */
  private static final long TIMEOUT_NANOS = 1_000_000_000L;

  /**
   * More for each item that its holder may have to read before it says that it is there: the
   * largest at 50 MB/s. After that its bytes are sent, which costs more and harms nobody.
   */
  private static final long READING_NANOS = 20_000_000L;

  private final Self self;
  private final View view;
  private final Links links;
  private final Shelf shelf;
  private final Mending mending;

  public Having(Self self, View view, Links links, Shelf shelf, Mending mending) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.shelf = shelf;
    this.mending = mending;
  }

  public void onHaveItems(Inquiry inquiry, Message.HaveItems request, Turn turn) {
    if (request.scope() == Message.Scope.HELD) {
      shelf.look(request.ids(), turn, (looked, then) -> answerHeld(inquiry, request, looked, then));
    } else {
      new Operation(inquiry, request.ids()).start(turn);
    }
  }

  private void answerHeld(
      Inquiry inquiry,
      Message.HaveItems request,
      StoreReply<StoreAnswer.Looked> looked,
      Turn turn) {
    if (looked.failure().isPresent()) {
      inquiry.refuse(ErrorCode.STORE_FAILED, looked.failure().get(), turn);
      return;
    }
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < request.ids().size(); i++) {
      boolean here = looked.get().present().get(i);
      List<Id> where = here ? List.of(self.id()) : List.of();
      Outcome outcome = here ? Outcome.PRESENT : Outcome.ABSENT;
      receipts.add(new Receipt(request.ids().get(i), outcome, where.size(), 1, where, ""));
    }
    inquiry.answer(new Message.HaveThese(receipts), turn);
  }

  /** One question to all holders of some items. */
  private final class Operation implements Asker {
    private final Inquiry inquiry;
    private final List<Id> ids;
    private final TreeMap<Id, TreeSet<Id>> foundAt = new TreeMap<>();
    private int outstanding;

    Operation(Inquiry inquiry, List<Id> ids) {
      this.inquiry = inquiry;
      this.ids = ids;
    }

    void start(Turn turn) {
      TreeMap<Id, List<Id>> byHolder = new TreeMap<>();
      for (Id id : ids) {
        view.holders(id).stream()
            .filter(view::isTrusted)
            .forEach(holder -> byHolder.computeIfAbsent(holder, none -> new ArrayList<>()).add(id));
      }
      outstanding = byHolder.size();
      byHolder.forEach((holder, held) -> ask(holder, held, turn));
      answerIfDone(turn);
    }

    private void ask(Id holder, List<Id> held, Turn turn) {
      if (holder.equals(self.id())) {
        shelf.look(held, turn, (looked, then) -> lookedHere(held, looked, then));
      } else {
        Message.HaveItems question = new Message.HaveItems(held, Message.Scope.HELD);
        long timeoutNanos = TIMEOUT_NANOS + held.size() * READING_NANOS;
        links.ask(holder, question, held.get(0), 0, timeoutNanos, this, turn);
      }
    }

    private void lookedHere(List<Id> held, StoreReply<StoreAnswer.Looked> looked, Turn turn) {
      for (int i = 0; i < held.size() && !looked.hasFailed(); i++) {
        if (looked.get().present().get(i)) {
          found(held.get(i), self.id());
        }
      }
      oneLess(turn);
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      for (Receipt receipt : ((Message.HaveThese) answer).receipts()) {
        if (receipt.outcome() == Outcome.PRESENT) {
          found(receipt.id(), peer);
        }
      }
      oneLess(turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      oneLess(turn);
    }

    private void found(Id id, Id holder) {
      foundAt.computeIfAbsent(id, none -> new TreeSet<>()).add(holder);
    }

    private void oneLess(Turn turn) {
      outstanding--;
      answerIfDone(turn);
    }

    private void answerIfDone(Turn turn) {
      if (outstanding == 0) {
        List<Id> lacking =
            foundAt.keySet().stream().filter(id -> !isEverywhere(id, view.holders(id))).toList();
        if (!lacking.isEmpty()) {
          mending.due(lacking, turn);
        }
        inquiry.answer(new Message.HaveThese(ids.stream().map(this::receipt).toList()), turn);
      }
    }

    private Receipt receipt(Id id) {
      List<Id> holders = view.holders(id);
      TreeSet<Id> found = foundAt.getOrDefault(id, new TreeSet<>());
      List<Id> where = holders.stream().filter(found::contains).toList();
      Outcome outcome = isEverywhere(id, holders) ? Outcome.PRESENT : Outcome.ABSENT;
      return new Receipt(id, outcome, where.size(), holders.size(), where, "");
    }

    private boolean isEverywhere(Id id, List<Id> holders) {
      TreeSet<Id> found = foundAt.getOrDefault(id, new TreeSet<>());
      return holders.stream().anyMatch(found::contains)
          && holders.stream().allMatch(holder -> found.contains(holder) || !view.isTrusted(holder));
    }
  }
}
