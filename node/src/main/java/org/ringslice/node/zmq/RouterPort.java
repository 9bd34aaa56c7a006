package org.ringslice.node.zmq;

import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.ZError;

/**
 * A door: a ROUTER bound to one address of a lane. Each connection that others open to it gets a
 * routing id from ZeroMQ, and a link when it has brought a message that can be read.
 *
 * <p>ZeroMQ puts a note of our own into the stream of a connection that has ended, behind its last
 * message; so nothing that came before the end is lost.
 */
final class RouterPort extends Port {
  private static final byte[] END_NOTE = {0};

  private final Map<Bytes, Link> links = new HashMap<>();
  private final FrameGuard guard;
  private final String host;
  private final int tcpPort;

  private RouterPort(
      ZMQ.Socket socket, SocketWorker worker, FrameGuard guard, String host, int tcpPort) {
    super(socket, worker);
    this.guard = guard;
    this.host = host;
    this.tcpPort = tcpPort;
  }

  /**
   * Binds a port of an address of this machine; 0 for a free one. Called by any thread, before the
   * worker is told of it.
   *
   * @throws org.zeromq.ZMQException when the port is taken
   */
  static RouterPort bind(SocketWorker worker, String host, int tcpPort) {
    Counters counters = worker.counters();
    Connections connections = new Connections(Connections.CONNECTIONS_MAX, counters);
    FrameGuard guard = connections.guard();
    ZMQ.Socket socket = Sockets.create(worker.context(), SocketType.ROUTER, worker.lane(), guard);
    try {
      socket.setRouterMandatory(true);
      socket.setRouterHandover(true);
      socket.base().setSocketOpt(zmq.ZMQ.ZMQ_DISCONNECT_MSG, END_NOTE);
      int events = zmq.ZMQ.ZMQ_EVENT_ACCEPTED | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED;
      socket.base().setEventHook(new Hook(worker, connections), events);
      socket.bind("tcp://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + tcpPort);
      String endpoint = socket.getLastEndpoint();
      int bound = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
      return new RouterPort(socket, worker, guard, host, bound);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  String host() {
    return host;
  }

  int tcpPort() {
    return tcpPort;
  }

  /** On the I/O thread: connections open and end. */
  private static final class Hook extends EventHook {
    private final Counters counters;
    private final Connections connections;

    Hook(SocketWorker worker, Connections connections) {
      super(worker.sockets());
      this.counters = worker.counters();
      this.connections = connections;
    }

    @Override
    public void consume(zmq.ZMQ.Event event) {
      SocketChannel channel = (SocketChannel) event.arg;
      if (event.event == zmq.ZMQ.ZMQ_EVENT_ACCEPTED) {
        connections.opened(channel, System.nanoTime());
        return;
      }
      Connection connection = connections.closed(channel);
      if (connection != null
          && !connection.isCondemned()
          && (!connection.hasSpoken() || brokeProtocol())) {
        counters.broken.increment();
      }
    }

    /**
     * ZeroMQ's errno is kept for each thread, and this one is where the connection has just failed.
     */
    private static boolean brokeProtocol() {
      int errno = new zmq.util.Errno().get();
      return errno == ZError.EPROTO || errno == ZError.EMSGSIZE;
    }
  }

  @Override
  int receive(int messagesMax) {
    int count = 0;
    while (count < messagesMax) {
      Msg routingId = base.recv(DONT_WAIT);
      if (routingId == null) {
        guard.allRead();
        break;
      }
      count++;
      Msg first = base.recv(DONT_WAIT);
      if (first instanceof Frame frame) {
        message(Bytes.wrap(routingId.data()), frame);
      } else if (first != null) {
        ended(Bytes.wrap(routingId.data()));
      }
    }
    return count;
  }

  private void message(Bytes routingId, Frame first) {
    Frames frames = readMessage(first, guard);
    Envelope envelope = worker.intake().read(frames);
    if (envelope == null) {
      return;
    }
    Connection connection = first.from();
    Link link = links.get(routingId);
    if (link != null && link.connection != connection) {
      // another connection has taken over its routing id
      links.remove(routingId);
      worker.counters().linksIn.decrementAndGet();
      worker.lose(link, "another connection took its place");
      link = null;
    }
    if (link == null) {
      link = worker.admit(this);
      link.routingId = routingId;
      link.connection = connection;
      links.put(routingId, link);
      worker.counters().linksIn.incrementAndGet();
    }
    if (connection != null) {
      connection.heard(worker.nowNanos());
    }
    worker.deliver(link, envelope);
  }

  private void ended(Bytes routingId) {
    Link link = links.remove(routingId);
    if (link != null) {
      worker.counters().linksIn.decrementAndGet();
      worker.lose(link, "the other side ended the connection");
    }
  }

  /** This node listens here no more. */
  void loseAll() {
    for (Link link : List.copyOf(links.values())) {
      worker.counters().linksIn.decrementAndGet();
      worker.lose(link, "this node listens at " + host + " no more");
    }
    links.clear();
  }

  @Override
  Outcome send(Link link, Parcel parcel) {
    if (!base.send(new Msg(link.routingId.unsafeArray()), DONT_WAIT | MORE)) {
      return base.errno() == ZError.EAGAIN ? Outcome.FULL : Outcome.GONE;
    }
    return sendRest(parcel, 0);
  }

  /** ZeroMQ can't say when its pipe is empty, so the connection ends a moment later. */
  @Override
  void closed(Link link) {
    if (link.connection != null) {
      worker.later(Alarm.What.END_CLOSED, link, LINGER_MILLIS);
    }
  }

  /**
   * The link stays known until ZeroMQ's note of its end, so that what still comes on it founds no
   * new one.
   */
  @Override
  void lost(Link link) {
    if (link.connection != null) {
      link.connection.condemn();
    }
  }
}
