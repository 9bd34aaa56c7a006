package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.node.runtime.Access;

/** {@code peers}: whom the node knows. */
@picocli.CommandLine.Command(
    name = "peers",
    description = "Show every peer that the node knows, and how it came to know it.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} peers --json"})
final class PeersCommand extends ClientCommand {
  @Override
  int run(Access access) throws IOException {
    Id self = await(access.identity()).id();
    PeerLines lines = new PeerLines(console.results(), json);
    int others = 0;
    for (KnownPeer known : await(access.view())) {
      if (!known.peer().id().equals(self)) {
        lines.print(known);
        others++;
      }
    }
    if (others == 0 && !json) {
      console.err().println("The node knows no other.");
    }
    return Main.DONE;
  }
}
