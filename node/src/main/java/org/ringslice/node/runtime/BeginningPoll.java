package org.ringslice.node.runtime;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Message;

/** Asks where to begin with a slice, until the node is ready to say. */
final class BeginningPoll implements Poll<Cursor> {
  private final List<Arc> slice;

  BeginningPoll(List<Arc> slice) {
    this.slice = slice;
  }

  @Override
  public Message.Request question() {
    return new Message.Watch(slice, 0, 0, Message.Scope.RING);
  }

  @Override
  public List<Cursor> take(Message.Answer answer) {
    Message.Signals signals = (Message.Signals) answer;
    return signals.ready() ? List.of(new Cursor(signals.journal(), signals.next())) : List.of();
  }

  @Override
  public boolean isBeginning() {
    return false;
  }
}
