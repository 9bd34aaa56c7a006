package org.ringslice.node.ring;

import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/**
 * Who waits for the answer to a request. Exactly one of the two is called for each request, in a
 * later turn than that of the asking.
 */
public interface Asker {
  /** {@code answer} is of the type of the request; what it says is still the word of a stranger. */
  void answered(Id peer, Message.Answer answer, Turn turn);

  /** The peer refused, was not reached, or did not answer in time. */
  void failed(Id peer, Message.Failure failure, Turn turn);
}
