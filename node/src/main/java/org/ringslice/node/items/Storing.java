package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Keeps entries. A holder's push is kept here and answered when durable. A person's store is
 * brought to all holders, those that join too, and acknowledged when it is durable on each that
 * nobody suspects; after {@link #GRACE_NANOS} without one of them, when it is durable on a
 * majority. The receipt always says on how many of how many; what lacks copies in the end is mended
 * by those who have it. Invariant: an acknowledged item is on all trusted holders of the view of
 * that moment, or is to be mended, or the view changes, upon which everything is.
 */
public final class Storing {
  /** How long a holder that is not suspected is waited for, when a majority has acknowledged. */
  static final long GRACE_NANOS = 1_000_000_000L;

  /**
   * After which a store that found no majority is refused. It may be repeated: nothing is lost by
   * it.
   */
  static final long DEADLINE_NANOS = 15_000_000_000L;

  /** From the end of a store that reached too few to the mending: what is under way may arrive. */
  private static final long MEND_NANOS = 1_000_000_000L;

  private static final long MEND_TIMEOUT_NANOS = 5_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Shelf shelf;
  private final Locating locating;
  private final Mending mending;
  private int unacknowledged;
  private boolean closed;

  public Storing(
      Self self,
      View view,
      Timers timers,
      Links links,
      Shelf shelf,
      Locating locating,
      Mending mending) {
    this.self = self;
    this.locating = locating;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.shelf = shelf;
    this.mending = mending;
  }

  /** Takes no more stores, or takes them again; those that are under way go on. */
  public void close(boolean nowClosed) {
    closed = nowClosed;
  }

  /** Whether all stores that were asked of this node by people have been answered. */
  public boolean isIdle() {
    return unacknowledged == 0;
  }

  public void onStore(Inquiry inquiry, Message.Store request, Turn turn) {
    if (closed) {
      inquiry.refuse(ErrorCode.STOPPING, "this node is leaving: store by another one", turn);
    } else if (request.intent() == Message.Intent.REPLICATE) {
      replicate(inquiry, request.entries(), turn);
    } else {
      new Operation(inquiry, request.entries()).start(turn);
    }
  }

  private void replicate(Inquiry inquiry, List<Entry> entries, Turn turn) {
    List<Entry> genuine = entries.stream().filter(Entry::isGenuine).toList();
    shelf.keep(genuine, turn, (kept, then) -> answerReplica(inquiry, entries, kept, then));
  }

  private void answerReplica(
      Inquiry inquiry, List<Entry> entries, StoreReply<StoreAnswer.Kept> kept, Turn turn) {
    if (kept.failure().isPresent()) {
      inquiry.refuse(ErrorCode.STORE_FAILED, kept.failure().get(), turn);
      return;
    }
    List<Receipt> receipts = new ArrayList<>();
    int next = 0;
    for (Entry entry : entries) {
      receipts.add(
          entry.isGenuine()
              ? new Receipt(
                  entry.id(), kept.get().outcomes().get(next++), 1, 1, List.of(self.id()), "")
              : notGenuine(entry));
    }
    inquiry.answer(new Message.Stored(receipts), turn);
  }

  private static Receipt notGenuine(Entry entry) {
    String why = "the bytes are not those of this id; read them again and repeat";
    return new Receipt(entry.id(), Outcome.REFUSED, 0, 0, List.of(), why);
  }

  /** One person's store, until it is answered and all that was asked for it has come back. */
  private final class Operation implements Asker {
    private final Inquiry inquiry;
    private final List<Placement> placements;

    /** Of each id, all of them: one may be stored twice. */
    private final TreeMap<Id, List<Placement>> placementsOf = new TreeMap<>();

    private Ring ring;
    private Ring grown;
    private boolean answered;
    private boolean graceIsOver;
    private String trouble = "";
    private int unanswered;

    /** Whether a holder was not reached, and so may come to be suspected and waited for no more. */
    private boolean anyUnreached;

    /** Whether those who own the places now have been asked who holds, after all was kept. */
    private boolean isConfirmed;

    private boolean isConfirming;
    private Timers.Handle grace;
    private Timers.Handle deadline;

    Operation(Inquiry inquiry, List<Entry> entries) {
      this.inquiry = inquiry;
      this.placements = entries.stream().map(Placement::new).toList();
      for (Placement placement : placements) {
        placementsOf
            .computeIfAbsent(placement.entry.id(), none -> new ArrayList<>(1))
            .add(placement);
      }
    }

    void start(Turn turn) {
      unacknowledged++;
      grace = timers.after(GRACE_NANOS, turn, this::endGrace);
      deadline = timers.after(DEADLINE_NANOS, turn, this::giveUp);
      proceed(turn);
    }

    /**
     * Pushes to holders that have not been asked yet: all of them at first, and later those that
     * came since.
     */
    private void pushWhereNeeded(Turn turn) {
      if (view.ring() == ring && view.grown() == grown) {
        return;
      }
      ring = view.ring();
      grown = view.grown();
      TreeMap<Id, List<Entry>> pushes = new TreeMap<>();
      for (Placement placement : placements) {
        placement.place();
        for (Id holder : placement.toBeAsked()) {
          pushes.computeIfAbsent(holder, none -> new ArrayList<>()).add(placement.entry);
        }
      }
      unanswered += pushes.size();
      pushes.forEach((holder, entries) -> push(holder, entries, turn));
    }

    private void push(Id holder, List<Entry> entries, Turn turn) {
      if (holder.equals(self.id())) {
        shelf.keep(entries, turn, (kept, then) -> keptHere(entries, kept, then));
      } else {
        Message.Store copy = new Message.Store(entries, Message.Intent.REPLICATE);
        Id target = entries.get(0).id();
        links.ask(holder, Lane.BULK, copy, target, 0, DEADLINE_NANOS, this, turn);
      }
    }

    private void keptHere(List<Entry> entries, StoreReply<StoreAnswer.Kept> kept, Turn turn) {
      unanswered--;
      if (kept.failure().isPresent()) {
        trouble = kept.failure().get();
        placements.forEach(placement -> placement.declined.add(self.id()));
      } else {
        for (int i = 0; i < entries.size(); i++) {
          mark(entries.get(i).id(), self.id(), kept.get().outcomes().get(i));
        }
      }
      proceed(turn);
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      unanswered--;
      for (Receipt receipt : ((Message.Stored) answer).receipts()) {
        if (receipt.outcome() == Outcome.STORED || receipt.outcome() == Outcome.PRESENT) {
          mark(receipt.id(), peer, receipt.outcome());
        } else {
          trouble = "node " + peer + " refused: " + receipt.why();
        }
      }
      proceed(turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      unanswered--;
      if (failure.code() == ErrorCode.STORE_FAILED) {
        placements.forEach(placement -> placement.declined.add(peer));
      } else if (failure.code() == ErrorCode.STOPPING) {
        // who takes its place is known soon
        anyUnreached = true;
        placements.forEach(placement -> placement.declined.add(peer));
      } else {
        anyUnreached = true;
        placements.forEach(placement -> placement.asked.remove(peer));
      }
      trouble = failure.sentence();
      proceed(turn);
    }

    private void mark(Id entry, Id holder, Outcome outcome) {
      placementsOf
          .getOrDefault(entry, List.of())
          .forEach(placement -> placement.mark(holder, outcome));
    }

    private void endGrace(Turn turn) {
      graceIsOver = true;
      ring = null;
      proceed(turn);
      if (!answered) {
        // whoever is missing may come to be suspected, and is then not waited for, or may be
        // reached at the next attempt
        grace = timers.after(GRACE_NANOS / 4, turn, this::endGrace);
      }
    }

    /**
     * Somebody may have come to hold since this began, and have asked the holders what it lacks
     * before they had this. Where everybody is known the view has it; else the owners are asked.
     */
    private boolean isConfirmed(Turn turn) {
      if (!view.isWhole() && !isConfirming) {
        isConfirming = true;
        List<Id> places =
            placementsOf.keySet().stream()
                .flatMap(item -> view.homes().homes(item).stream())
                .toList();
        locating.know(places, turn.now(), turn, this::confirmed);
      }
      return isConfirmed || view.isWhole();
    }

    private void confirmed(Turn turn) {
      isConfirmed = true;
      proceed(turn);
    }

    private void giveUp(Turn turn) {
      answer(turn);
      if (unanswered == 0) {
        haveMended(turn);
      }
    }

    private void proceed(Turn turn) {
      if (!answered) {
        pushWhereNeeded(turn);
        boolean done = placements.stream().allMatch(placement -> placement.isDone(graceIsOver));
        boolean hopeless = unanswered == 0 && !anyUnreached;
        if (hopeless || (done && isConfirmed(turn))) {
          answer(turn);
        }
      }
      if (answered && unanswered == 0) {
        haveMended(turn);
      }
    }

    /**
     * What is not everywhere is the matter of the first who has it, and that may be one whose word
     * was lost: all are told, and one of them pushes.
     */
    private void haveMended(Turn turn) {
      TreeMap<Id, List<Id>> byHolder = new TreeMap<>();
      for (Placement placement : placements) {
        placement.place();
        if (!placement.durable.isEmpty() && !placement.isOnAll()) {
          for (Id holder : placement.toBeTold()) {
            byHolder.computeIfAbsent(holder, none -> new ArrayList<>()).add(placement.entry.id());
          }
        }
      }
      byHolder.forEach(
          (holder, items) ->
              timers.after(MEND_NANOS, turn, later -> haveSeenTo(holder, items, later)));
    }

    private void answer(Turn turn) {
      answered = true;
      unacknowledged--;
      timers.cancel(grace);
      timers.cancel(deadline);
      inquiry.answer(
          new Message.Stored(
              placements.stream().map(placement -> placement.receipt(trouble)).toList()),
          turn);
    }
  }

  private void haveSeenTo(Id holder, List<Id> items, Turn turn) {
    if (holder.equals(self.id())) {
      mending.due(items, turn);
      return;
    }
    // whoever is asked where its items are looks for itself, and mends
    Message.HaveItems question = new Message.HaveItems(items, Message.Scope.RING);
    long timeoutNanos = MEND_TIMEOUT_NANOS;
    links.ask(holder, Lane.BULK, question, items.get(0), 0, timeoutNanos, MENDED, turn);
  }

  /** Nothing hangs on the answer; should the question be lost, the gap is found at rest. */
  private static final Asker MENDED =
      new Asker() {
        @Override
        public void answered(Id peer, Message.Answer answer, Turn turn) {}

        @Override
        public void failed(Id peer, Message.Failure failure, Turn turn) {}
      };

  /** Where one entry is to be, and where it is durable. */
  private final class Placement {
    private final Entry entry;
    private List<Id> holders = List.of();
    private List<Id> writers = List.of();
    private final TreeSet<Id> asked = new TreeSet<>();
    private final List<Id> durable = new ArrayList<>();

    /** Whose disk did not take it, or who are leaving: they are not waited for. */
    private final TreeSet<Id> declined = new TreeSet<>();

    private boolean isNew;

    Placement(Entry entry) {
      this.entry = entry;
    }

    /** Takes what the view says now. */
    void place() {
      holders = view.holders(entry.id());
      writers = view.writers(entry.id());
    }

    /** Writers and keepers that nobody suspects and that were not asked yet; they are now. */
    List<Id> toBeAsked() {
      if (!entry.isGenuine()) {
        return List.of();
      }
      List<Id> all = new ArrayList<>(writers);
      // they get it as soon as the holders do, and are not waited for
      all.addAll(view.keepers(entry.id()));
      return all.stream().filter(view::isTrusted).filter(asked::add).toList();
    }

    boolean isOnAll() {
      return durable.containsAll(holders);
    }

    /** Who may have it. */
    SortedSet<Id> toBeTold() {
      TreeSet<Id> told = new TreeSet<>(durable);
      holders.stream().filter(view::isTrusted).forEach(told::add);
      return told;
    }

    void mark(Id holder, Outcome outcome) {
      if (!durable.contains(holder)) {
        durable.add(holder);
        isNew |= outcome == Outcome.STORED;
      }
    }

    boolean isDone(boolean graceIsOver) {
      return !entry.isGenuine() || isAcknowledged(graceIsOver);
    }

    private boolean isAcknowledged(boolean graceIsOver) {
      // whoever has it is to be one of those whom it is read from
      long copies = holders.stream().filter(durable::contains).count();
      if (copies == 0) {
        return false;
      }
      boolean majority = 2 * copies > holders.size();
      return writers.stream().noneMatch(this::isLacking)
          || (majority && (graceIsOver || writers.stream().noneMatch(this::isAwaited)));
    }

    private boolean isLacking(Id writer) {
      return view.isTrusted(writer) && !durable.contains(writer);
    }

    private boolean isAwaited(Id writer) {
      return isLacking(writer) && !declined.contains(writer);
    }

    Receipt receipt(String trouble) {
      if (!entry.isGenuine()) {
        return notGenuine(entry);
      }
      List<Id> where = holders.stream().filter(durable::contains).toList();
      if (!isAcknowledged(true)) {
        String why =
            "durable on "
                + durable.size()
                + " of "
                + holders.size()
                + " nodes so far, which is too few"
                + (trouble.isEmpty() ? "" : ": " + trouble)
                + "; try again";
        return new Receipt(entry.id(), Outcome.REFUSED, where.size(), holders.size(), where, why);
      }
      Outcome outcome = isNew ? Outcome.STORED : Outcome.PRESENT;
      return new Receipt(entry.id(), outcome, where.size(), holders.size(), where, "");
    }
  }
}
