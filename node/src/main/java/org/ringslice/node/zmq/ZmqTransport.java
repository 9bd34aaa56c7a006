package org.ringslice.node.zmq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Lane;
import org.ringslice.node.port.EventSink;
import org.ringslice.node.port.Transport;
import org.zeromq.ZMQException;
import zmq.ZError;

/**
 * Links over ZeroMQ, on two lanes with a {@link SocketWorker} each. The methods of {@link
 * Transport} belong to the node's loop thread and never wait, but for {@link #close}; {@link
 * #traffic} and {@link #endpoints} are for any thread, {@link #bind} and {@link #unbind} for one
 * that watches the machine's interfaces.
 *
 * <p>A link is one connection. It ends once, with LinkLost or with {@link #close(long)}, and not
 * with both unless they cross. What is sent on a link keeps its order. What a link's far side does
 * not take waits here up to {@link Link#QUEUED_MESSAGES_MAX} and {@link Link#QUEUED_BYTES_MAX},
 * without holding up other links; past that the link is lost.
 */
public final class ZmqTransport implements Transport {
  /** Free ports tried until one is free on all addresses. */
  private static final int FREE_PORT_TRIES = 16;

  /** How long a worker may take to end before it is interrupted, and then again. */
  private static final int WORKER_END_MILLIS = 1000;

  /** How long ZeroMQ may take to close the sockets after that. */
  private static final int SOCKETS_END_MILLIS = 1000;

  private final ZmqContext context;
  private final boolean closesContext;
  private final Links links = new Links();
  private final Phaser sockets = new Phaser(1);
  private final SocketWorker control;
  private final SocketWorker bulk;
  private volatile List<Door> doors = List.of();
  private boolean closed;

  /** An address on which this node listens, and its socket on each lane. */
  private record Door(Endpoint endpoint, RouterPort control, RouterPort bulk) {}

  private ZmqTransport(ZmqContext context, boolean closesContext, EventSink sink) {
    this.context = context;
    this.closesContext = closesContext;
    this.control = new SocketWorker(Lane.CONTROL, context, links, sink, sockets);
    this.bulk = new SocketWorker(Lane.BULK, context, links, sink, sockets);
    context.neighbourhood().ifPresent(control::moveInto);
    context.neighbourhood().ifPresent(bulk::moveInto);
  }

  /** Listens with the context of the process; see the other. */
  public static ZmqTransport listen(
      List<String> hosts, int controlPort, int bulkPort, EventSink sink) throws IOException {
    return opened(
        new ZmqTransport(ZmqContext.ofProcess(), true, sink), hosts, controlPort, bulkPort);
  }

  /**
   * A node's transport: listens on some addresses of this machine, and dials.
   *
   * @param hosts addresses, not names of interfaces; at least one
   * @param controlPort 0 for one that is free on all addresses
   * @param bulkPort likewise
   * @throws IOException with a sentence for people, when an address or port can't be had
   */
  public static ZmqTransport listen(
      ZmqContext context, List<String> hosts, int controlPort, int bulkPort, EventSink sink)
      throws IOException {
    return opened(new ZmqTransport(context, false, sink), hosts, controlPort, bulkPort);
  }

  /** A client's transport with the context of the process. */
  public static ZmqTransport dialOnly(EventSink sink) {
    return dialOnly(ZmqContext.ofProcess(), true, sink);
  }

  /** A client's transport: nobody can dial it. */
  public static ZmqTransport dialOnly(ZmqContext context, EventSink sink) {
    return dialOnly(context, false, sink);
  }

  private static ZmqTransport dialOnly(ZmqContext context, boolean closesContext, EventSink sink) {
    ZmqTransport transport = new ZmqTransport(context, closesContext, sink);
    transport.start();
    return transport;
  }

  private static ZmqTransport opened(
      ZmqTransport transport, List<String> hosts, int controlPort, int bulkPort)
      throws IOException {
    try {
      transport.bind(hosts, controlPort, bulkPort);
    } catch (IOException | RuntimeException e) {
      transport.start();
      transport.close();
      throw e;
    }
    transport.start();
    return transport;
  }

  private void start() {
    control.start();
    bulk.start();
  }

