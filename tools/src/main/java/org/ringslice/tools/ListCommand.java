package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code list}: the items of a slice. */
@picocli.CommandLine.Command(
    name = "list",
    description = "List the items of a slice in the order of the ring, as they come.",
    footer = {"", Slice.HELP, "", "Example:", "  ${ROOT-COMMAND-NAME} list '3f*' -n 20"})
final class ListCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "SLICE", description = "Which; default: all.")
  Slice slice = Slice.ALL;

  @Option(names = "-n", paramLabel = "K", description = "Stop after K items; default: all of them.")
  long count = Long.MAX_VALUE;

  @Option(names = "--local", description = "Only what the asked node itself holds.")
  boolean local;

  @Override
  void checkUsage() {
    if (count < 1) {
      throw misuse("-n: at least 1");
    }
  }

  @Override
  int run(Access access) throws IOException {
    Message.Scope scope = local ? Message.Scope.HELD : Message.Scope.RING;
    ItemWalk walk =
        new ItemWalk(access, Direction.NEXT, slice.arc().from(), slice.arc().to(), scope, count);
    if (new ItemLines(console.results(), json).print(walk) == 0 && !json) {
      console.err().println("There are no items " + (local ? "here." : "in this slice."));
    }
    return Main.DONE;
  }
}
