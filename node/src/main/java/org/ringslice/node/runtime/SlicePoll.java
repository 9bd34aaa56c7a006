package org.ringslice.node.runtime;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Message;

/** Asks for the changes of a slice, from a cursor to the next. */
final class SlicePoll implements Poll<SliceChange> {
  private final List<Arc> slice;
  private Cursor cursor;

  SlicePoll(List<Arc> slice, Optional<Cursor> since) {
    this.slice = slice;
    cursor = since.orElse(null);
  }

  @Override
  public Message.Request question() {
    Cursor after = cursor == null ? new Cursor(0, 0) : cursor;
    return new Message.Watch(slice, after.journal(), after.sequence(), Message.Scope.RING);
  }

  @Override
  public List<SliceChange> take(Message.Answer answer) {
    Message.Signals signals = (Message.Signals) answer;
    if (cursor != null || signals.ready()) {
      cursor = new Cursor(signals.journal(), signals.next());
    }
    return signals.changes().stream().map(signal -> change(signals.journal(), signal)).toList();
  }

  private static SliceChange change(long journal, Message.Signal signal) {
    return new SliceChange(signal.entry(), new Cursor(journal, signal.sequence()));
  }

  @Override
  public boolean isBeginning() {
    return cursor == null;
  }
}
