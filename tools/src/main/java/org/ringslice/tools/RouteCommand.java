package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Parameters;

/** {@code route}: the way of a look-up. */
@picocli.CommandLine.Command(
    name = "route",
    description = "Show the way of a look-up: the nodes that pass it on, and the one that answers.",
    footer = {
      "",
      "The last one owns the point: it is there, or the next after it. The time of a hop is from",
      "the look-up's arrival at that node to its answer, all that lies beyond included. A node that",
      "knows every other goes straight to the owner.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} route 3f2a81c0"
    })
final class RouteCommand extends ClientCommand {
  @Parameters(
      arity = "1",
      paramLabel = "ID",
      description = "A point of the ring, 64 hex digits or the first of them.")
  Prefix point;

  @Override
  int run(Access access) throws IOException {
    Message.PlaceIs place = await(access.route(point.first()));
    TreeMap<Id, String> endpoints = new TreeMap<>();
    for (KnownPeer known : await(access.view())) {
      note(known.peer(), endpoints);
    }
    place.peers().forEach(peer -> note(peer, endpoints));
    Columns columns = new Columns("rllr");
    columns.row("hop", "id", "endpoint", "micros");
    List<Message.Hop> route = place.route();
    for (int hop = 0; hop < route.size(); hop++) {
      Id id = route.get(hop).id();
      int micros = route.get(hop).micros();
      String endpoint = endpoints.computeIfAbsent(id, unknown -> lookUp(access, unknown));
      if (json) {
        Json line = new Json().put("hop", hop).put("id", id);
        console.results().line(line.put("endpoint", endpoint).put("micros", micros));
      } else {
        columns.row(
            Integer.toString(hop),
            id.toString(),
            endpoint,
            String.format(Locale.ROOT, "%,d", micros));
      }
    }
    if (!json) {
      columns.print(console.results());
    }
    return Main.DONE;
  }

  private static void note(Peer peer, Map<Id, String> endpoints) {
    peer.endpoints().stream()
        .findFirst()
        .map(Endpoint::toString)
        .ifPresent(endpoint -> endpoints.put(peer.id(), endpoint));
  }

  /**
   * A node in the middle of the way is known to its neighbours on the way, and not to the first.
   */
  private static String lookUp(Access access, Id node) {
    TreeMap<Id, String> found = new TreeMap<>();
    await(access.route(node)).peers().forEach(peer -> note(peer, found));
    return found.getOrDefault(node, "unknown");
  }
}
