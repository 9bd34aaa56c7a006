package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Identity;
import org.ringslice.node.runtime.Access;

/** {@code id}: who the node is. */
@picocli.CommandLine.Command(
    name = "id",
    description = "Show the id of the node, and where it listens.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} id --node 192.168.1.7:4321"})
final class IdCommand extends ClientCommand {
  @Override
  int run(Access access) throws IOException {
    Identity who = await(access.identity());
    List<String> endpoints = who.endpoints().stream().map(Endpoint::toString).toList();
    Results results = console.results();
    if (json) {
      results.line(
          new Json()
              .put("id", who.id())
              .put("endpoint", endpoints.isEmpty() ? null : endpoints.get(0))
              .put("endpoints", endpoints)
              .put("network", who.network())
              .put("version", who.software())
              .put("mask_bits", who.maskBits()));
    } else {
      results.line("id        " + who.id().toHex());
      results.line("endpoint  " + String.join(", ", endpoints));
      results.line("network   " + who.network());
      results.line("version   " + who.software());
    }
    return Main.DONE;
  }
}
