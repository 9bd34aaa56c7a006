package org.ringslice.node.runtime;

import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;

/**
 * Sees all that happens to a node and all that it asks for, in order. Called on the loop thread, so
 * that it must not wait; it keeps the whole node waiting.
 */
public interface Tracer {
  /** Before the core handles it. */
  void event(Event event);

  /** Before it is carried out. */
  void effect(Effect effect);
}
