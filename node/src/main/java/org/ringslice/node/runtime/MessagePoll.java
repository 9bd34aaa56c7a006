package org.ringslice.node.runtime;

import java.util.List;
import org.ringslice.messages.Message;

/** Asks for the general messages that come to a node; in each life of it, from the first on. */
final class MessagePoll implements Poll<Message.Received> {
  private long session;
  private long after;

  @Override
  public Message.Request question() {
    return new Message.GetInbox(session, after, true);
  }

  @Override
  public List<Message.Received> take(Message.Answer answer) {
    Message.InboxIs inbox = (Message.InboxIs) answer;
    session = inbox.session();
    after = inbox.next();
    return inbox.messages();
  }

  @Override
  public boolean isBeginning() {
    return false;
  }
}
