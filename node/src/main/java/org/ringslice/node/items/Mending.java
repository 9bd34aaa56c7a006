package org.ringslice.node.items;

import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Turn;

/** Is told of items that were found to lack copies. */
@FunctionalInterface
public interface Mending {
  void due(List<Id> items, Turn turn);
}