  private void bind(List<String> hosts, int controlPort, int bulkPort) throws IOException {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("no address to listen on");
    }
    List<String> addresses = new ArrayList<>();
    for (String host : hosts) {
      addresses.add(Addresses.ofThisMachine(host));
    }
    List<RouterPort> controls = bind(control, addresses, controlPort);
    List<RouterPort> bulks = bind(bulk, addresses, bulkPort);
    List<Door> bound = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      bound.add(door(addresses.get(i), controls.get(i), bulks.get(i)));
    }
    doors = List.copyOf(bound);
  }

  private static Door door(String address, RouterPort control, RouterPort bulk) {
    return new Door(new Endpoint(address, control.tcpPort(), bulk.tcpPort()), control, bulk);
  }

  /** Binds one port on all addresses, and has the worker that has not started take them over. */
  private static List<RouterPort> bind(SocketWorker worker, List<String> addresses, int port)
      throws IOException {
    int triesLeft = port == 0 ? FREE_PORT_TRIES : 1;
    while (true) {
      List<RouterPort> bound = new ArrayList<>();
      int wanted = port;
      String host = addresses.get(0);
      try {
        for (String address : addresses) {
          host = address;
          RouterPort door = RouterPort.bind(worker, address, wanted);
          bound.add(door);
          wanted = door.tcpPort();
        }
        bound.forEach(worker::add);
        return bound;
      } catch (ZMQException e) {
        bound.forEach(door -> door.close(0));
        if (--triesLeft == 0) {
          throw cannotListen(host, wanted, worker.lane(), e);
        }
      }
    }
  }

  /**
   * Listens on one more address of this machine, on the same ports.
   *
   * @throws IOException with a sentence for people, when it can't be had
   */
  public synchronized void bind(String host) throws IOException {
    if (closed) {
      return;
    }
    Endpoint ports = doors.get(0).endpoint();
    String address = Addresses.ofThisMachine(host);
    RouterPort controlDoor = bindOne(control, address, ports.controlPort());
    RouterPort bulkDoor;
    try {
      bulkDoor = bindOne(bulk, address, ports.bulkPort());
    } catch (IOException e) {
      controlDoor.close(0);
      throw e;
    }
    control.tell(new Order.Open(controlDoor));
    bulk.tell(new Order.Open(bulkDoor));
    List<Door> all = new ArrayList<>(doors);
    all.add(door(address, controlDoor, bulkDoor));
    doors = List.copyOf(all);
  }

  private static RouterPort bindOne(SocketWorker worker, String address, int port)
      throws IOException {
    try {
      return RouterPort.bind(worker, address, port);
    } catch (ZMQException e) {
      throw cannotListen(address, port, worker.lane(), e);
    }
  }

  /**
   * Listens on an address no more; the links that came in there are lost. The last address stays,
   * for its ports.
   */
  public synchronized void unbind(String host) {
    List<Door> others = new ArrayList<>();
    for (Door door : doors) {
      if (!door.endpoint().host().equals(host)) {
        others.add(door);
      } else if (doors.size() > 1) {
        control.tell(new Order.Shut(door.control()));
        bulk.tell(new Order.Shut(door.bulk()));
      }
    }
    if (!others.isEmpty()) {
      doors = List.copyOf(others);
    }
  }

  private static IOException cannotListen(String host, int port, Lane lane, ZMQException e) {
    String at = Endpoint.hostAndPort(host, port);
    if (e.getErrorCode() == ZError.EADDRINUSE) {
      return new IOException(
          "Can't listen on "
              + at
              + " for the "
              + lane.name().toLowerCase(java.util.Locale.ROOT)
              + " lane: the port is taken, or not allowed to this user;"
              + " stop what uses it, or choose another port, or 0 for a free one.",
          e);
    }
    return new IOException("Can't listen on " + at + ": " + e.getMessage() + ".", e);
  }

  @Override
  public List<Endpoint> endpoints() {
    return doors.stream().map(Door::endpoint).toList();
  }

  @Override
  public void dial(long link, Endpoint endpoint, Lane lane) {
    if (link <= 0) {
      throw new IllegalArgumentException("link " + link + " is not positive");
    }
    Link dialled = new Link(link, lane, Link.State.DIALLING);
    links.add(dialled);
    worker(lane).leave(new Order.Dial(dialled, endpoint));
  }

  @Override
  public void send(long number, Envelope envelope) {
    Link link = links.get(number);
    if (link == null) {
      return;
    }
    if (!link.hasRoom()) {
      worker(link.lane).leave(new Order.Overflow(link));
      return;
    }
    link.queued(envelope);
    worker(link.lane).leave(new Order.Send(link, envelope));
  }

  @Override
  public void close(long number) {
    Link link = links.get(number);
    if (link != null && links.remove(link)) {
      link.closedHere = true;
      worker(link.lane).leave(new Order.Close(link));
    }
  }

  @Override
  public void flush() {
    control.wake();
    bulk.wake();
  }

  /** What has gone over a lane so far. */
  public Traffic traffic(Lane lane) {
    return worker(lane).counters().snapshot();
  }

  private SocketWorker worker(Lane lane) {
    return lane == Lane.CONTROL ? control : bulk;
  }

  /**
   * Ends the workers and waits until the ports are free again; takes 2 s at most when all goes
   * well.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    control.tell(new Order.Stop());
    bulk.tell(new Order.Stop());
    boolean interrupted = join(control.thread());
    interrupted |= join(bulk.thread());
    try {
      int phase = sockets.arriveAndDeregister();
      sockets.awaitAdvanceInterruptibly(phase, SOCKETS_END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // ZeroMQ goes on closing them by itself
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (closesContext) {
      context.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for a worker, also for one whose sink does not return; whether this thread was
   * interrupted.
   */
  private static boolean join(Thread worker) {
    try {
      worker.join(WORKER_END_MILLIS);
      if (worker.isAlive()) {
        worker.interrupt();
        worker.join(WORKER_END_MILLIS);
      }
      return false;
    } catch (InterruptedException e) {
      worker.interrupt();
      return true;
    }
  }
}
