package org.ringslice.node.zmq;

import java.nio.channels.SocketChannel;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.ZError;

/**
 * A DEALER that was told to dial one address, for one link.
 *
 * <p>JeroMQ reconnects by itself. That is wanted until the greeting is through, since one in a
 * hundred hangs there, and nothing has been sent by then; from the greeting on it is switched off,
 * so that a link is one connection. The end shows as a note of our own behind the last message that
 * came.
 */
final class DealerPort extends Port {
  /**
   * Pause between attempts before the greeting is through: JeroMQ waits up to twice this. A guess.
   */
  private static final int RETRY_MILLIS = 20;

  private static final byte[] END_NOTE = {0};

  private final Link link;
  private final FrameGuard guard;

  private DealerPort(ZMQ.Socket socket, SocketWorker worker, Link link, FrameGuard guard) {
    super(socket, worker);
    this.link = link;
    this.guard = guard;
  }

  /**
   * Begins to dial.
   *
   * @param address an IP address, so that no name is looked up on ZeroMQ's thread
   * @throws org.zeromq.ZMQException when ZeroMQ can't
   */
  static DealerPort dial(SocketWorker worker, Link link, String address, int tcpPort) {
    Hook hook = new Hook(worker, link);
    FrameGuard guard = new FrameGuard(metadata -> hook.connection, worker.counters());
    hook.guard = guard;
    ZMQ.Socket socket;
    try {
      socket = Sockets.create(worker.context(), SocketType.DEALER, worker.lane(), guard);
    } catch (RuntimeException e) {
      hook.close();
      throw e;
    }
    try {
      hook.base = socket.base();
      socket.setReconnectIVL(RETRY_MILLIS);
      socket.base().setSocketOpt(zmq.ZMQ.ZMQ_HICCUP_MSG, END_NOTE);
      int events =
          zmq.ZMQ.ZMQ_EVENT_CONNECTED
              | zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_PROTOCOL
              | zmq.ZMQ.ZMQ_EVENT_CLOSED
              | zmq.ZMQ.ZMQ_EVENT_CONNECT_RETRIED
              | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED;
      socket.base().setEventHook(hook, events);
      String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
      socket.connect("tcp://" + host + ":" + tcpPort);
      return new DealerPort(socket, worker, link, guard);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** On the I/O thread: how the dialling goes. */
  private static final class Hook extends EventHook {
    private final SocketWorker worker;
    private final Link link;
    private zmq.SocketBase base;
    private FrameGuard guard;
    private Connection connection;

    Hook(SocketWorker worker, Link link) {
      super(worker.sockets());
      this.worker = worker;
      this.link = link;
    }

    @Override
    public void consume(zmq.ZMQ.Event event) {
      switch (event.event) {
        case zmq.ZMQ.ZMQ_EVENT_CONNECTED -> {
          connection = new Connection((SocketChannel) event.arg, System.nanoTime());
        }
        case zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_PROTOCOL -> {
          // read on this very thread when the connection ends, and by nobody else
          base.setSocketOpt(zmq.ZMQ.ZMQ_RECONNECT_IVL, -1);
          worker.tell(new Order.Through(link, connection));
        }
        case zmq.ZMQ.ZMQ_EVENT_CLOSED -> worker.tell(new Order.Refused(link));
        case zmq.ZMQ.ZMQ_EVENT_CONNECT_RETRIED -> worker.tell(new Order.Retrying(link));
        case zmq.ZMQ.ZMQ_EVENT_DISCONNECTED -> {
          if (connection != null) {
            guard.ended(connection);
          }
          worker.tell(new Order.Dropped(link));
        }
        default -> throw new IllegalStateException("an event that was not asked for");
      }
    }
  }

  @Override
  int receive(int messagesMax) {
    int count = 0;
    while (count < messagesMax && link.state != Link.State.GONE) {
      Msg first = base.recv(DONT_WAIT);
      if (first == null) {
        guard.allRead();
        break;
      }
      count++;
      if (!(first instanceof Frame frame)) {
        worker.lose(link, "the other side ended the connection");
        break;
      }
      Frames frames = readMessage(frame, guard);
      Envelope envelope = worker.intake().read(frames);
      if (envelope != null) {
        worker.deliver(link, envelope);
      }
    }
    return count;
  }

  @Override
  Outcome send(Link link, Parcel parcel) {
    if (!base.send(parcel.frames().get(0), DONT_WAIT | MORE)) {
      return base.errno() == ZError.EAGAIN ? Outcome.FULL : Outcome.GONE;
    }
    return sendRest(parcel, 1);
  }

  @Override
  void closed(Link link) {
    worker.release(this, LINGER_MILLIS);
    link.state = Link.State.GONE;
  }

  @Override
  void lost(Link link) {
    worker.release(this, 0);
  }
}
