package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Content;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Message;
import org.ringslice.messages.Thing;
import org.ringslice.messages.Type;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreAnswer.Described;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.StoreRequest.Scan;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Inquiry;

/**
 * Walks from item to item round the ring: the items of a stretch are listed by the node that owns
 * it ({@link OwnerWalk}), until there are enough. What the items are is told by those who list
 * them, as far as they know.
 */
public final class Walking {
  private final OwnerWalk.Means means;
  private final Shelf shelf;

  public Walking(OwnerWalk.Means means) {
    this.means = means;
    this.shelf = means.shelf();
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
    if (request.scope() == Message.Scope.SETTLED && !means.sureOf().test(request.arc())) {
      inquiry.refuse(ErrorCode.UNSETTLED, OwnerWalk.UNSETTLED, turn);
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
          new OwnerWalk.Stretch(request.direction(), request.at(), request.until()),
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
  private void describe(OwnerWalk.Stretch listed, List<EntryInfo> items, Turn turn, Known then) {
    if (items.isEmpty()) {
      then.go(List.of(), turn);
      return;
    }
    Id last = items.get(items.size() - 1).id();
    Arc arc = listed.direction().arc(listed.at(), last);
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

  /** One walk. */
  private final class Walk extends OwnerWalk {
    private final Inquiry inquiry;
    private final Message.GetItems request;
    private final boolean things;
    private final List<EntryInfo> found = new ArrayList<>();
    private final List<Content> known = new ArrayList<>();

    // whether the node that is asked next knows only items
    private boolean asksOldNode;

    Walk(Inquiry inquiry, Message.GetItems request, boolean things) {
      super(means, request.direction(), request.at(), request.until());
      this.inquiry = inquiry;
      this.request = request;
      this.things = things;
    }

    private int missing() {
      return request.count() - found.size();
    }

    @Override
    Message.Request question(Stretch asked) {
      Message.Scope scope = Message.Scope.SETTLED;
      return things && !asksOldNode
          ? new Message.GetThings(asked.direction(), asked.at(), missing(), asked.until(), scope)
          : new Message.GetItems(asked.direction(), asked.at(), missing(), asked.until(), scope);
    }

    @Override
    void tellHere(Stretch asked, Turn turn) {
      shelf.ask(Scan.living(asked.arc(), asked.direction(), missing()), turn, this::scannedHere);
    }

    private void scannedHere(StoreReply<StoreAnswer.Scanned> scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        failHere(ErrorCode.STORE_FAILED, scanned.failure().get(), turn);
      } else if (things) {
        describe(
            stretch(),
            scanned.get().items(),
            turn,
            (contents, later) -> {
              known.addAll(contents);
              take(scanned.get().items(), later);
            });
      } else {
        take(scanned.get().items(), turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Arc arc = stretch().arc();
      asksOldNode = false;
      take(items(answer).stream().filter(item -> arc.contains(item.id())).toList(), turn);
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

    private void take(List<EntryInfo> items, Turn turn) {
      found.addAll(items.subList(0, Math.min(items.size(), missing())));
      proceed(stretch().until(), missing() == 0, turn);
    }

    @Override
    void finish(Turn turn) {
      inquiry.answer(
          things ? thingsAre(found, known) : new Message.ItemsAre(request.direction(), found),
          turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (failure.code() == ErrorCode.UNKNOWN_TYPE && !asksOldNode && things) {
        asksOldNode = true;
        step(turn);
      } else {
        super.failed(peer, failure, turn);
      }
    }

    @Override
    void giveUp(Message.Failure failure, Turn turn) {
      int type = things ? Type.GET_THINGS.code() : request.typeCode();
      inquiry.answer(
          new Message.Failure(type, failure.code(), failure.sentence(), failure.retry(), List.of()),
          turn);
    }
  }
}
