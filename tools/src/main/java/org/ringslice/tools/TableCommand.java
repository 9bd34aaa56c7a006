package org.ringslice.tools;

import java.io.IOException;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Route;
import org.ringslice.node.runtime.Access;

/** {@code table}: what the node routes by. */
@picocli.CommandLine.Command(
    name = "table",
    description =
        "Show what the node routes by: its neighbours and other peers, and how they are connected.",
    footer = {
      "",
      "Each peer is shown once, as what it is first: previous or next on the ring, masked (owns",
      "one of the node's masked places), or known. A connection is ready, waiting, or closed, and",
      "comes to be when there is something to ask.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} table --node 192.168.1.7:4321"
    })
final class TableCommand extends ClientCommand {
  @Override
  int run(Access access) throws IOException {
    Message.TableIs table = await(access.table());
    Results results = console.results();
    if (json) {
      for (Route route : table.routes()) {
        results.line(object(route));
      }
      results.line(new Json().put("guests", table.guests()).put("serving", table.serving()));
    } else {
      columns(table).print(results);
      results.line(
          Words.count(table.guests(), "connection")
              + " from others, "
              + Words.count(table.serving(), "request")
              + " of theirs being served");
    }
    return Main.DONE;
  }

  /** Also for the trace of a node. */
  static Columns columns(Message.TableIs table) {
    Columns columns = new Columns("llllllr");
    columns.row("kind", "id", "endpoint", "peer", "state", "payloads", "pending");
    for (Route route : table.routes()) {
      columns.row(
          Words.of(route.relation()),
          route.peer().id().toString(),
          endpoint(route.peer()),
          Words.of(route.peer().state()),
          Words.of(route.control()),
          Words.of(route.bulk()),
          Integer.toString(route.pending()));
    }
    return columns;
  }

  static Json object(Route route) {
    return new Json()
        .put("kind", Words.of(route.relation()))
        .put("id", route.peer().id())
        .put("endpoint", endpoint(route.peer()))
        .put("peer", Words.of(route.peer().state()))
        .put("state", Words.of(route.control()))
        .put("payloads", Words.of(route.bulk()))
        .put("pending", route.pending());
  }

  private static String endpoint(Peer peer) {
    return peer.endpoints().stream().findFirst().map(Endpoint::toString).orElse("unknown");
  }
}
