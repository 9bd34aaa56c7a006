package org.ringslice.node.event;

import org.ringslice.messages.Arc;

/**
 * An arc of which a node is no holder.
 *
 * @param nanos for how long it has been none, counted while it ran
 */
public record ForeignArc(Arc arc, long nanos) {
  public ForeignArc {
    if (nanos < 0) {
      throw new IllegalArgumentException("an arc that is foreign for " + nanos + " ns");
    }
  }
}
