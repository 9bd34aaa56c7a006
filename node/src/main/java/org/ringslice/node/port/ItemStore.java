package org.ringslice.node.port;

import java.io.Closeable;
import org.ringslice.node.event.StoreRequest;

/** What a node holds, on disk. */
public interface ItemStore extends Closeable {
  /**
   * Returns at once. The request is answered once, by an {@link
   * org.ringslice.node.event.Event.StoreDone} with the same ticket.
   */
  void ask(long ticket, StoreRequest<?> request);

  /** Finishes what was asked, then closes. */
  @Override
  void close();
}
