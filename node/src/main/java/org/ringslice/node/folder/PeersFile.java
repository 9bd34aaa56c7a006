package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code peers} of a data folder: whom the node knew, so that it finds the ring again
 * after a restart, also where no multicast goes. A loss of it is no harm to the data, so a damaged
 * one is an empty one.
 */
final class PeersFile {
  /**
   * The peers kept, the first ones of the list; the default capacity of a view (a guess of the
   * design).
   */
  static final int PEERS_MAX = Limits.PEERS_MAX;

  /** {@link #PEERS_MAX} peers with all their endpoints, each with the longest host. */
  private static final int BYTES_MAX =
      PEERS_MAX * (128 + Limits.ENDPOINTS_MAX * (Limits.HOST_BYTES_MAX + 16));

  private static final Logger LOG = LoggerFactory.getLogger(PeersFile.class);

  private PeersFile() {}

  static void write(Path dir, List<Peer> peers) throws IOException {
    KeyValues values = new KeyValues();
    peers.stream().limit(PEERS_MAX).forEach(peer -> values.add("peer", line(peer)));
    SmallFile.replace(fileIn(dir), values.toBytes(), SmallFile.Outlives.A_LOSS_OF_POWER);
  }

  static List<Peer> read(Path dir) {
    try {
      Optional<byte[]> bytes = SmallFile.read(fileIn(dir), BYTES_MAX);
      return bytes.isEmpty() ? List.of() : parse(KeyValues.parse(bytes.get()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "The peers of the last run are forgotten, because {} can't be used ({}); nodes on this"
              + " network are found anew, others need --peer HOST:PORT.",
          fileIn(dir),
          e.getMessage());
      return List.of();
    }
  }

  private static String line(Peer peer) {
    StringBuilder line = new StringBuilder(peer.id().toHex());
    line.append(' ')
        .append(Long.toUnsignedString(peer.incarnation()))
        .append(' ')
        .append(peer.state());
    peer.endpoints().stream()
        .filter(EndpointText::isWritable)
        .forEach(endpoint -> line.append(' ').append(EndpointText.write(endpoint)));
    return line.toString();
  }

  private static List<Peer> parse(KeyValues values) throws DamagedException {
    List<Peer> peers = new ArrayList<>();
    for (String line : values.all("peer")) {
      String[] words = line.split(" ", -1);
      if (words.length < 3 || peers.size() == PEERS_MAX) {
        throw new DamagedException("it has a peer that is none, or too many");
      }
      List<Endpoint> endpoints = EndpointText.read(words, 3);
      long incarnation = Long.parseUnsignedLong(words[1]);
      Peer peer =
          new Peer(Id.fromHex(words[0]), incarnation, PeerState.valueOf(words[2]), endpoints);
      // an older version believed what others refuse a whole message for
      if (Long.compareUnsigned(incarnation, Limits.INCARNATION_MAX) <= 0) {
        peers.add(peer);
      }
    }
    return List.copyOf(peers);
  }

  private static Path fileIn(Path dir) {
    return dir.resolve("peers");
  }
}
