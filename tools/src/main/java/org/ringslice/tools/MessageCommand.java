package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Parameters;

/** {@code message}: a general message to one node. */
@picocli.CommandLine.Command(
    name = "message",
    description = "Send a message to one node, and wait until it is there.",
    footer = {
      "",
      "It is from the node that is asked. The other shows it with 'messages', as long as it runs;",
      "nothing tells whether anybody has read it.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} message c21b4c94 'tea is ready'"
    })
final class MessageCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The node, 64 hex digits or at least the first 8 of them.")
  Prefix to;

  @Parameters(index = "1", paramLabel = "TEXT", description = "What to say, at most 4 KiB.")
  String text;

  @Override
  void checkUsage() {
    NodeName.check(to, this);
  }

  @Override
  int run(Access access) throws IOException {
    Id node = NodeName.resolve(to, access);
    Guid guid = tell(node, access);
    if (json) {
      Id from = await(access.identity()).id();
      console.results().line(MessageLines.object(guid, from, text).put("to", node));
    } else {
      console.results().line(guid + "  is at node " + node);
    }
    return Main.DONE;
  }

  private Guid tell(Id node, Access access) {
    try {
      return await(access.tell(node, text));
    } catch (RefusedException e) {
      throw NearMiss.insteadOf(e, () -> NearMiss.ofNode(to, access));
    }
  }
}
