package org.ringslice.tools;

import java.util.List;
import java.util.stream.Collectors;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;

/** An existing item as people name it: its id, or the first digits when no other begins so. */
final class ItemName {
  /** Fewer are a typing error rather than a name. */
  static final int DIGITS_MIN = 8;

  /** Items that are named when a prefix is that of several. */
  private static final int NAMED_MAX = 5;

  private ItemName() {}

  /** Throws a misuse when there are too few digits to name an item. */
  static void check(Prefix prefix, Command command) {
    if (prefix.digits().length() < DIGITS_MIN) {
      throw command.misuse("an item is named by at least " + DIGITS_MIN + " digits of its id");
    }
  }

  /** The item's id; a whole id is taken as it is, whether there is such an item or not. */
  static Id resolve(Prefix prefix, Access access) {
    if (prefix.isWholeId()) {
      return prefix.first();
    }
    Arc arc = prefix.arc();
    List<EntryInfo> items =
        new ItemWalk(
                access, Direction.NEXT, arc.from(), arc.to(), Message.Scope.RING, NAMED_MAX + 1)
            .next();
    if (items.size() == 1) {
      return items.get(0).id();
    }
    if (items.isEmpty()) {
      throw new CommandException("there is no item whose id begins with " + prefix);
    }
    String named =
        items.stream()
            .limit(NAMED_MAX)
            .map(item -> item.id().toHex())
            .collect(Collectors.joining(", "));
    throw new CommandException(
        "several items begin with "
            + prefix
            + "; give more digits of one of them: "
            + named
            + (items.size() > NAMED_MAX ? ", and more" : ""));
  }
}
