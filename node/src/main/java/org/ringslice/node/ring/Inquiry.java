package org.ringslice.node.ring;

import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;

/** A request that came, and the way back for its answer. It is answered once. */
public final class Inquiry {
  private final long link;
  private final Lane lane;
  private final Envelope envelope;
  private final Guests guests;
  private final long payloadBytes;

  Inquiry(long link, Lane lane, Envelope envelope, Guests guests) {
    this.link = link;
    this.lane = lane;
    this.envelope = envelope;
    this.guests = guests;
    long sum = 0;
    for (Entry entry : envelope.message().payload()) {
      sum += entry.bytes().size();
    }
    payloadBytes = sum;
  }

  /** What came as a request; one that could not be read, too, while it is not refused. */
  Message message() {
    return envelope.message();
  }

  /** The request, once it is known that it can be read. */
  public Message.Request request() {
    return (Message.Request) envelope.message();
  }

  /** What goes ahead of the request. */
  public Header header() {
    return envelope.header();
  }

  /** Whether a client or this node's own program asks, and no other node. */
  public boolean isFromClient() {
    return guests.isClient(link);
  }

  /** Who asked first. */
  public Id requestor() {
    return envelope.header().requestor();
  }

  /** Whether the program that this node runs in asks, and no other node. */
  public boolean isLocal() {
    return link == Guests.LOCAL_LINK;
  }

  long link() {
    return link;
  }

  Lane lane() {
    return lane;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  public void answer(Message reply, Turn turn) {
    guests.served(this);
    turn.emit(new Effect.Send(link, envelope.reply(reply)));
  }

  public void refuse(ErrorCode code, String sentence, Turn turn) {
    answer(Message.Failure.of(envelope.message(), code, sentence), turn);
  }
}
