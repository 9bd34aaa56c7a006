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
   * Bytes that came through one port and that its worker has not read yet, over all connections.
   * Past it the connection that brings more is ended. Credit keeps honest peers far below; a guess,
   * and a fraction of the heap.
   */
  static final long UNREAD_BYTES_MAX = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final Function<Metadata, Connection> connectionOf;
  private final Counters counters;

  /** Bytes of whole messages that the worker has not read; set right by {@link #allRead}. */
  private final AtomicLong unreadBytes = new AtomicLong();

  // the I/O thread's
  private long unfinishedBytes;
  private Metadata lastMetadata;
  private Connection lastConnection;

  FrameGuard(Function<Metadata, Connection> connectionOf, Counters counters) {
    this.connectionOf = connectionOf;
    this.counters = counters;
  }

  @Override
  public Msg allocate(int sizeBytes) {
    boolean nonsense = sizeBytes < 0 || sizeBytes > Limits.FRAME_BYTES_MAX;
    return new Frame(this, nonsense ? 0 : sizeBytes, nonsense);
  }

  /** Accounts for a frame that is about to be queued; tells whose it is. */
  @SuppressWarnings("ReferenceEquality") // metadata that is merely equal may be another's
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
    long begun = connection.unfinishedBytes();
    boolean within = connection.takes(frame.size(), frame.hasMore()) && !frame.isNonsense();
    unfinishedBytes += connection.unfinishedBytes() - begun;
    long unread = unreadBytes.get();
    if (!frame.hasMore()) {
      unread = unreadBytes.addAndGet(begun + frame.size());
    }
    within &= unread + unfinishedBytes <= UNREAD_BYTES_MAX;
    if (!within && !connection.isCondemned()) {
      counters.broken.increment();
      connection.condemn();
    }
    return connection;
  }

  /** A connection has ended; what was unfinished is gone with it. */
  void ended(Connection connection) {
    unfinishedBytes -= connection.unfinishedBytes();
    if (connection == lastConnection) {
      lastConnection = null;
      lastMetadata = null;
    }
  }

  /** The worker has read a frame. */
  void read(Frame frame) {
    if (frame.from() != null) {
      unreadBytes.addAndGet(-frame.size());
    }
  }

  /**
   * The worker has found nothing more. ZeroMQ drops what it had queued for a connection whose
   * identity another one takes over; without this, that would add up.
   */
  void allRead() {
    if (unreadBytes.get() != 0) {
      unreadBytes.set(0);
    }
  }
}
