package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Walks from item to item round the ring. The items of a stretch are listed by the node that owns
 * it; a walk goes from owner to owner until it has enough, or has come to its end.
 */
public final class Walking {
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /**
   * How often a stretch is asked for again when its owner did not answer: by then it has another.
   */
  private static final int REPEATS_MAX = 3;

  /** Before each repetition: together with the others longer than a death goes unnoticed. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Shelf shelf;

  public Walking(Self self, View view, Timers timers, Links links, Shelf shelf) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.shelf = shelf;
  }

  public void onGetItems(Inquiry inquiry, Message.GetItems request, Turn turn) {
    if (request.scope() == Message.Scope.RING) {
      new Walk(inquiry, request).step(turn);
      return;
    }
    shelf.scan(
        request.arc(),
        request.direction(),
        request.count(),
        turn,
        (scanned, then) -> answerHeld(inquiry, request, scanned, then));
  }

  private static void answerHeld(
      Inquiry inquiry, Message.GetItems request, Event.Scanned scanned, Turn turn) {
    if (scanned.failure().isPresent()) {
      inquiry.refuse(ErrorCode.STORE_FAILED, scanned.failure().get(), turn);
    } else {
      inquiry.answer(new Message.ItemsAre(request.direction(), scanned.items()), turn);
    }
  }

  /** One walk. Invariant: all items strictly between the start and {@code at} have been seen. */
  private final class Walk implements Asker {
    private final Inquiry inquiry;
    private final Message.GetItems request;
    private final List<EntryInfo> found = new ArrayList<>();
    private Id at;
    private Message.GetItems stretch;
    private int repeats;

    Walk(Inquiry inquiry, Message.GetItems request) {
      this.inquiry = inquiry;
      this.request = request;
      this.at = request.at();
    }

    void step(Turn turn) {
      int missing = request.count() - found.size();
      Id owner = ownerOfWhatFollows();
      Id end = nearer(endOfStretch(owner), request.until());
      stretch = new Message.GetItems(request.direction(), at, missing, end, Message.Scope.HELD);
      if (owner.equals(self.id())) {
        shelf.scan(stretch.arc(), stretch.direction(), missing, turn, this::scannedHere);
      } else {
        links.ask(owner, Lane.CONTROL, stretch, at, 0, TIMEOUT_NANOS, this, turn);
      }
    }

    private Id ownerOfWhatFollows() {
      Ring ring = view.ring();
      return request.direction() == Direction.NEXT ? ring.next(at) : ring.owner(at.previous());
    }

    /** The last point, in the direction of the walk, that the owner answers for. */
    private Id endOfStretch(Id owner) {
      return request.direction() == Direction.NEXT ? owner : view.ring().previous(owner).next();
    }

    /** Of two points the one that the walk comes to first; its own position it comes to last. */
    private Id nearer(Id one, Id other) {
      return distance(one).compareTo(distance(other)) <= 0 ? one : other;
    }

    private Id distance(Id point) {
      Id distance = request.direction() == Direction.NEXT ? point.minus(at) : at.minus(point);
      return distance.previous();
    }

    private void scannedHere(Event.Scanned scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        inquiry.refuse(ErrorCode.STORE_FAILED, scanned.failure().get(), turn);
      } else {
        proceed(scanned.items(), turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Arc arc = stretch.arc();
      proceed(
          ((Message.ItemsAre) answer)
              .items().stream().filter(item -> arc.contains(item.id())).toList(),
          turn);
    }

    private void proceed(List<EntryInfo> items, Turn turn) {
      int missing = request.count() - found.size();
      found.addAll(items.subList(0, Math.min(items.size(), missing)));
      at = stretch.until();
      if (found.size() == request.count() || at.equals(request.until())) {
        inquiry.answer(new Message.ItemsAre(request.direction(), found), turn);
      } else {
        step(turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (repeats++ < REPEATS_MAX && failure.retry()) {
        timers.after(PAUSE_NANOS, turn, this::step);
      } else {
        inquiry.answer(
            new Message.Failure(
                request.typeCode(), failure.code(), failure.sentence(), failure.retry(), List.of()),
            turn);
      }
    }
  }
}
