package org.ringslice.node.zmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Decoder;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.ProtocolException;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.zeromq.ZMQException;

/**
 * The thread that owns one lane's sockets: those that are bound and those that dial, which differ
 * only in who connected. It takes {@link Order}s from other threads and puts events into the sink,
 * where it may wait while the node is busy; then it reads no more, and ZeroMQ and TCP hold back the
 * senders.
 *
 * <p>It works in turns: take orders, send, receive, look at the time. When a turn has moved nothing
 * it goes on turning for {@link #SPIN_NANOS}, since the answer to what it has just put into the
 * sink is likely to come at once, and then sleeps in its selector. {@link #tell} and {@link #wake}
 * may be called from any thread; everything else from this one, or before {@link #start}.
 *
 * <p>Invariant before sleeping: every hot port has been received from until it had nothing, and
 * none has been touched since; so whatever comes after that makes the selector return.
 */
final class SocketWorker implements Runnable {
  /**
   * How long an idle worker turns before it sleeps. Measured on two cores, one small request
   * outstanding: see TransportBench. It is spent once after each burst, so a node at rest uses no
   * processor time.
   */
  static final long SPIN_NANOS = Long.getLong("spin", 30_000);

  /** Turns between two looks at the ports that are not hot, while there is no rest. */
  private static final int TURNS_PER_SELECT = 32;

  /** Orders taken, and messages received from a port, in one turn; the rest waits for the next. */
  static final int ORDERS_PER_TURN = 256;

  static final int MESSAGES_PER_TURN = 64;

  /**
   * A pipe that was full is tried again after this time, should ZeroMQ's word of its room be
   * missed.
   */
  private static final long BLOCKED_RETRY_NANOS = 1_000_000;

  /** A dial that is not through by then is lost: two SYNs, at 0 and 1 s, and their answers. */
  static final int DIAL_MILLIS = 2500;

  /** Connections that end in the greeting before a dial is given up: far above 3 in 100 hanging. */
  static final int GREETINGS_MAX = 4;

  /** From a connection's end to ZeroMQ's note of it, which comes behind its last message. */
  private static final int END_NOTE_MILLIS = 100;

  /** Links dialled at once; past it a dial is lost at once. Each costs six descriptors. A guess. */
  static final int DIALLED_MAX = 1024;

  /** How long a stopping worker goes on sending what still waits. */
  private static final int FAREWELL_MILLIS = 200;

  private final Lane lane;
  private final ZmqContext context;
  private final Links links;
  private final EventSink sink;
  private final Phaser sockets;
  private final Counters counters = new Counters();
  private final AtomicLong unreadBytes = new AtomicLong();
  private final Selector selector;
  private final Thread thread;

  private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
  private volatile boolean asleep;

  private final Encoder encoder = new Encoder();
  private final Decoder decoder = new Decoder();
  private final Set<Port> ports = new HashSet<>();
  private final List<Port> hot = new ArrayList<>();
  private final ArrayDeque<Link> blocked = new ArrayDeque<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private long nowNanos = System.nanoTime();
  private long spinUntilNanos = nowNanos;
  private long retriedNanos = nowNanos;
  private int turns;
  private boolean stopping;
  private long stopNanos;

  SocketWorker(Lane lane, ZmqContext context, Links links, EventSink sink, Phaser sockets) {
    this.lane = lane;
    this.context = context;
    this.links = links;
    this.sink = sink;
    this.sockets = sockets;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the " + lane + " lane", e);
    }
    this.thread = new Thread(this, "ringslice-" + lane.name().toLowerCase(java.util.Locale.ROOT));
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

  AtomicLong unreadBytes() {
    return unreadBytes;
  }

