package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.node.runtime.Access;

/** {@code ring}: the ring as a picture. */
@picocli.CommandLine.Command(
    name = "ring",
    description = "Show the ring as a picture: the nodes, which share each owns, how full it is.",
    footer = {
      "",
      "The least id is at the top, and ids grow clockwise. As wide as COLUMNS says; in ASCII where",
      "the locale has no UTF-8.",
      "",
      "Example:",
      "  ringslice ring"
    })
final class RingCommand extends ClientCommand {
  @Override
  int run(Access access) throws IOException {
    List<RingNode> nodes = nodes(access);
    if (json) {
      for (RingNode node : nodes) {
        console.results().line(node.json());
      }
    } else {
      Screen screen = Screen.of(console.environment());
      for (String line : new RingPicture(nodes, screen).lines()) {
        console.results().line(line);
      }
    }
    return Main.DONE;
  }

  private List<RingNode> nodes(Access access) {
    Id asked = await(access.identity()).id();
    Message.StatusIs status =
        Waiting.during(() -> await(access.status()), console, "asking all nodes");
    Map<Id, NodeStatus> statuses = new HashMap<>();
    status.nodes().forEach(node -> statuses.put(node.id(), node));
    return nodes(await(access.view()), statuses, asked);
  }

  /** In the order of the ring, those that join among them. */
  static List<RingNode> nodes(List<KnownPeer> view, Map<Id, NodeStatus> statuses, Id asked) {
    List<Peer> peers =
        view.stream()
            .map(KnownPeer::peer)
            .filter(peer -> peer.state().isPresent())
            .sorted((x, y) -> x.id().compareTo(y.id()))
            .toList();
    List<RingNode> nodes = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      Peer peer = peers.get(i);
      Id previous = peers.get(Math.floorMod(i - 1, peers.size())).id();
      double share = peers.size() == 1 ? 1 : peer.id().minus(previous).toFraction();
      NodeStatus status = statuses.get(peer.id());
      nodes.add(new RingNode(peer, share, status, peer.id().equals(asked)));
    }
    return nodes;
  }
}
