package org.ringslice.node.talk;

import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/**
 * General messages to one node: taken in where they are to this one, else passed on to the node
 * that is meant, or to the last one before it that is known, which knows its neighbours better. As
 * each step leads nearer to the end, none leads back. The answer tells that the message is there.
 */
public final class Messaging {
  /** For the message to be there, and the word of it here. A guess: as for other requests. */
  static final long TIMEOUT_NANOS = 5_000_000_000L;

  private final Self self;
  private final View view;
  private final Links links;
  private final SeenGuids seen;
  private final Inbox inbox;

  public Messaging(Self self, View view, Links links, SeenGuids seen, Inbox inbox) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.seen = seen;
    this.inbox = inbox;
  }

  public void onGetMessage(Inquiry inquiry, Message.GetMessage request, Turn turn) {
    Header origin = origin(inquiry, self.id());
    if (request.to().equals(self.id())) {
      take(inquiry, request, origin.requestor(), turn);
    } else {
      passOn(inquiry, request, origin, turn);
    }
  }

  /** Who asked, so that it can be answered to: for a client, the node that it asked. */
  static Header origin(Inquiry inquiry, Id self) {
    Header header = inquiry.header();
    Id requestor = inquiry.isFromClient() ? self : header.requestor();
    return new Header(
        header.processingId(), header.form(), requestor, header.target(), header.hops());
  }

  private void take(Inquiry inquiry, Message.GetMessage request, Id from, Turn turn) {
    if (!seen.has(request.guid())) {
      if (!seen.note(request.guid(), turn.now())) {
        inquiry.refuse(ErrorCode.BUSY, Broadcasting.TOO_FAST, turn);
        return;
      }
      inbox.add(request.guid(), from, false, request.text(), turn);
    }
    inquiry.answer(new Message.GotMessage(), turn);
  }

  private void passOn(Inquiry inquiry, Message.GetMessage request, Header origin, Turn turn) {
    Id to = request.to();
    Id hop = view.present().contains(to) ? to : view.present().previous(to);
    if (hop.equals(self.id())) {
      String sentence = "there is no node " + to + " on the ring; 'peers' lists those there are";
      inquiry.refuse(ErrorCode.NOT_FOUND, sentence, turn);
    } else {
      links.pass(hop, request, origin, TIMEOUT_NANOS, new Reply(inquiry), turn);
    }
  }

  /** Takes the answer back the way that the message came. */
  private record Reply(Inquiry inquiry) implements Asker {
    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      inquiry.answer(answer, turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      inquiry.answer(failure, turn);
    }
  }
}