  Phaser sockets() {
    return sockets;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Takes over a socket that was made before the start. */
  void add(Port port) {
    try {
      port.register(selector);
    } catch (IOException e) {
      throw new UncheckedIOException("a socket that was just made is closed", e);
    }
    ports.add(port);
    heat(port);
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

  /** Sees to it that a turn begins after this call. */
  void wake() {
    if (asleep) {
      asleep = false;
      selector.wakeup();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping || mayGoOnSending()) {
        turn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the selector of the " + lane + " lane failed", e);
    } finally {
      end();
    }
  }

  private boolean mayGoOnSending() {
    return (!blocked.isEmpty() || !orders.isEmpty()) && nowNanos - stopNanos < 0;
  }

  private void turn() throws IOException {
    nowNanos = System.nanoTime();
    if (++turns % TURNS_PER_SELECT == 0) {
      select(0);
    }
    boolean sent = takeOrders() | sendBlocked();
    boolean received = receive();
    ringAlarms();
    if (received) {
      spinUntilNanos = nowNanos + SPIN_NANOS;
    } else if (sent) {
      spinUntilNanos = nowNanos;
    } else if (spinUntilNanos - nowNanos > 0) {
      Thread.yield();
    } else {
      sleep();
    }
  }

  private void sleep() throws IOException {
    asleep = true;
    if (orders.isEmpty()) {
      for (Port port : hot) {
        port.hot = false;
      }
      hot.clear();
      select(sleepMillis());
      if (!hot.isEmpty()) Thread.yield();
    }
    asleep = false;
  }

  /** Until the next alarm or retry, at least 1 ms; 0 for no end. */
  private long sleepMillis() {
    long nanos = alarms.isEmpty() ? Long.MAX_VALUE : alarms.peek().atNanos() - nowNanos;
    if (!blocked.isEmpty()) {
      nanos = Math.min(nanos, BLOCKED_RETRY_NANOS);
    }
    if (stopping) {
      nanos = Math.min(nanos, stopNanos - nowNanos);
    }
    if (nanos == Long.MAX_VALUE) {
      return -1;
    }
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** Heats the ports that have something in their mailbox; 0 looks, -1 waits without end. */
  private void select(long millis) throws IOException {
    if (millis == 0) {
      selector.selectNow();
    } else if (millis < 0) {
      selector.select();
    } else {
      selector.select(millis);
    }
    Set<SelectionKey> selected = selector.selectedKeys();
    if (!selected.isEmpty()) {
      for (SelectionKey key : selected) {
        heat((Port) key.attachment());
      }
      selected.clear();
    }
  }

  private void heat(Port port) {
    if (!port.hot) {
      port.hot = true;
      hot.add(port);
    }
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
      onSend(send.link(), send.envelope());
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
    } else if (order instanceof Order.Dropped dropped) {
      onDropped(dropped.link());
    } else {
      stopping = true;
      stopNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
    }
  }

  private void onDial(Order.Dial dial) {
    if (counters.linksOut.get() >= DIALLED_MAX) {
      lose(dial.link(), DIALLED_MAX + " links are dialled already");
      return;
    }
    counters.linksOut.incrementAndGet();
    later(Alarm.What.GIVE_UP_DIALLING, dial.link(), DIAL_MILLIS);
    int port = dial.endpoint().port(lane);
    String host = dial.endpoint().host();
    if (Addresses.isLiteral(host)) {
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
      DealerPort port = DealerPort.dial(this, link, dial.address(), dial.port());
      add(port);
      link.port = port;
    } catch (ZMQException | IllegalArgumentException e) {
      lose(link, "it can't be dialled: " + e.getMessage());
      return;
    }
    sendWaiting(link);
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
      if (++link.greetings >= GREETINGS_MAX) {
        lose(link, "what listens there does not speak ZeroMQ");
      }
    } else if (link.state == Link.State.UP) {
      later(Alarm.What.GIVE_UP_WAITING, link, END_NOTE_MILLIS);
    } else if (link.state == Link.State.CLOSING) {
      finishClosing(link);
    }
  }

  private void onSend(Link link, Envelope envelope) {
    if (link.state == Link.State.GONE) {
      return;
    }
    Parcel parcel = Parcel.of(encoder.encode(envelope));
    link.encoded(envelope, parcel);
    link.waiting.add(parcel);
    if (!link.blocked) {
      sendWaiting(link);
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

  private void finishClosing(Link link) {
    link.waiting.clear();
    if (link.port != null) {
      link.port.closed(link);
    } else {
      link.state = Link.State.GONE;
      counters.linksOut.decrementAndGet();
    }
  }

  // sending

  /**
   * Hands over what waits on a link, in order, as far as ZeroMQ takes it; whether all of it went.
   */
  private boolean sendWaiting(Link link) {
    if (link.port == null) {
      return false;
    }
    heat(link.port);
    Parcel parcel;
    while ((parcel = link.waiting.peek()) != null) {
      Port.Outcome outcome = link.port.send(link, parcel);
      if (outcome == Port.Outcome.FULL) {
        if (!link.blocked) {
          link.blocked = true;
          blocked.add(link);
        }
        return false;
      }
      link.waiting.poll();
      link.taken(parcel);
      if (outcome == Port.Outcome.GONE) {
        lose(link, "the connection has ended");
        return true;
      }
      counters.messagesOut.increment();
      counters.bytesOut.add(parcel.sizeBytes());
    }
    if (link.state == Link.State.CLOSING) {
      finishClosing(link);
    }
    return true;
  }

  /** Tries the full pipes again, at most once in a while unless something else has moved. */
  private boolean sendBlocked() {
    if (blocked.isEmpty()) {
      return false;
    }
    if (nowNanos - retriedNanos < BLOCKED_RETRY_NANOS && hot.isEmpty()) {
      return false;
    }
    retriedNanos = nowNanos;
    boolean moved = false;
    for (int left = blocked.size(); left > 0; left--) {
      Link link = blocked.poll();
      link.blocked = false;
      int before = link.waiting.size();
      if (link.state != Link.State.GONE) {
        sendWaiting(link);
      }
      moved |= link.waiting.size() < before;
    }
    return moved;
  }

  // receiving

  private boolean receive() {
    boolean moved = false;
    // by index: receiving may release a port, which cools it
    for (int i = 0; i < hot.size(); i++) {
      Port port = hot.get(i);
      if (port.hot) {
        moved |= port.receive(MESSAGES_PER_TURN) > 0;
      }
    }
    return moved;
  }

  /** The message in these frames, checked and counted; null when there is none of ours. */
  Envelope decode(Frames frames) {
    if (frames == null) {
      counters.dropped.increment();
      return null;
    }
    try {
      Envelope envelope = decoder.decode(frames);
      counters.messagesIn.increment();
      counters.bytesIn.add(frames.sizeBytes());
      if (envelope.message() instanceof Message.Unreadable) {
        counters.unreadable.increment();
      }
      for (Entry entry : envelope.message().payload()) {
        // hashed here and remembered, so that the loop thread need not
        entry.isGenuine();
      }
      return envelope;
    } catch (ProtocolException e) {
      counters.dropped.increment();
      return null;
    }
  }

  /** A new link that somebody else dialled. */
  Link admit(RouterPort port) {
    Link link = new Link(links.nextIncoming(), lane, Link.State.UP);
    link.port = port;
    links.add(link);
    return link;
  }

  void deliver(Link link, Envelope envelope) {
    if (stopping || link.state == Link.State.CLOSING || link.state == Link.State.GONE) {
      counters.dropped.increment();
      return;
    }
    link.state = Link.State.UP;
    sink.put(new Event.Arrived(link.number, envelope));
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

  /** Gives all sockets back to ZeroMQ. */
  private void end() {
    // an interrupt was meant for a sink that did not return; JeroMQ takes it ill
    Thread.interrupted();
    for (Port port : ports) {
      port.close(Port.LINGER_MILLIS);
    }
    ports.clear();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the selector of the " + lane + " lane does not close", e);
    }
  }
}
