package org.ringslice.tools;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;

/** An existing item as people name it: its id, or the first digits when no other begins so. */
final class ItemName {
  private ItemName() {}

  /** Throws a misuse when there are too few digits to name an item. */
  static void check(Prefix prefix, Command command) {
    prefix.checkNames("an item", command);
  }

  /** The item's id; a whole id is taken as it is, whether there is such an item or not. */
  static Id resolve(Prefix prefix, Access access) {
    if (prefix.isWholeId()) {
      return prefix.first();
    }
    Arc arc = prefix.arc();
    int count = Prefix.NAMED_MAX + 1;
    List<EntryInfo> items =
        new ItemWalk(access, Direction.NEXT, arc.from(), arc.to(), Message.Scope.RING, count)
            .next()
            .items();
    if (items.isEmpty()) {
      throw new CommandException(
          NearMiss.ofItem(prefix, access).orElseGet(() -> prefix.nothing("item")));
    }
    return prefix.only(items.stream().map(EntryInfo::id).toList(), "item");
  }
}
