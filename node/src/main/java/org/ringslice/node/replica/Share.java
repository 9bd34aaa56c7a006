package org.ringslice.node.replica;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/**
 * A part of the ring all of whose items have the same holders.
 *
 * @param holders by their ids
 */
record Share(Arc arc, List<Id> holders) {
  Share {
    holders = List.copyOf(holders);
  }
}
