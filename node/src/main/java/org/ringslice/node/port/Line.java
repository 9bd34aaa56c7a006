package org.ringslice.node.port;

import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Message;

/**
 * The way of a program to a node, which may run in the same process or not. May be used by any
 * thread.
 */
public interface Line {
  /**
   * Asks; the future brings the answer, or fails with {@link RefusedException} when the node
   * refused or could not, or was not reached. Futures complete on the node's loop thread: what
   * hangs on them must not block.
   */
  CompletableFuture<Message.Answer> ask(Message.Request request);
}
