package org.ringslice.tools;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.runtime.Access;

/** A node of the ring as people name it: its id, or the first digits when no other begins so. */
final class NodeName {
  private NodeName() {}

  /** Throws a misuse when there are too few digits to name a node. */
  static void check(Prefix prefix, Command command) {
    prefix.checkNames("a node", command);
  }

  /** The node's id; a whole id is taken as it is, whether there is such a node or not. */
  static Id resolve(Prefix prefix, Access access) {
    if (prefix.isWholeId()) {
      return prefix.first();
    }
    Arc arc = prefix.arc();
    List<Peer> next =
        ClientCommand.await(access.peers(Direction.NEXT, arc.from(), Prefix.NAMED_MAX + 1));
    List<Id> found = next.stream().map(Peer::id).filter(arc::contains).toList();
    if (found.isEmpty()) {
      throw new CommandException(
          NearMiss.ofNode(prefix, access).orElseGet(() -> prefix.nothing("node")));
    }
    return prefix.only(found, "node");
  }
}
