package org.ringslice.node.zmq;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.ringslice.messages.Limits;

/**
 * One TCP connection, as far as ZeroMQ lets us see it. It bounds what the far side may send before
 * a message is whole: ZeroMQ keeps the frames of an unfinished message without limit, outside its
 * high-water mark.
 *
 * <p>{@link #takes} belongs to the I/O thread, {@link #heard} to the worker; the rest is for both.
 */
final class Connection {
  /** Header, body, and a payload frame for each entry. */
  static final int FRAMES_MAX = 2 + Limits.BATCH_ENTRIES_MAX;

  static final long MESSAGE_BYTES_MAX =
      (long) Limits.HEADER_BYTES_MAX + Limits.BODY_BYTES_MAX + Limits.BATCH_BYTES_MAX;

  private final SocketChannel channel;
  private final String address;
  private volatile long heardNanos;
  private volatile boolean spoke;
  private volatile boolean condemned;

  // of the message that is coming in
  private int frames;
  private long bytes;

  Connection(SocketChannel channel, long nowNanos) {
    this.channel = channel;
    this.address = addressOf(channel);
    this.heardNanos = nowNanos;
  }

  /** The far end as ZeroMQ writes it into the metadata of frames: {@code host:port}. */
  String address() {
    return address;
  }

  SocketChannel channel() {
    return channel;
  }

  private static String addressOf(SocketChannel channel) {
    try {
      if (channel.getRemoteAddress() instanceof InetSocketAddress peer) {
        return peer.getAddress().getHostAddress() + ":" + peer.getPort();
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether a frame keeps the message that it belongs to within the limits. */
  boolean takes(int sizeBytes, boolean more) {
    frames++;
    bytes += sizeBytes;
    boolean within = frames <= FRAMES_MAX && bytes <= MESSAGE_BYTES_MAX;
    if (!more) {
      frames = 0;
      bytes = 0;
    }
    return within;
  }

  /** Bytes of a message that was begun and will never be whole, when the connection has ended. */
  long unfinishedBytes() {
    return bytes;
  }

  /** Notes that a message of ours came. */
  void heard(long nowNanos) {
    spoke = true;
    heardNanos = nowNanos;
  }

  boolean hasSpoken() {
    return spoke;
  }

  long heardNanos() {
    return heardNanos;
  }

  boolean isCondemned() {
    return condemned;
  }

  /**
   * Ends the connection: ZeroMQ reads the end of the stream and winds up as if the peer had gone.
   * Closing the channel instead would take it from the I/O thread's selector without a word, and
   * leak its session.
   */
  void condemn() {
    if (condemned) {
      return;
    }
    condemned = true;
    try {
      channel.shutdownInput();
    } catch (IOException e) {
      // it has ended already, which is what was wanted
    }
  }

  /** Takes the descriptor away from a condemned connection that ZeroMQ has stopped reading. */
  void destroy() {
    try {
      channel.close();
    } catch (IOException e) {
      // it has ended already
    }
  }
}
