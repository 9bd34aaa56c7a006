package org.ringslice.node.zmq;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.ringslice.messages.Limits;
import zmq.Msg;
import zmq.io.Metadata;
import zmq.msg.MsgAllocator;

/**
 * Stands between the network and memory, for one port: allocates the frames, never more than the
 * protocol allows, and ends connections that break its limits. JeroMQ 0.6.0 needs this beside its
 * own maximum: a negative length passes that and throws in the I/O thread (zeromq/jeromq #1005),
 * and the number of frames in a message has no limit at all. Runs on the port's I/O thread.
 */
final class FrameGuard implements MsgAllocator {
  /**
   * Bytes of one lane received and not yet read by its worker, over all connections. Past it the
   * connection that brings more is ended. Credit keeps honest peers far below; a guess, and a
   * fraction of the heap.
   */
  static final long UNREAD_BYTES_MAX = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final Function<Metadata, Connection> connectionOf;
  private final AtomicLong unreadBytes;
  private final Counters counters;

  private Metadata lastMetadata;
  private Connection lastConnection;

  /**
   * @param unreadBytes shared by the ports of a lane
   */
  FrameGuard(
      Function<Metadata, Connection> connectionOf, AtomicLong unreadBytes, Counters counters) {
    this.connectionOf = connectionOf;
    this.unreadBytes = unreadBytes;
    this.counters = counters;
  }

  @Override
  public Msg allocate(int sizeBytes) {
    boolean nonsense = sizeBytes < 0 || sizeBytes > Limits.FRAME_BYTES_MAX;
    return new Frame(this, nonsense ? 0 : sizeBytes, nonsense);
  }

  /** Accounts for a frame that is about to be queued; tells whose it is. */
  Connection arrived(Frame frame, Metadata metadata) {
    // one metadata object belongs to one connection, and frames come in runs
    if (metadata != lastMetadata) {
      lastConnection = connectionOf.apply(metadata);
      lastMetadata = metadata;
    }
    Connection connection = lastConnection;
    if (connection == null) {
      return null;
    }
    long unread = unreadBytes.addAndGet(frame.size());
    boolean within = connection.takes(frame.size(), frame.hasMore()) && !frame.isNonsense();
    if ((!within || unread > UNREAD_BYTES_MAX) && !connection.isCondemned()) {
      counters.broken.increment();
      connection.condemn();
    }
    return connection;
  }

  /** The worker has taken a frame. */
  void read(Frame frame) {
    if (frame.from() != null) {
      unreadBytes.addAndGet(-frame.size());
    }
  }

  /** A connection has ended; what was unfinished is gone with it. */
  void ended(Connection connection) {
    unreadBytes.addAndGet(-connection.unfinishedBytes());
    if (connection == lastConnection) {
      lastConnection = null;
      lastMetadata = null;
    }
  }
}
