package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Receipt.Outcome;
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

  private static final String STAMPED =
      "what is stored has the stamp 0, and nodes give it a greater one where it was deleted";

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Locating locating;
  private final Mending mending;
  private final Reviving reviving;
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
    this.mending = mending;
    reviving = new Reviving(shelf, mending);
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
    List<String> refusals = entries.stream().map(Storing::refusal).toList();
    List<Entry> taken = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (refusals.get(i).isEmpty()) {
        taken.add(entries.get(i));
      }
    }
    reviving.keep(
        taken,
        turn,
        (outcomes, failure, later) -> {
          if (failure.isPresent()) {
            inquiry.refuse(ErrorCode.STORE_FAILED, failure.get(), later);
          } else {
            inquiry.answer(new Message.Stored(receipts(entries, refusals, outcomes)), later);
          }
        });
  }

  /**
   * @param refusals why each entry was not kept here; empty when it was tried
   * @param outcomes of those that were
   */
  private List<Receipt> receipts(
      List<Entry> entries, List<String> refusals, List<Outcome> outcomes) {
    List<Receipt> receipts = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < entries.size(); i++) {
      Id id = entries.get(i).id();
      if (!refusals.get(i).isEmpty()) {
        receipts.add(refused(id, refusals.get(i)));
        continue;
      }
      Outcome outcome = outcomes.get(next++);
      receipts.add(
          outcome == Outcome.REFUSED
              ? refused(id, Reviving.IS_DELETED)
              : new Receipt(id, outcome, 1, 1, List.of(self.id()), ""));
    }
    return receipts;
  }

  private static Receipt refused(Id entry, String why) {
    return new Receipt(entry, Outcome.REFUSED, 0, 0, List.of(), why);
  }

  /** Why nobody is to keep an entry; empty when it is in order. */
  private static String refusal(Entry entry) {
    return Admission.refusal(entry.info())
        .orElse(
            entry.isGenuine()
                ? ""
                : "the bytes are not those of this id; read them again and repeat");
  }

  /** One person's store, until it is answered and all that was asked for it has come back. */
  private final class Operation {
    private final Inquiry inquiry;
    private final List<Placement> placements;
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
      TreeMap<Id, List<Placement>> pushes = new TreeMap<>();
      for (Placement placement : placements) {
        placement.place();
        for (Id holder : placement.toBeAsked()) {
          pushes.computeIfAbsent(holder, none -> new ArrayList<>()).add(placement);
        }
      }
      unanswered += pushes.size();
      pushes.forEach((holder, pushed) -> new Push(holder, pushed).start(turn));
    }

    /** Some of the entries, brought to one holder. */
    private final class Push implements Asker {
      private final Id holder;
      private final List<Placement> pushed;

      Push(Id holder, List<Placement> pushed) {
        this.holder = holder;
        this.pushed = pushed;
      }

      void start(Turn turn) {
        List<Entry> entries = pushed.stream().map(placement -> placement.entry).toList();
        if (holder.equals(self.id())) {
          reviving.keep(entries, turn, this::keptHere);
        } else {
          Message.Store copy = new Message.Store(entries, Message.Intent.REPLICATE);
          Id target = entries.get(0).id();
          links.ask(holder, copy, target, 0, DEADLINE_NANOS, this, turn);
        }
      }

      private void keptHere(List<Outcome> outcomes, Optional<String> failure, Turn turn) {
        unanswered--;
        if (failure.isPresent()) {
          trouble = failure.get();
          pushed.forEach(placement -> placement.declined.add(holder));
        } else {
          for (int i = 0; i < pushed.size(); i++) {
            note(pushed.get(i), outcomes.get(i), Reviving.IS_DELETED);
          }
        }
        proceed(turn);
      }

      @Override
      public void answered(Id peer, Message.Answer answer, Turn turn) {
        unanswered--;
        List<Receipt> receipts = ((Message.Stored) answer).receipts();
        for (int i = 0; i < pushed.size(); i++) {
          Placement placement = pushed.get(i);
          if (i < receipts.size() && receipts.get(i).id().equals(placement.entry.id())) {
            note(placement, receipts.get(i).outcome(), receipts.get(i).why());
          } else {
            note(placement, Outcome.REFUSED, "it did not say what became of it");
          }
        }
        proceed(turn);
      }

      /** What became of one entry at the holder. */
      private void note(Placement placement, Outcome outcome, String why) {
        if (outcome == Outcome.STORED || outcome == Outcome.PRESENT) {
          placement.mark(holder, outcome);
        } else {
          placement.declined.add(holder);
          trouble = "node " + holder + " refused: " + why;
        }
      }

      @Override
      public void failed(Id peer, Message.Failure failure, Turn turn) {
        unanswered--;
        if (failure.code() == ErrorCode.STORE_FAILED) {
          pushed.forEach(placement -> placement.declined.add(holder));
        } else if (failure.code() == ErrorCode.STOPPING) {
          // who takes its place is known soon
          anyUnreached = true;
          pushed.forEach(placement -> placement.declined.add(holder));
        } else {
          anyUnreached = true;
          pushed.forEach(placement -> placement.asked.remove(holder));
        }
        trouble = failure.sentence();
        proceed(turn);
      }
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
            placements.stream()
                .flatMap(placement -> view.homes().homes(placement.entry.id()).stream())
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
    links.ask(holder, question, items.get(0), 0, timeoutNanos, MENDED, turn);
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

    /** Why no holder is asked to keep it; empty when they are. */
    private final String refusal;

    private boolean isNew;

    Placement(Entry entry) {
      this.entry = entry;
      String why = refusal(entry);
      refusal = why.isEmpty() && entry.stamp() != Entry.NEVER_DELETED ? STAMPED : why;
    }

    /** Takes what the view says now. */
    void place() {
      holders = view.holders(entry.id());
      writers = view.writers(entry.id());
    }

    /** Writers and keepers that nobody suspects and that were not asked yet; they are now. */
    List<Id> toBeAsked() {
      if (!refusal.isEmpty()) {
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
      return !refusal.isEmpty() || isAcknowledged(graceIsOver);
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
      if (!refusal.isEmpty()) {
        return refused(entry.id(), refusal);
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
