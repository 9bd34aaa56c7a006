package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Arc;

/**
 * What a store has when it is opened.
 *
 * @param covered the arcs of the last {@link StoreRequest.Cover}
 */
public record Books(Inventory held, Inventory watched, List<Arc> covered) {
  public Books {
    covered = List.copyOf(covered);
  }
}
