package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prev-peer} and {@code next-peer}: the nodes before and after a point of the ring. */
abstract class NeighbourPeers extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "A point of the ring, 64 hex digits or the first of them; default: the node.")
  Prefix point;

  @Option(names = "-n", paramLabel = "K", description = "How many; default: ${DEFAULT-VALUE}.")
  int count = 1;

  private final Direction direction;

  private NeighbourPeers(Direction direction) {
    this.direction = direction;
  }

  @picocli.CommandLine.Command(
      name = "prev-peer",
      description = "Show the nodes strictly before a point of the ring, the nearest first.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} prev-peer 3f2a81c0 -n 3"})
  static final class Prev extends NeighbourPeers {
    Prev() {
      super(Direction.PREV);
    }
  }

  @picocli.CommandLine.Command(
      name = "next-peer",
      description = "Show the nodes strictly after a point of the ring, the nearest first.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} next-peer -n 3"})
  static final class Next extends NeighbourPeers {
    Next() {
      super(Direction.NEXT);
    }
  }

  @Override
  void checkUsage() {
    if (count < 1) {
      throw misuse("-n: at least 1");
    }
  }

  @Override
  int run(Access access) throws IOException {
    PeerLines lines = new PeerLines(console.results(), json);
    for (Peer peer : walk(access, Points.of(point, direction, access))) {
      lines.print(peer);
    }
    return Main.DONE;
  }

  /** Round the ring once at most: in a ring that changes meanwhile a node could come twice. */
  private List<Peer> walk(Access access, Id start) {
    List<Peer> found = new ArrayList<>();
    Set<Id> seen = new HashSet<>();
    Id at = start;
    while (found.size() < count) {
      int asked = Math.min(count - found.size(), Limits.PEERS_MAX);
      List<Peer> page = await(access.peers(direction, at, asked));
      for (Peer peer : page) {
        if (!seen.add(peer.id())) {
          return found;
        }
        found.add(peer);
        at = peer.id();
      }
      if (page.size() < asked) {
        return found;
      }
    }
    return found;
  }
}
