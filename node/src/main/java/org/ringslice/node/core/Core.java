package org.ringslice.node.core;

import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

/** Takes one event at a time, in the order in which they happened, and gives effects. */
@FunctionalInterface
public interface Core {
  /** Handles one event. Time never runs backwards from one turn to the next. */
  void handle(Event event, Turn turn);
}
