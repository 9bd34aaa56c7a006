package org.ringslice.node.zmq;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import zmq.io.Metadata;

/**
 * The connections that others opened to one door, and the limit on them. Lives on the door's I/O
 * thread, which accepts and reads them all.
 */
final class Connections {
  /**
   * Connections to one door. Each costs 16 KiB of ZeroMQ's buffers. Past it, those that never said
   * anything of ours are ended, the oldest first, then those silent for longest. A guess: four
   * times the peers that a node may know.
   */
  static final int CONNECTIONS_MAX = 2048;

  /** How many are ended at once, so that a flood pays for a search only now and then. */
  private static final int ENDED_AT_ONCE = CONNECTIONS_MAX / 32;

  private final Map<SelectableChannel, Connection> byChannel = new HashMap<>();
  private final Map<String, Connection> byAddress = new HashMap<>();
  private final int connectionsMax;
  private final Counters counters;
  private final FrameGuard guard;

  Connections(int connectionsMax, Counters counters) {
    this.connectionsMax = connectionsMax;
    this.counters = counters;
    this.guard = new FrameGuard(this::of, counters);
  }

  /** What guards their frames. */
  FrameGuard guard() {
    return guard;
  }

  /** A connection was accepted. */
  Connection opened(SocketChannel channel, long nowNanos) {
    if (byChannel.size() >= connectionsMax) {
      makeRoom();
    }
    Connection connection = new Connection(channel, nowNanos);
    byChannel.put(channel, connection);
    byAddress.put(connection.address(), connection);
    return connection;
  }

  /** Its end; null when it was not known any more. */
  Connection closed(SelectableChannel channel) {
    Connection connection = byChannel.remove(channel);
    if (connection != null) {
      byAddress.remove(connection.address(), connection);
      guard.ended(connection);
    }
    return connection;
  }

  /** Whose frames bear this metadata; null when that connection has ended. */
  private Connection of(Metadata metadata) {
    return byAddress.get(metadata.get(Metadata.PEER_ADDRESS));
  }

  private void makeRoom() {
    List<Connection> idlest = new ArrayList<>(byChannel.values());
    idlest.sort(
        Comparator.comparing(Connection::isCondemned)
            .reversed()
            .thenComparing(Connection::hasSpoken)
            .thenComparingLong(Connection::heardNanos));
    int count = Math.max(1, Math.min(ENDED_AT_ONCE, connectionsMax / 32));
    for (Connection connection : idlest.subList(0, Math.min(count, idlest.size()))) {
      if (connection.isCondemned()) {
        // asked to go before and still here: ZeroMQ does not read it any more
        closed(connection.channel());
        connection.destroy();
      } else {
        counters.refused.increment();
        connection.condemn();
      }
    }
  }
}
