package org.ringslice.node.zmq;

import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** The options that every socket bears, and why. */
final class Sockets {
  /**
   * Messages in each of a connection's two pipes. Control: ZeroMQ's own default. Bulk: messages
   * there may be 4 MiB each, and 64 were no faster than 16 (TransportBench).
   */
  static final int CONTROL_HIGH_WATER_MESSAGES = 1000;

  static final int BULK_HIGH_WATER_MESSAGES = 16;

  /**
   * One to five of a hundred fresh connections of JeroMQ 0.6.0 hang in the greeting; given up after
   * this time and tried again, none of 2,000 was lost.
   */
  static final int HANDSHAKE_MILLIS = 300;

  // The kernel notices a machine that vanished without a word: 60 + 3 * 20 s. Peers have heartbeats
  // of the
  // node's besides; this is for clients.
  private static final int KEEP_ALIVE_IDLE_SECONDS = 60;
  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 20;
  private static final int KEEP_ALIVE_COUNT = 3;

  private Sockets() {}

  static ZMQ.Socket create(ZmqContext context, SocketType type, Lane lane, FrameGuard guard) {
    int highWater = lane == Lane.CONTROL ? CONTROL_HIGH_WATER_MESSAGES : BULK_HIGH_WATER_MESSAGES;
    ZMQ.Socket socket = context.createSocket(type);
    // each lane has an I/O thread to itself, so that heartbeats do not queue behind payloads there
    // either
    socket.setAffinity(1L << lane.ordinal());
    socket.setIPv6(true);
    socket.setSndHWM(highWater);
    socket.setRcvHWM(highWater);
    socket.setLinger(0);
    // with a peer gone and MANDATORY, JeroMQ would wait for ever (#989)
    socket.setSendTimeOut(0);
    socket.setReceiveTimeOut(0);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.setMaxMsgSize(Limits.FRAME_BYTES_MAX);
    socket.setMsgAllocator(guard);
    // nobody answers for this domain; that it is set makes JeroMQ turn away ZMTP 1 and 2, whose
    // frames come
    // without the metadata that FrameGuard needs
    socket.setZAPDomain("ringslice");
    socket.setTCPKeepAlive(1);
    socket.setTCPKeepAliveIdle(KEEP_ALIVE_IDLE_SECONDS);
    socket.setTCPKeepAliveInterval(KEEP_ALIVE_INTERVAL_SECONDS);
    socket.setTCPKeepAliveCount(KEEP_ALIVE_COUNT);
    return socket;
  }
}
