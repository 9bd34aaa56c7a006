package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prev-item} and {@code next-item}: the items before and after a point of the ring. */
abstract class NeighbourItems extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "A point of the ring, 64 hex digits or the first of them; default: the node.")
  Prefix point;

  @Option(names = "-n", paramLabel = "K", description = "How many; default: ${DEFAULT-VALUE}.")
  long count = 1;

  private final Direction direction;

  private NeighbourItems(Direction direction) {
    this.direction = direction;
  }

  @picocli.CommandLine.Command(
      name = "prev-item",
      description = "Show the items strictly before a point of the ring, the nearest first.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} prev-item 3f2a81c0 -n 3"})
  static final class Prev extends NeighbourItems {
    Prev() {
      super(Direction.PREV);
    }
  }

  @picocli.CommandLine.Command(
      name = "next-item",
      description = "Show the items strictly after a point of the ring, the nearest first.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} next-item 3f2a81c0 -n 3"})
  static final class Next extends NeighbourItems {
    Next() {
      super(Direction.NEXT);
    }
  }

  @Override
  void checkUsage() {
    if (count < 1) {
      throw misuse("-n: at least 1");
    }
  }

  @Override
  int run(Access access) throws IOException {
    Id at = Points.of(point, direction, access);
    ItemWalk walk = new ItemWalk(access, direction, at, at, Message.Scope.RING, count);
    if (new ItemLines(console.results(), json).print(walk) == 0) {
      throw new CommandException("there are no items on the ring yet");
    }
    return Main.DONE;
  }
}
