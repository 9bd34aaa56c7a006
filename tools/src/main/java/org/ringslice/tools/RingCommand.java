package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;

/** {@code ring}: the ring as a picture. */
@picocli.CommandLine.Command(
    name = "ring",
    description = "Show the ring as a picture: the nodes, which share each owns, how full it is.",
    footer = {
      "",
      "The least id is at the top, and ids grow clockwise. As wide as COLUMNS says; in ASCII where",
      "the locale has no UTF-8. A node of a very large ring knows those near it and some far off,",
      "and shows those.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} ring"
    })
final class RingCommand extends ClientCommand {
  /** Neighbours on each side, between which nobody is missing; every node knows so many. */
  private static final int NEAR = 8;

  @Override
  int run(Access access) throws IOException {
    Id asked = await(access.identity()).id();
    Estimate size = await(access.size()).nodes();
    List<RingNode> nodes = nodes(access, asked, size.exact());
    if (json) {
      for (RingNode node : nodes) {
        console.results().line(node.json());
      }
    } else {
      Screen screen = Screen.of(console.environment());
      for (String line : new RingPicture(nodes, size, screen).lines()) {
        console.results().line(line);
      }
    }
    return Main.DONE;
  }

  private List<RingNode> nodes(Access access, Id asked, boolean areAll) {
    if (!areAll) {
      return nodes(await(access.view()), shares(near(access, asked)), Map.of(), asked);
    }
    Map<Id, NodeStatus> statuses = statuses(access);
    return nodes(await(access.view()), statuses, asked);
  }

  /** What the nodes hold; nothing, and on stderr why, when that is refused. */
  private Map<Id, NodeStatus> statuses(Access access) {
    Map<Id, NodeStatus> statuses = new HashMap<>();
    try {
      List<Message.StatusIs> parts =
          Waiting.during(() -> await(access.status()), console, "asking all nodes");
      parts.forEach(part -> part.nodes().forEach(node -> statuses.put(node.id(), node)));
    } catch (RefusedException e) {
      console.complain(e.getMessage());
    }
    return statuses;
  }

  /** The asked node and those near it, clockwise. */
  private static List<Id> near(Access access, Id asked) {
    List<Id> near = new ArrayList<>(List.of(asked));
    await(access.peers(Direction.PREV, asked, NEAR)).forEach(peer -> near.add(0, peer.id()));
    await(access.peers(Direction.NEXT, asked, NEAR)).forEach(peer -> near.add(peer.id()));
    return near;
  }

  /** In the order of the ring, those that join among them, of whom all are known. */
  static List<RingNode> nodes(List<KnownPeer> view, Map<Id, NodeStatus> statuses, Id asked) {
    List<Id> round = new ArrayList<>();
    view.stream()
        .map(KnownPeer::peer)
        .filter(peer -> peer.state().isPresent())
        .map(Peer::id)
        .sorted()
        .forEach(round::add);
    if (!round.isEmpty()) {
      round.add(0, round.get(round.size() - 1));
    }
    return nodes(view, shares(round), statuses, asked);
  }

  /** What each node but the first owns, of some that follow each other clockwise. */
  private static Map<Id, Double> shares(List<Id> clockwise) {
    Map<Id, Double> shares = new HashMap<>();
    for (int i = 1; i < clockwise.size(); i++) {
      double share = clockwise.get(i).minus(clockwise.get(i - 1)).toFraction();
      // one that follows itself is alone
      shares.put(clockwise.get(i), share == 0 ? 1 : share);
    }
    return shares;
  }

  /** In the order of the ring, those that join among them. */
  static List<RingNode> nodes(
      List<KnownPeer> view, Map<Id, Double> shares, Map<Id, NodeStatus> statuses, Id asked) {
    return view.stream()
        .map(KnownPeer::peer)
        .filter(peer -> peer.state().isPresent())
        .sorted((x, y) -> x.id().compareTo(y.id()))
        .map(
            peer ->
                new RingNode(
                    peer,
                    Optional.ofNullable(shares.get(peer.id())),
                    statuses.get(peer.id()),
                    peer.id().equals(asked)))
        .toList();
  }
}
