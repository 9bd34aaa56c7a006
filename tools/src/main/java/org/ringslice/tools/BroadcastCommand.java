package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Parameters;

/** {@code broadcast}: a general message to all nodes. */
@picocli.CommandLine.Command(
    name = "broadcast",
    description = "Send a message to all nodes.",
    footer = {
      "",
      "Each node gets it once, and shows it with 'messages', as long as it runs. It is from the",
      "node that is asked. Where nodes die meanwhile some may not get it: rely on nothing.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} broadcast 'tea is ready'"
    })
final class BroadcastCommand extends ClientCommand {
  @Parameters(arity = "1", paramLabel = "TEXT", description = "What to say, at most 4 KiB.")
  String text;

  @Override
  int run(Access access) throws IOException {
    Guid guid = await(access.broadcast(text));
    if (json) {
      Id from = await(access.identity()).id();
      console.results().line(MessageLines.object(guid, from, text));
    } else {
      console.results().line(guid + "  is on its way to all");
    }
    return Main.DONE;
  }
}
