package org.ringslice.tools;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;

/**
 * An id that nobody has, though something has one that begins like it: a digit was mistyped, or the
 * id was put together of two. Of all ids those with the most first digits in common are beside it
 * on the ring.
 */
final class NearMiss {
  private NearMiss() {}

  /** A sentence about the item that is there instead; none when none begins so, or it is there. */
  static Optional<String> ofItem(Prefix given, Access access) {
    return among(
        given,
        "item",
        direction ->
            ClientCommand.await(access.items(direction, from(given, direction), 1)).stream()
                .map(EntryInfo::id)
                .toList());
  }

  /** As {@link #ofItem}, of a node. */
  static Optional<String> ofNode(Prefix given, Access access) {
    return among(
        given,
        "node",
        direction ->
            ClientCommand.await(access.peers(direction, from(given, direction), 1)).stream()
                .map(Peer::id)
                .toList());
  }

  /** What to tell of a refusal: where nobody has the id, what is there instead, if anything is. */
  static RuntimeException insteadOf(RefusedException e, Supplier<Optional<String>> miss) {
    return e.code() == ErrorCode.NOT_FOUND
        ? miss.get().<RuntimeException>map(CommandException::new).orElse(e)
        : e;
  }

  /** Clockwise from what is before all that begins so, so that this itself would be found. */
  private static Id from(Prefix given, Direction direction) {
    return direction == Direction.NEXT ? given.arc().from() : given.first();
  }

  private static Optional<String> among(
      Prefix given, String noun, Function<Direction, List<Id>> nearest) {
    try {
      return Stream.of(Direction.NEXT, Direction.PREV)
          .flatMap(direction -> nearest.apply(direction).stream())
          .map(Id::toHex)
          .max(Comparator.comparingInt(there -> common(given, there)))
          .filter(there -> common(given, there) >= Prefix.NAME_DIGITS_MIN)
          .filter(there -> common(given, there) < given.digits().length())
          .map(there -> sentence(given, noun, there));
    } catch (RefusedException e) {
      // that there is no such thing is told all the same
      return Optional.empty();
    }
  }

  private static String sentence(Prefix given, String noun, String there) {
    String which = given.isWholeId() ? given.digits() : "whose id begins with " + given;
    int digit = common(given, there) + 1;
    return "there is no "
        + noun
        + " "
        + which
        + "; there is "
        + there
        + ", which differs from digit "
        + digit
        + " on";
  }

  /** First digits that are the same. */
  private static int common(Prefix given, String there) {
    int same = 0;
    while (same < given.digits().length() && given.digits().charAt(same) == there.charAt(same)) {
      same++;
    }
    return same;
  }
}
