package org.ringslice.node.items;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Inquiry;

/**
 * Counts living items and their bytes: those that this node holds, or each item of the ring once,
 * stretch after stretch at the node that owns it ({@link OwnerWalk}). An answer that would take
 * long tells how far it has come; the asker goes on from there.
 */
public final class Counting {
  /** Pages of rows that are counted here for one answer: a fifth of a second. A guess. */
  static final int PAGES_MAX = 64;

  /** From this time on a count of the ring is answered with how far it has come. A guess. */
  static final long ANSWER_NANOS = 5_000_000_000L;

  private final OwnerWalk.Means means;

  public Counting(OwnerWalk.Means means) {
    this.means = means;
  }

  public void onGetCount(Inquiry inquiry, Message.GetCount request, Turn turn) {
    if (request.scope() == Message.Scope.RING) {
      new RingCount(inquiry, request.arc(), turn.now()).step(turn);
    } else if (request.scope() == Message.Scope.SETTLED && !means.sureOf().test(request.arc())) {
      inquiry.refuse(ErrorCode.UNSETTLED, OwnerWalk.UNSETTLED, turn);
    } else {
      new Tally(request.arc(), (count, why, later) -> answer(inquiry, count, why, later))
          .page(turn);
    }
  }

  private static void answer(
      Inquiry inquiry, Message.CountIs count, Optional<String> why, Turn turn) {
    if (why.isPresent()) {
      inquiry.refuse(ErrorCode.STORE_FAILED, why.get(), turn);
    } else {
      inquiry.answer(count, turn);
    }
  }

  /** What to do with what was counted here, or with the reason why it could not be. */
  @FunctionalInterface
  private interface Counted {
    void go(Message.CountIs count, Optional<String> why, Turn turn);
  }

  /** What this node holds of an arc. Invariant: all up to {@code at} was counted. */
  private final class Tally {
    private final Arc arc;
    private final Counted then;
    private Id at;
    private int pages;
    private long items;
    private long sizeBytes;

    Tally(Arc arc, Counted then) {
      this.arc = arc;
      this.then = then;
      this.at = arc.from();
    }

    void page(Turn turn) {
      pages++;
      means
          .shelf()
          .ask(
              StoreRequest.Scan.living(new Arc(at, arc.to()), Direction.NEXT, Limits.ITEMS_MAX),
              turn,
              this::scanned);
    }

    private void scanned(StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
      List<EntryInfo> rows = scanned.answer().map(StoreAnswer.Scanned::items).orElse(List.of());
      items += rows.size();
      for (EntryInfo row : rows) {
        sizeBytes += row.size();
      }
      boolean isAll = rows.size() < Limits.ITEMS_MAX;
      at = isAll ? arc.to() : rows.get(rows.size() - 1).id();
      if (scanned.failure().isPresent() || at.equals(arc.to()) || pages == PAGES_MAX) {
        then.go(new Message.CountIs(items, sizeBytes, at), scanned.failure(), turn);
      } else {
        page(turn);
      }
    }
  }

  /** Each item of an arc once. */
  private final class RingCount extends OwnerWalk {
    private final Inquiry inquiry;
    private final long began;
    private boolean hasBegun;
    private long items;
    private long sizeBytes;

    RingCount(Inquiry inquiry, Arc arc, long began) {
      super(means, Direction.NEXT, arc.from(), arc.to());
      this.inquiry = inquiry;
      this.began = began;
    }

    @Override
    Message.Request question(Stretch asked) {
      return new Message.GetCount(asked.arc(), Message.Scope.SETTLED);
    }

    @Override
    void tellHere(Stretch asked, Turn turn) {
      new Tally(asked.arc(), this::countedHere).page(turn);
    }

    private void countedHere(Message.CountIs count, Optional<String> why, Turn turn) {
      if (why.isPresent()) {
        failHere(ErrorCode.STORE_FAILED, why.get(), turn);
      } else {
        take(count, turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Message.CountIs count = (Message.CountIs) answer;
      if (stretch().arc().contains(count.until())) {
        take(count, turn);
      } else {
        String why = "node " + peer + " counted what it was not asked for";
        failed(peer, Message.Failure.of(question(stretch()), ErrorCode.MALFORMED, why), turn);
      }
    }

    private void take(Message.CountIs count, Turn turn) {
      hasBegun = true;
      items += count.items();
      sizeBytes += count.sizeBytes();
      proceed(count.until(), turn.now() - began > ANSWER_NANOS, turn);
    }

    @Override
    void finish(Turn turn) {
      inquiry.answer(new Message.CountIs(items, sizeBytes, at()), turn);
    }

    @Override
    void giveUp(Message.Failure failure, Turn turn) {
      if (hasBegun) {
        finish(turn); // who goes on from there is told what is amiss
      } else if (failure.code() == ErrorCode.UNKNOWN_TYPE) {
        inquiry.refuse(
            ErrorCode.UNKNOWN_TYPE,
            "a node of the ring is of a version that can't count; upgrade it, or count what is"
                + " listed",
            turn);
      } else {
        inquiry.answer(failure, turn);
      }
    }
  }
}
