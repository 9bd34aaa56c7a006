package org.ringslice.tools;

import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Access;

/** Where a walk round the ring begins. */
final class Points {
  private Points() {}

  /**
   * The point before or after which all is that is before or after the ids of a prefix; the node's
   * own place when there is no prefix.
   */
  static Id of(Prefix prefix, Direction direction, Access access) {
    if (prefix == null) {
      return ClientCommand.await(access.identity()).id();
    }
    return direction == Direction.NEXT ? prefix.last() : prefix.first();
  }
}
