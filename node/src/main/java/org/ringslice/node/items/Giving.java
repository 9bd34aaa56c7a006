package org.ringslice.node.items;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/**
 * Gives items that are held here. Payloads are never passed on: another node or a client that asks
 * for what is not here is told whom to ask instead; for the program that runs here the item is
 * fetched.
 */
public final class Giving {
  private final Self self;
  private final View view;
  private final Shelf shelf;
  private final Getting getting;

  public Giving(Self self, View view, Shelf shelf, Getting getting) {
    this.self = self;
    this.view = view;
    this.shelf = shelf;
    this.getting = getting;
  }

  public void onGetItem(Inquiry inquiry, Message.GetItem request, Turn turn) {
    if (request.mask() >= view.homes().count()) {
      String sentence =
          "there is no place " + request.mask() + "; an item has " + view.homes().count();
      inquiry.refuse(ErrorCode.MALFORMED, sentence, turn);
      return;
    }
    shelf.ask(
        new StoreRequest.Load(request.id()),
        turn,
        (loaded, then) -> give(inquiry, request, loaded, then));
  }

  private void give(
      Inquiry inquiry, Message.GetItem request, StoreReply<StoreAnswer.Loaded> loaded, Turn turn) {
    Optional<Entry> entry = loaded.answer().flatMap(StoreAnswer.Loaded::entry);
    if (entry.isPresent()) {
      inquiry.answer(new Message.ItemIs(entry.get()), turn);
      return;
    }
    // a node that asks another has found the places itself; this one may know nobody there
    boolean knowsOthers = view.isWhole() || inquiry.isFromClient();
    List<Id> others =
        knowsOthers
            ? view.candidates(request.id(), request.mask()).stream()
                .filter(id -> !id.equals(self.id()))
                .toList()
            : List.of();
    if (inquiry.isLocal()) {
      getting.get(inquiry, request, others, turn);
    } else if (!others.isEmpty()) {
      List<Peer> peers = others.stream().map(view::peer).flatMap(Optional::stream).toList();
      String sentence =
          loaded.failure().orElse("item " + request.id() + " is not here; ask the nodes named");
      inquiry.answer(
          new Message.Failure(request.typeCode(), ErrorCode.ELSEWHERE, sentence, true, peers),
          turn);
    } else {
      ErrorCode code = loaded.failure().isPresent() ? ErrorCode.STORE_FAILED : ErrorCode.NOT_FOUND;
      inquiry.refuse(code, loaded.failure().orElse(Getting.notFound(request.id())), turn);
    }
  }
}
