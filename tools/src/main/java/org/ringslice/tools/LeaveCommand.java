package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import org.ringslice.messages.HandedOver;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;

/** {@code leave}: has a node hand over what it holds, and stop. */
@picocli.CommandLine.Command(
    name = "leave",
    description =
        "Have a node hand its items over to those who come to hold them, and stop when these have"
            + " confirmed that they have all.",
    footer = {
      "",
      "The node is read from and stored to until then. When a node that is to take over does not",
      "answer or is full, it goes on trying, and this command shows what it waits for; Ctrl-C ends",
      "the command and not the leave. Its folder keeps its items, and the node may come back.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} leave --node 192.168.1.7:4321"
    })
final class LeaveCommand extends ClientCommand {
  private static final String WIPE = "\r\u001b[K";

  @Option(names = "--now", description = "Stop the node at once, and hand nothing over.")
  boolean now;

  @Override
  int run(Access access) throws IOException {
    Id id = await(access.identity()).id();
    Message.LeaveIs stands = await(access.leave(now));
    while (!stands.left()) {
      show(id, stands);
      stands = await(access.leave(now));
    }
    if (console.errIsTerminal()) {
      console.err().print(WIPE);
    }
    print(id, stands.handedOver());
    return Main.DONE;
  }

  private void show(Id id, Message.LeaveIs stands) {
    if (console.errIsTerminal()) {
      String toGo = Words.count(stands.toGo(), "item") + " to confirm";
      console.err().print(WIPE + "node " + id + " is leaving, " + toGo + ": " + stands.why());
      console.err().flush();
    }
  }

  private void print(Id id, List<HandedOver> handedOver) throws IOException {
    if (json) {
      console.results().line(json(id, handedOver));
      return;
    }
    String what =
        now
            ? "it handed nothing over"
            : handedOver.isEmpty()
                ? "those who stay have all that it held"
                : "those who hold its items now have confirmed them";
    console.results().line("Node " + id + " has left; " + what + ".");
    for (HandedOver each : handedOver) {
      String items = Words.count(each.entries(), "item") + ", " + Sizes.of(each.sizeBytes());
      console.results().line("  to node " + each.node() + "  " + items);
    }
  }

  private static Json json(Id id, List<HandedOver> handedOver) {
    List<Json> to =
        handedOver.stream()
            .map(
                each ->
                    new Json()
                        .put("node", each.node())
                        .put("items", each.entries())
                        .put("size", each.sizeBytes()))
            .toList();
    return new Json().put("id", id).put("left", true).putObjects("handed_over", to);
  }
}
