package org.ringslice.node.replica;

import java.util.List;
import org.ringslice.messages.Id;

/** The items that this node held lately and that nobody holds now, as far as it knows. */
public interface LostItems {
  /** Of a node that does not look for them. */
  LostItems NONE =
      new LostItems() {
        @Override
        public long count() {
          return 0;
        }

        @Override
        public List<Id> first(int idsMax) {
          return List.of();
        }
      };

  long count();

  /** The first of them by id, at most so many. */
  List<Id> first(int idsMax);
}
