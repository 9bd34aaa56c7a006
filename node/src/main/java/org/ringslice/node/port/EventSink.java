package org.ringslice.node.port;

import org.ringslice.node.event.Event;

/** Where events go. May be called from any thread. */
@FunctionalInterface
public interface EventSink {
  /**
   * Puts an event into the node's queue, in the order of the calls of one thread; waits while the
   * queue is full, so that a flood is held back at its source. After the node has stopped, nothing
   * happens.
   */
  void put(Event event);
}
