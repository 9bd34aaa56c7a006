package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Content;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Thing;
import org.ringslice.messages.Type;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreAnswer.Described;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.StoreRequest.Scan;
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
 * Walks from item to item round the ring. The items of a stretch are listed by the node that owns
 * it; a walk goes from owner to owner until it has enough, or has come to its end. Where an owner
 * does not answer, or has just come to own more than it has, the owner of the stretch's next masked
 * place is asked, which is to hold the same items: each mask divides the whole ring. What the items
 * are is told by those who list them, as far as they know.
 */
public final class Walking {
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** How often a stretch is asked for again at all its places: by then it has other owners. */
  private static final int REPEATS_MAX = 12;

  /** Before each repetition: together with the others longer than a death goes unnoticed. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  /** How long it is believed who is round a place that the walk comes to. A guess. */
  private static final long BELIEVED_NANOS = 1_000_000_000L;

  private static final String UNSETTLED =
      "this node has just come to hold more, and may lack some of it yet; ask again";

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private final Shelf shelf;
  private final Locating locating;
  private final Predicate<Arc> sureOf;

  /**
   * @param sureOf whether this node is sure to have all of one of the masked places of an arc
   */
  public Walking(
      Self self,
      View view,
      Timers timers,
      Links links,
      Shelf shelf,
      Locating locating,
      Predicate<Arc> sureOf) {
    this.locating = locating;
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.shelf = shelf;
    this.sureOf = sureOf;
  }

  public void onGetItems(Inquiry inquiry, Message.GetItems request, Turn turn) {
    take(inquiry, request, false, turn);
  }

  public void onGetThings(Inquiry inquiry, Message.GetThings request, Turn turn) {
    Message.GetItems items =
        new Message.GetItems(
            request.direction(), request.at(), request.count(), request.until(), request.scope());
    take(inquiry, items, true, turn);
  }

  /**
   * @param things whether it is asked too what the items are
   */
  private void take(Inquiry inquiry, Message.GetItems request, boolean things, Turn turn) {
    if (request.scope() == Message.Scope.RING) {
      new Walk(inquiry, request, things).step(turn);
      return;
    }
    if (request.scope() == Message.Scope.SETTLED && !sureOf.test(request.arc())) {
      inquiry.refuse(ErrorCode.UNSETTLED, UNSETTLED, turn);
      return;
    }
    shelf.ask(
        Scan.living(request.arc(), request.direction(), request.count()),
        turn,
        (scanned, then) -> answerHeld(inquiry, request, things, scanned, then));
  }

  private void answerHeld(
      Inquiry inquiry,
      Message.GetItems request,
      boolean things,
      StoreReply<StoreAnswer.Scanned> scanned,
      Turn turn) {
    if (scanned.failure().isPresent()) {
      inquiry.refuse(ErrorCode.STORE_FAILED, scanned.failure().get(), turn);
    } else if (things) {
      describe(
          request,
          scanned.get().items(),
          turn,
          (known, later) -> inquiry.answer(thingsAre(scanned.get().items(), known), later));
    } else {
      inquiry.answer(new Message.ItemsAre(request.direction(), scanned.get().items()), turn);
    }
  }

  /** What to do with what is known of some items. */
  @FunctionalInterface
  private interface Known {
    void go(List<Content> contents, Turn turn);
  }

  /** Finds out what is known here of items that were just listed here. */
  private void describe(Message.GetItems listed, List<EntryInfo> items, Turn turn, Known then) {
    if (items.isEmpty()) {
      then.go(List.of(), turn);
      return;
    }
    Id last = items.get(items.size() - 1).id();
    Arc arc =
        new Message.GetItems(listed.direction(), listed.at(), items.size(), last, listed.scope())
            .arc();
    shelf.ask(
        new StoreRequest.Describe(arc),
        turn,
        (described, later) ->
            then.go(described.answer().map(Described::contents).orElse(List.of()), later));
  }

  private static Message.ThingsAre thingsAre(List<EntryInfo> items, Iterable<Content> contents) {
    TreeMap<Id, Content> known = new TreeMap<>();
    contents.forEach(content -> known.put(content.id(), content));
    List<Thing> things = new ArrayList<>();
    for (int i = 0; i < items.size() && !known.isEmpty(); i++) {
      Content content = known.get(items.get(i).id());
      if (content != null && items.get(i).kind() == Kind.BLOB) {
        things.add(new Thing(i, content.nature(), content.size()));
      }
    }
    return new Message.ThingsAre(items, things);
  }

  /** One walk. Invariant: all items strictly between the start and {@code at} have been seen. */
  private final class Walk implements Asker {
    private final Inquiry inquiry;
    private final Message.GetItems request;
    private final boolean things;
    private final List<EntryInfo> found = new ArrayList<>();
    private final List<Content> known = new ArrayList<>();

