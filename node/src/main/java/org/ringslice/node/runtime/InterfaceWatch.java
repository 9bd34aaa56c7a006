package org.ringslice.node.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringslice.messages.Endpoint;
import org.ringslice.node.mdns.Interfaces;
import org.ringslice.node.zmq.ZmqTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node listening where its machine is reached: now and then holds the addresses that would
 * be chosen at a start against those that are bound, binds what came and unbinds what went. Works
 * on a thread of its own, to which all but {@link #start} and {@link #close} belongs.
 *
 * <p>An address that is there but not chosen any more, such as that of the loopback interface when
 * the LAN comes, is not told of any more and stays bound: whoever is connected there stays.
 */
final class InterfaceWatch implements Closeable {
  /**
   * Between two looks. A guess: a person with a cable in the hand does not wait longer; a look
   * costs less than a millisecond.
   */
  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Looks at which an address is missing before it is unbound: a cable may only be moved. */
  static final int MISSING_LOOKS = 2;

  /** For the thread to come to its end; a bind takes milliseconds. */
  private static final long END_MILLIS_MAX = 500;

  private static final Logger LOG = LoggerFactory.getLogger("org.ringslice.node");

  private final List<String> bind;
  private final ZmqTransport transport;
  private final Consumer<List<Endpoint>> onChange;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "ringslice-interfaces");

  private List<Endpoint> told;
  private final Set<String> refused = new HashSet<>();
  private final Map<String, Integer> missing = new LinkedHashMap<>();
  private boolean toldOfTrouble;

  private InterfaceWatch(
      List<String> bind, ZmqTransport transport, Consumer<List<Endpoint>> onChange) {
    this.bind = bind;
    this.transport = transport;
    this.onChange = onChange;
    this.told = transport.endpoints();
    thread.setDaemon(true);
  }

  /**
   * Begins to watch.
   *
   * @param bind what the person named; empty for the addresses of the LAN
   * @param onChange is told where the node listens from then on, the best first
   */
  static InterfaceWatch start(
      List<String> bind, ZmqTransport transport, Consumer<List<Endpoint>> onChange) {
    InterfaceWatch watch = new InterfaceWatch(bind, transport, onChange);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!closed.await(LOOK_NANOS, TimeUnit.NANOSECONDS)) {
        try {
          look();
          toldOfTrouble = false;
        } catch (IOException | RuntimeException e) {
          tellOfTrouble(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    List<Interfaces.Found> found = Interfaces.ofThisMachine();
    List<String> chosen = hosts(Interfaces.present(found, bind));
    chosen.forEach(this::bindOnce);
    refused.retainAll(chosen);
    for (Endpoint endpoint : transport.endpoints()) {
      String host = endpoint.host();
      count(host, chosen.contains(host) || Interfaces.isThere(found, host));
    }
    List<Endpoint> listening = listening(chosen);
    if (!listening.isEmpty() && !listening.equals(told)) {
      told = listening;
      LOG.info("this node listens at {} now", listening);
      onChange.accept(listening);
    }
  }

  private static List<String> hosts(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).toList();
  }

  private void bindOnce(String host) {
    if (transport.endpoints().stream().anyMatch(bound -> bound.host().equals(host))) {
      return;
    }
    try {
      transport.bind(host);
    } catch (IOException e) {
      if (refused.add(host)) {
        LOG.warn("{} It is tried again every {} s.", e.getMessage(), seconds());
      }
    }
  }

  private static long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(LOOK_NANOS);
  }

  private void count(String host, boolean there) {
    if (there) {
      missing.remove(host);
    } else if (missing.merge(host, 1, Integer::sum) >= MISSING_LOOKS) {
      missing.remove(host);
      transport.unbind(host);
    }
  }

  /**
   * What is chosen and bound, in the order of the choice, then what may be away for a moment only.
   */
  private List<Endpoint> listening(List<String> chosen) {
    List<Endpoint> bound = transport.endpoints();
    List<Endpoint> listening = new ArrayList<>();
    for (String host : chosen) {
      bound.stream().filter(each -> each.host().equals(host)).forEach(listening::add);
    }
    told.stream()
        .filter(each -> missing.containsKey(each.host()) && !listening.contains(each))
        .forEach(listening::add);
    return listening;
  }

  private void tellOfTrouble(Exception e) {
    LOG.debug("the watch of the interfaces", e);
    if (!toldOfTrouble) {
      toldOfTrouble = true;
      LOG.warn(
          "The interfaces of this machine can't be looked at ({}): an address that comes later is"
              + " not used; it is tried again every {} s.",
          e.getMessage(),
          seconds());
    }
  }

  /** Ends the watch; nothing is bound or told after this. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(END_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
