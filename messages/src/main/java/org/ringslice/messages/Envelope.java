package org.ringslice.messages;

/** A message and what goes ahead of it. */
public record Envelope(Header header, Message message) {

  /** The answer or error to the request in this envelope. */
  public Envelope reply(Message reply) {
    Header.Form form = reply instanceof Message.Failure ? Header.Form.ERROR : Header.Form.ANSWER;
    return new Envelope(header.reply(form), reply);
  }
}