    // whether the node that is asked next knows only items
    private boolean asksOldNode;
    private Id at;
    private Message.GetItems stretch;
    private int mask;
    private int repeats;

    Walk(Inquiry inquiry, Message.GetItems request, boolean things) {
      this.inquiry = inquiry;
      this.request = request;
      this.things = things;
      this.at = request.at();
    }

    void step(Turn turn) {
      Id place = view.homes().home(at, mask);
      locating.know(List.of(place), turn.now() - BELIEVED_NANOS, turn, this::ask);
    }

    private void ask(Turn turn) {
      int missing = request.count() - found.size();
      Id owner = ownerOfWhatFollows();
      Id end = nearer(endOfStretch(owner), request.until());
      stretch = new Message.GetItems(request.direction(), at, missing, end, Message.Scope.SETTLED);
      if (owner.equals(self.id()) && !sureOf.test(stretch.arc())) {
        timers.after(0, turn, this::unsettledHere);
      } else if (owner.equals(self.id())) {
        shelf.ask(
            Scan.living(stretch.arc(), stretch.direction(), missing), turn, this::scannedHere);
      } else {
        links.ask(owner, Lane.CONTROL, question(), at, 0, TIMEOUT_NANOS, this, turn);
      }
    }

    private Message.Request question() {
      return things && !asksOldNode
          ? new Message.GetThings(
              stretch.direction(), at, stretch.count(), stretch.until(), stretch.scope())
          : stretch;
    }

    private void unsettledHere(Turn turn) {
      failed(self.id(), Message.Failure.of(stretch, ErrorCode.UNSETTLED, UNSETTLED), turn);
    }

    private Id ownerOfWhatFollows() {
      Ring ring = view.ring();
      return request.direction() == Direction.NEXT
          ? ring.next(view.homes().home(at, mask))
          : ring.owner(view.homes().home(at.previous(), mask));
    }

    /** The last point, in the direction of the walk, of which the owner holds the items. */
    private Id endOfStretch(Id owner) {
      Id end = request.direction() == Direction.NEXT ? owner : view.ring().previous(owner).next();
      return end.minus(view.homes().home(Id.ZERO, mask));
    }

    /** Of two points the one that the walk comes to first; its own position it comes to last. */
    private Id nearer(Id one, Id other) {
      return distance(one).compareTo(distance(other)) <= 0 ? one : other;
    }

    private Id distance(Id point) {
      Id distance = request.direction() == Direction.NEXT ? point.minus(at) : at.minus(point);
      return distance.previous();
    }

    private void scannedHere(StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        String why = scanned.failure().get();
        failed(self.id(), Message.Failure.of(stretch, ErrorCode.STORE_FAILED, why), turn);
      } else if (things) {
        describe(
            stretch,
            scanned.get().items(),
            turn,
            (contents, later) -> {
              known.addAll(contents);
              proceed(scanned.get().items(), later);
            });
      } else {
        proceed(scanned.get().items(), turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Arc arc = stretch.arc();
      asksOldNode = false;
      proceed(items(answer).stream().filter(item -> arc.contains(item.id())).toList(), turn);
    }

    private List<EntryInfo> items(Message.Answer answer) {
      if (!(answer instanceof Message.ThingsAre are)) {
        return ((Message.ItemsAre) answer).items();
      }
      for (Thing thing : are.things()) {
        Id id = are.items().get(thing.place()).id();
        known.add(new Content(id, thing.nature(), thing.size()));
      }
      return are.items();
    }

    private void proceed(List<EntryInfo> items, Turn turn) {
      int missing = request.count() - found.size();
      found.addAll(items.subList(0, Math.min(items.size(), missing)));
      at = stretch.until();
      mask = 0;
      if (found.size() == request.count() || at.equals(request.until())) {
        inquiry.answer(
            things ? thingsAre(found, known) : new Message.ItemsAre(request.direction(), found),
            turn);
      } else {
        step(turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (failure.code() == ErrorCode.UNKNOWN_TYPE && !asksOldNode && things) {
        asksOldNode = true;
        step(turn);
      } else if (!failure.retry() || repeats >= REPEATS_MAX) {
        refuse(failure, turn);
      } else if (++mask < view.homes().count()) {
        step(turn);
      } else {
        mask = 0;
        repeats++;
        timers.after(PAUSE_NANOS, turn, this::step);
      }
    }

    private void refuse(Message.Failure failure, Turn turn) {
      int type = things ? Type.GET_THINGS.code() : request.typeCode();
      inquiry.answer(
          new Message.Failure(type, failure.code(), failure.sentence(), failure.retry(), List.of()),
          turn);
    }
  }
}
