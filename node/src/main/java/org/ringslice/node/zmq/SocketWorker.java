package org.ringslice.node.zmq;

import java.io.IOException;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQException;

/**
 * The thread that owns one lane's sockets: those that are bound and those that dial, which differ
 * only in who connected. It takes {@link Order}s from other threads and puts events into the sink,
 * where it may wait while the node is busy; then it reads no more, and ZeroMQ and TCP hold back the
 * senders.
 *
 * <p>It works in turns: take orders, send, receive, look at the time; and sleeps in its selector
 * when a turn has moved nothing, unless {@link Spin} tells it to stay awake for a moment. {@link
 * #leave}, {@link #tell} and {@link #wake} are for any thread, the rest for this one, or for before
 * {@link #start}.
 */
final class SocketWorker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketWorker.class);

  /** Turns between two looks at the ports that are not hot, while there is no rest. */
  private static final int TURNS_PER_LOOK = 32;

  /** Orders taken, and messages received from a port, in one turn; the rest waits for the next. */
  static final int ORDERS_PER_TURN = 256;

  static final int MESSAGES_PER_TURN = 64;

  /** A dial that is not through by then is lost: two SYNs, at 0 and 1 s, and their answers. */
  static final int DIAL_MILLIS = 2500;

  /**
   * Connections that end in the greeting before a dial is given up; one in a hundred or so hangs.
   */
  static final int GREETINGS_MAX = 4;

  /** From a connection's end in the greeting to JeroMQ's word that it tries again, when it does. */
  private static final int RETRY_WORD_MILLIS = 100;

  /** From a connection's end to ZeroMQ's note of it, which comes behind its last message. */
  private static final int END_NOTE_MILLIS = 100;

  /** Links dialled at once; past it a dial is lost at once. Each costs six descriptors. A guess. */
  static final int DIALLED_MAX = 1024;

  /** How long a stopping worker goes on sending what still waits. */
  private static final int FAREWELL_MILLIS = 200;

  private static final String NOT_ZEROMQ = "what listens there does not speak ZeroMQ";

  private final Lane lane;
  private final ZmqContext context;
  private final Links links;
  private final EventSink sink;
  private final Phaser sockets;
  private final Counters counters = new Counters();
  private final Intake intake = new Intake(counters);
  private final ReadyPorts ports;
  private final Thread thread;

  private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private long nowNanos = System.nanoTime();
  private final Spin spin = new Spin();
  private final Outbox outbox = new Outbox(this);
  private InprocPort inproc;
  private int turns;
  private boolean stopping;
  private long stopNanos;

  SocketWorker(Lane lane, ZmqContext context, Links links, EventSink sink, Phaser sockets) {
    this.lane = lane;
    this.context = context;
    this.links = links;
    this.sink = sink;
    this.sockets = sockets;
    this.ports = new ReadyPorts(lane);
    this.thread = new Thread(this, "ringslice-" + lane.name().toLowerCase(Locale.ROOT));
    thread.setDaemon(true);
  }

  Lane lane() {
    return lane;
  }

  ZmqContext context() {
    return context;
  }

  Counters counters() {
    return counters;
  }

  Phaser sockets() {
    return sockets;
  }

  Intake intake() {
    return intake;
  }

  /** When this turn began. */
  long nowNanos() {
    return nowNanos;
  }

  /** Before the start: reaches those of the same process, and is reached by them, without TCP. */
  void moveInto(Neighbourhood neighbourhood) {
    inproc = InprocPort.open(this, neighbourhood);
    add(inproc);
  }

  /** Takes over a socket that was made before the start. */
  void add(Port port) {
    ports.add(port);
    if (port instanceof RouterPort door && inproc != null) {
      inproc.listens(door);
    }
  }

  /** A port's socket was called; its news may have gone from the selector into it. */
  void touched(Port port) {
    ports.heat(port);
  }

  void start() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  /** Leaves an order, to be seen at the next {@link #wake} or the worker's next turn. */
  void leave(Order order) {
    orders.add(order);
  }

  /** Leaves an order and wakes the worker. */
  void tell(Order order) {
    leave(order);
    wake();
  }

  /** Sees to it that what was left is taken; the worker of an idle lane sleeps on. */
  void wake() {
    if (!orders.isEmpty()) {
      ports.wake();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping || mayGoOnSending()) {
        turn();
      }
    } catch (IOException | RuntimeException | Error e) {
      // half a node would tell others that it lives
      LOG.error("the {} lane ends", lane, e);
      sink.put(new Event.Broken("the socket worker of the " + lane + " lane failed: " + e));
    } finally {
      // an interrupt was meant for a sink that did not return; JeroMQ takes it ill
      Thread.interrupted();
      if (inproc != null) {
        inproc.leave();
      }
      ports.close(Port.LINGER_MILLIS);
    }
  }

  private boolean mayGoOnSending() {
    return (outbox.anyBlocked() || !orders.isEmpty()) && nowNanos - stopNanos < 0;
  }

  private void turn() throws IOException {
    nowNanos = System.nanoTime();
    if (++turns % TURNS_PER_LOOK == 0) {
      ports.look();
    }
    boolean sent = takeOrders();
    sent |= outbox.sendBlocked(ports.anyHot());
    boolean received = ports.receive(MESSAGES_PER_TURN);
    ringAlarms();
    if (sent) {
      spin.sent();
    }
    if (received) {
      spin.received(nowNanos);
    }
    if (sent || received) {
      ports.usedTheirNews();
    } else if (spin.goesOn(nowNanos)) {
      Thread.onSpinWait();
    } else {
      sleep();
    }
  }

  private void sleep() throws IOException {
    ports.prepareToSleep();
    if (orders.isEmpty()) {
      ports.sleep(sleepMillis());
    } else {
      ports.stayAwake();
    }
  }

  /** Until the next alarm or retry, at least 1 ms; 0 for no end. */
  private long sleepMillis() {
    long nanos = alarms.isEmpty() ? Long.MAX_VALUE : alarms.peek().atNanos() - nowNanos;
    if (outbox.anyBlocked()) {
      nanos = Math.min(nanos, Outbox.RETRY_NANOS);
    }
    if (stopping) {
      nanos = Math.min(nanos, stopNanos - nowNanos);
    }
    return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  // orders

  private boolean takeOrders() {
    int count = 0;
    Order order;
    while (count < ORDERS_PER_TURN && (order = orders.poll()) != null) {
      carryOut(order);
      count++;
    }
    return count > 0;
  }

  private void carryOut(Order order) {
    if (order instanceof Order.Send send) {
      outbox.send(send.link(), send.envelope());
    } else if (order instanceof Order.Dial dial) {
      onDial(dial);
    } else if (order instanceof Order.DialAddress dial) {
      onDialAddress(dial);
    } else if (order instanceof Order.NoAddress none) {
      lose(none.link(), none.why());
    } else if (order instanceof Order.Overflow overflow) {
      lose(overflow.link(), "the other side reads too slowly");
    } else if (order instanceof Order.Close close) {
      onClose(close.link());
    } else if (order instanceof Order.Through through) {
      onThrough(through);
    } else if (order instanceof Order.Refused refused) {
      if (refused.link().state == Link.State.DIALLING) {
        lose(refused.link(), "nobody accepts connections there");
      }
    } else if (order instanceof Order.Retrying retrying) {
      retrying.link().retries++;
    } else if (order instanceof Order.Dropped dropped) {
      onDropped(dropped.link());
    } else if (order instanceof Order.Open open) {
      add(open.door());
    } else if (order instanceof Order.Shut shut) {
      onShut(shut.door());
    } else if (order instanceof Order.HungUp hungUp) {
      touched(inproc);
      inproc.hungUp(hungUp.call(), hungUp.byDialler());
    } else if (order instanceof Order.Left left) {
      touched(inproc);
      inproc.left(left.neighbour());
    } else {
      stopping = true;
      stopNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
    }
  }

  private void onDial(Order.Dial dial) {
    if (counters.linksOut.incrementAndGet() > DIALLED_MAX) {
      lose(dial.link(), DIALLED_MAX + " links are dialled already");
      return;
    }
    later(Alarm.What.GIVE_UP_DIALLING, dial.link(), DIAL_MILLIS);
    int port = dial.endpoint().port(lane);
    String host = dial.endpoint().host();
    if (Addresses.isComplete(host)) {
      onDialAddress(new Order.DialAddress(dial.link(), host, port));
    } else {
      context.lookUp(dial.link(), host, port, this);
    }
  }

  private void onDialAddress(Order.DialAddress dial) {
    Link link = dial.link();
    if (link.state == Link.State.GONE) {
      return;
    }
    try {
      link.port = connect(link, dial.address(), dial.port());
    } catch (ZMQException | IllegalArgumentException e) {
      lose(link, "it can't be dialled: " + e.getMessage());
      return;
    }
    outbox.sendWaiting(link);
  }

  private Port connect(Link link, String address, int port) {
    if (inproc != null && inproc.dial(link, address, port)) {
      return inproc;
    }
    DealerPort dealer = DealerPort.dial(this, link, address, port);
    add(dealer);
    return dealer;
  }

  private void onShut(RouterPort door) {
    if (inproc != null) {
      inproc.listensNoMore(door);
    }
    ports.remove(door);
    door.loseAll();
    door.close(0);
  }

  private void onThrough(Order.Through through) {
    Link link = through.link();
    if (link.state == Link.State.DIALLING) {
      link.state = Link.State.UP;
    }
    if (link.state != Link.State.GONE) {
      link.connection = through.connection();
    }
  }

  private void onDropped(Link link) {
    if (link.state == Link.State.DIALLING) {
      if (++link.failedGreetings >= GREETINGS_MAX) {
        lose(link, NOT_ZEROMQ);
      } else {
        later(Alarm.What.EXPECT_RETRY, link, RETRY_WORD_MILLIS);
      }
    } else if (link.state == Link.State.UP) {
      later(Alarm.What.GIVE_UP_WAITING, link, END_NOTE_MILLIS);
    } else if (link.state == Link.State.CLOSING) {
      finishClosing(link);
    }
  }

  private void onClose(Link link) {
    if (link.state == Link.State.GONE) {
      return;
    }
    boolean dialling = link.port == null;
    link.state = Link.State.CLOSING;
    if (dialling || link.waiting.isEmpty()) {
      finishClosing(link);
    } else {
      later(Alarm.What.END_CLOSING, link, Port.LINGER_MILLIS);
    }
  }

  /** A link has been closed here, and what waited on it is sent or given up. */
  void finishClosing(Link link) {
    link.waiting.clear();
    if (link.port != null) {
      link.port.closed(link);
    } else {
      link.state = Link.State.GONE;
      counters.linksOut.decrementAndGet();
    }
  }

  // receiving

  /** A new link that somebody else dialled. */
  Link admit(Port port) {
    Link link = new Link(links.nextIncoming(), lane, Link.State.UP);
    link.port = port;
    links.add(link);
    return link;
  }

  void deliver(Link link, Envelope envelope) {
    if (stopping || link.closedHere || link.state == Link.State.GONE) {
      counters.dropped.increment();
      return;
    }
    link.state = Link.State.UP;
    sink.put(new Event.Arrived(link.number, lane, envelope));
  }

  // ends

  /** Gives a link up, and says so unless it was closed here. */
  void lose(Link link, String why) {
    if (link.state == Link.State.GONE) {
      return;
    }
    link.state = Link.State.GONE;
    link.waiting.clear();
    if (link.port != null) {
      link.port.lost(link);
    } else {
      counters.linksOut.decrementAndGet();
    }
    if (links.remove(link) && !stopping) {
      sink.put(new Event.LinkLost(link.number, why));
    }
  }

  /** A dialled link has no more use for its socket. */
  void release(DealerPort port, int lingerMillis) {
    ports.remove(port);
    counters.linksOut.decrementAndGet();
    port.close(lingerMillis);
  }

  void later(Alarm.What what, Link link, int millis) {
    alarms.add(new Alarm(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), what, link));
  }

  private void ringAlarms() {
    Alarm alarm;
    while ((alarm = alarms.peek()) != null && alarm.atNanos() - nowNanos <= 0) {
      alarms.poll();
      Link link = alarm.link();
      switch (alarm.what()) {
        case GIVE_UP_DIALLING -> {
          if (link.state == Link.State.DIALLING) {
            lose(link, "nobody answered within " + DIAL_MILLIS + " ms");
          }
        }
        case EXPECT_RETRY -> {
          if (link.state == Link.State.DIALLING && link.retries < link.failedGreetings) {
            lose(link, NOT_ZEROMQ);
          }
        }
        case GIVE_UP_WAITING -> {
          if (link.state == Link.State.UP) {
            lose(link, "the connection has ended");
          }
        }
        case END_CLOSING -> {
          if (link.state == Link.State.CLOSING) {
            finishClosing(link);
          }
        }
        case END_CLOSED -> link.connection.condemn();
      }
    }
  }
}
