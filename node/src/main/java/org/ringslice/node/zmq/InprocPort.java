package org.ringslice.node.zmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * The way of a worker to all its neighbours in the process: a ROUTER bound to an inproc name that
 * is also its routing id, connected to those of the others. One socket serves all links, so that
 * these cost no descriptors; a tag before each message says whose link it belongs to.
 *
 * <p>ZeroMQ tells nothing of connections over inproc. So who ends a link tells the other worker by
 * an order, after what it had sent; the acceptor forgets a link only when the dialler has said that
 * too, so that what was under way founds no new one.
 */
final class InprocPort extends Port {
  /** What comes before the header: who dialled the link, and its number there. */
  private static final int TAG_BYTES = 1 + Long.BYTES;

  private static final byte FROM_DIALLER = 0;
  private static final byte FROM_ACCEPTOR = 1;

  private final Neighbourhood neighbourhood;
  private final String name;
  private final Map<Call, Link> accepted = new HashMap<>();
  private final Map<Long, Link> dialled = new HashMap<>();

  /**
   * A link as both ends know it.
   *
   * @param neighbour the name of the other end
   * @param number the dialler's number
   */
  record Call(String neighbour, long number) {}

  private InprocPort(
      ZMQ.Socket socket, SocketWorker worker, Neighbourhood neighbourhood, String name) {
    super(socket, worker);
    this.neighbourhood = neighbourhood;
    this.name = name;
  }

  /** Moves a worker, before its start, into the neighbourhood. */
  static InprocPort open(SocketWorker worker, Neighbourhood neighbourhood) {
    String name = neighbourhood.newName();
    // nothing is allocated for what comes from the same process
    FrameGuard guard = new FrameGuard(metadata -> null, worker.counters());
    ZMQ.Socket socket = Sockets.create(worker.context(), SocketType.ROUTER, worker.lane(), guard);
    try {
      socket.setRouterMandatory(true);
      socket.setIdentity(name.getBytes(StandardCharsets.US_ASCII));
      socket.bind(address(name));
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
    neighbourhood.add(name, worker);
    return new InprocPort(socket, worker, neighbourhood, name);
  }

  private static String address(String name) {
    return "inproc://" + name;
  }

  void listens(RouterPort door) {
    neighbourhood.listens(name, door.host(), door.tcpPort());
  }

  void listensNoMore(RouterPort door) {
    neighbourhood.listensNoMore(door.host(), door.tcpPort());
  }

  /** Dials the neighbour that listens at an address; whether there is one. */
  boolean dial(Link link, String address, int tcpPort) {
    String neighbour = neighbourhood.find(address, tcpPort);
    if (neighbour == null || neighbour.equals(name)) {
      return false;
    }
    if (!neighbourhood.connect(name, neighbour, () -> socket.connect(address(neighbour)))) {
      return false;
    }
    link.call = new Call(neighbour, link.number);
    link.state = Link.State.UP;
    dialled.put(link.number, link);
    return true;
  }

  @Override
  int receive(int messagesMax) {
    int count = 0;
    while (count < messagesMax) {
      Msg routingId = base.recv(DONT_WAIT);
      if (routingId == null) {
        break;
      }
      count++;
      message(new String(routingId.data(), StandardCharsets.US_ASCII));
    }
    return count;
  }

  private void message(String neighbour) {
    ByteBuffer tag = ByteBuffer.wrap(base.recv(DONT_WAIT).data());
    boolean fromDialler = tag.get() == FROM_DIALLER;
    Call call = new Call(neighbour, tag.getLong());
    Bytes header = Bytes.wrap(base.recv(DONT_WAIT).data());
    Msg frame = base.recv(DONT_WAIT);
    Bytes body = Bytes.wrap(frame.data());
    List<Bytes> payload = new ArrayList<>(0);
    while (frame.hasMore()) {
      frame = base.recv(DONT_WAIT);
      payload.add(Bytes.wrap(frame.data()));
    }
    Envelope envelope = worker.intake().read(new Frames(header, body, payload));
    Link link = fromDialler ? accepted.computeIfAbsent(call, this::admit) : called(call);
    if (envelope != null && link != null) {
      worker.deliver(link, envelope);
    }
  }

  private Link admit(Call call) {
    Link link = worker.admit(this);
    link.call = call;
    worker.counters().linksIn.incrementAndGet();
    return link;
  }

  private Link called(Call call) {
    Link link = dialled.get(call.number());
    return link != null && link.call.equals(call) ? link : null;
  }

  @Override
  Outcome send(Link link, Parcel parcel) {
    Call call = link.call;
    if (!base.send(
        new Msg(call.neighbour().getBytes(StandardCharsets.US_ASCII)), DONT_WAIT | MORE)) {
      // one that was connected a moment ago is not known to the socket yet
      boolean isThere = neighbourhood.worker(call.neighbour()) != null;
      return base.errno() == ZError.EAGAIN || isThere ? Outcome.FULL : Outcome.GONE;
    }
    ByteBuffer tag = ByteBuffer.allocate(TAG_BYTES);
    tag.put(link.number > 0 ? FROM_DIALLER : FROM_ACCEPTOR).putLong(call.number());
    if (!base.send(new Msg(tag.array()), DONT_WAIT | MORE)) {
      return Outcome.GONE;
    }
    return sendRest(parcel, 0);
  }

  @Override
  void closed(Link link) {
    link.state = Link.State.GONE;
    end(link);
  }

  @Override
  void lost(Link link) {
    end(link);
  }

  /** Tells the other end, and forgets a link that was dialled here. */
  private void end(Link link) {
    boolean byDialler = link.number > 0;
    if (byDialler && dialled.remove(link.number) != null) {
      worker.counters().linksOut.decrementAndGet();
    }
    SocketWorker neighbour = neighbourhood.worker(link.call.neighbour());
    if (neighbour != null) {
      neighbour.tell(new Order.HungUp(new Call(name, link.call.number()), byDialler));
    }
  }

  /** The other end of a link has ended it, after what it had sent. */
  void hungUp(Call call, boolean byDialler) {
    readAll();
    if (!byDialler) {
      Link link = called(call);
      if (link != null) {
        worker.lose(link, "the other side ended the connection");
      }
      return;
    }
    Link link = accepted.remove(call);
    if (link != null) {
      worker.counters().linksIn.decrementAndGet();
      worker.lose(link, "the other side ended the connection");
    }
  }

  /** A neighbour has gone, after what it had sent. */
  void left(String neighbour) {
    readAll();
    List<Link> lost = new ArrayList<>();
    for (Map<?, Link> links : List.of(accepted, dialled)) {
      links.values().stream()
          .filter(link -> link.call.neighbour().equals(neighbour))
          .forEach(lost::add);
    }
    lost.forEach(link -> worker.lose(link, "the other side is gone"));
    if (accepted.keySet().removeIf(call -> call.neighbour().equals(neighbour))) {
      long left = lost.stream().filter(link -> link.number < 0).count();
      worker.counters().linksIn.addAndGet((int) -left);
    }
  }

  private void readAll() {
    while (receive(SocketWorker.MESSAGES_PER_TURN) > 0) {
      // the sink sets the pace
    }
  }

  /** Nobody is to come here any more. */
  void leave() {
    neighbourhood.leave(name);
  }
}
