package org.ringslice.node.zmq;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Frames;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.SocketBase;

/**
 * A ZeroMQ socket and its place in its worker's selector. The channel behind {@code getFD} tells of
 * commands in the socket's mailbox, not of messages, and every call on the socket may empty the
 * mailbox: whoever has touched a port must {@linkplain #receive receive} until there is nothing
 * before relying on the selector.
 */
abstract sealed class Port permits RouterPort, DealerPort, InprocPort {
  /**
   * How long what was sent before a close may still take: a guess, and a bound on a context's end.
   */
  static final int LINGER_MILLIS = 300;

  static final int DONT_WAIT = zmq.ZMQ.ZMQ_DONTWAIT;
  static final int MORE = zmq.ZMQ.ZMQ_SNDMORE;

  final ZMQ.Socket socket;
  final SocketBase base;
  final SocketWorker worker;
  private SelectionKey key;

  /** Whether the worker looks at this port in each turn. */
  boolean hot;

  Port(ZMQ.Socket socket, SocketWorker worker) {
    this.socket = socket;
    this.base = socket.base();
    this.worker = worker;
  }

  final void register(Selector selector) throws IOException {
    key = socket.getFD().register(selector, SelectionKey.OP_READ, this);
  }

  /**
   * Takes in at most so many messages; how many there were. Fewer than asked for means: no more
   * now.
   */
  abstract int receive(int messagesMax);

  /** Hands a parcel to ZeroMQ. */
  abstract Outcome send(Link link, Parcel parcel);

  /** A link has been closed here, and its waiting parcels are gone or sent. */
  abstract void closed(Link link);

  /** A link has been given up: end its connection now. */
  abstract void lost(Link link);

  /** What came of handing over a parcel. */
  enum Outcome {
    SENT,
    /** The pipe is full; later. */
    FULL,
    GONE
  }

  /** The frames after the first, which has been sent. */
  final Outcome sendRest(Parcel parcel, int from) {
    List<Msg> frames = parcel.frames();
    int last = frames.size() - 1;
    for (int i = from; i <= last; i++) {
      if (!base.send(frames.get(i), i < last ? DONT_WAIT | MORE : DONT_WAIT)) {
        return Outcome.GONE;
      }
    }
    return Outcome.SENT;
  }

  /**
   * The rest of the message that {@code first} begins; null when it is not even two frames. ZeroMQ
   * delivers whole messages only, and the {@link FrameGuard} limits their frames.
   */
  final Frames readMessage(Frame first, FrameGuard guard) {
    Bytes header = take(first, guard);
    if (!first.hasMore()) {
      return null;
    }
    Bytes body = null;
    List<Bytes> payload = new ArrayList<>(0);
    Msg frame;
    do {
      frame = base.recv(DONT_WAIT);
      if (!(frame instanceof Frame)) {
        return null;
      }
      Bytes bytes = take((Frame) frame, guard);
      if (body == null) {
        body = bytes;
      } else {
        payload.add(bytes);
      }
    } while (frame.hasMore());
    return new Frames(header, body, payload);
  }

  private static Bytes take(Frame frame, FrameGuard guard) {
    guard.read(frame);
    return Bytes.wrap(frame.data());
  }

  /** Gives the socket back to ZeroMQ, which closes it in its own time. */
  final void close(int lingerMillis) {
    if (key != null) {
      key.cancel();
    }
    socket.setLinger(lingerMillis);
    socket.close();
  }

  /** Ends {@code sockets}' wait for this one when ZeroMQ has closed it. */
  abstract static class EventHook implements zmq.ZMQ.EventConsummer {
    private final Phaser sockets;

    EventHook(Phaser sockets) {
      this.sockets = sockets;
      sockets.register();
    }

    @Override
    public void close() {
      sockets.arriveAndDeregister();
    }
  }
}
