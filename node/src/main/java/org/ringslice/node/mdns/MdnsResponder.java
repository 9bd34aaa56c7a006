package org.ringslice.node.mdns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for other nodes on one address, and announces this one there once it has an id. Its
 * thread runs {@link #run}, the whole life of it in a row: open, wait, close, and again while the
 * address is lost or can't be opened. That thread alone calls JmDNS, which blocks for seconds;
 * {@link #announce} and {@link #close} are for others.
 */
final class MdnsResponder implements Runnable {
  /**
   * How often an address that does not work is tried again, and one that works is looked after: a
   * cable or a Wi-Fi that comes back is used within this. A guess; a try costs milliseconds.
   */
  static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Logger LOG = LoggerFactory.getLogger(MdnsResponder.class);

  private final InetAddress address;
  private final String network;
  private final Endpoint endpoint;
  private final Sightings sightings;

  // guarded by this
  private Id announced;
  private boolean closing;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean broken;

  // of the responder's thread
  private boolean toldOfTrouble;

  /**
   * @param endpoint where the node listens on this address
   */
  MdnsResponder(InetAddress address, String network, Endpoint endpoint, Sightings sightings) {
    this.address = address;
    this.network = network;
    this.endpoint = endpoint;
    this.sightings = sightings;
  }

  void start() {
    Thread thread = new Thread(this, "ringslice-mdns-" + address.getHostAddress());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      do {
        try {
          serve();
        } catch (IOException | RuntimeException e) {
          tellOfTrouble(e);
        }
      } while (!awaitClosing(RETRY_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  private void serve() throws IOException, InterruptedException {
    NetworkInterface at = interfaceOfAddress();
    if (awaitClosing(0)) {
      return;
    }
    broken = false;
    // with an address that bears a name: JmDNS asks the DNS for that of any other, and waits for it
    try (JmDNS dns = JmDNS.create(named(at))) {
      dns.setDelegate(this::onBroken);
      dns.addServiceListener(MdnsDiscovery.SERVICE_TYPE, new Listener(at));
      if (!awaitId()) {
        return;
      }
      dns.registerService(service());
      if (toldOfTrouble) {
        toldOfTrouble = false;
        LOG.info("mDNS works on {} ({}) again.", at.getName(), address.getHostAddress());
      }
      while (!awaitClosing(RETRY_NANOS)) {
        // a group is joined on an interface, not on a name: when it was taken out and put in, it is
        // another
        if (broken || interfaceOfAddress().getIndex() != at.getIndex()) {
          throw new IOException("the interface was lost");
        }
      }
    }
  }

  /** Waits until there is something to announce; false when there is not to be. */
  private synchronized boolean awaitId() throws InterruptedException {
    while (announced == null && !closing) {
      wait();
    }
    return !closing;
  }

  private synchronized boolean awaitClosing(long timeoutNanos) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeoutNanos;
    for (long left = timeoutNanos; left > 0 && !closing; left = deadlineNanos - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return closing;
  }

  private void onBroken(JmDNS dns, Collection<ServiceInfo> services) {
    broken = true;
  }

  private NetworkInterface interfaceOfAddress() throws IOException {
    NetworkInterface at = NetworkInterface.getByInetAddress(address);
    if (at == null) {
      throw new IOException("no interface has this address now");
    }
    if (!at.isUp()) {
      throw new IOException("the interface is down");
    }
    return at;
  }

  private InetAddress named(NetworkInterface at) throws IOException {
    byte[] bytes = address.getAddress();
    String name = Announcement.hostName(endpoint, bytes);
    return address.isLinkLocalAddress() && address instanceof Inet6Address
        ? Inet6Address.getByAddress(name, bytes, at)
        : InetAddress.getByAddress(name, bytes);
  }

  private synchronized ServiceInfo service() {
    Announcement announcement = Announcement.of(announced, network, endpoint);
    String name = announcement.serviceName(address.getAddress());
    int port = announcement.controlPort();
    return ServiceInfo.create(MdnsDiscovery.SERVICE_TYPE, name, port, 0, 0, announcement.toTxt());
  }

  private void tellOfTrouble(Exception e) {
    LOG.debug("mDNS on {}", address, e);
    if (!toldOfTrouble) {
      toldOfTrouble = true;
      LOG.warn(
          "mDNS does not work on {} ({}): check that the interface is up and lets multicast"
              + " through, choose another with --bind, or name a node with --peer HOST:PORT; it is"
              + " tried again every {} s.",
          interfaceName(),
          e.getMessage(),
          TimeUnit.NANOSECONDS.toSeconds(RETRY_NANOS));
    }
  }

  private String interfaceName() {
    try {
      NetworkInterface at = NetworkInterface.getByInetAddress(address);
      return (at == null ? "" : at.getName() + " ") + address.getHostAddress();
    } catch (IOException e) {
      return address.getHostAddress();
    }
  }

  /** Has this node found under an id, from now on. Returns at once. */
  synchronized void announce(Id id) {
    announced = id;
    notifyAll();
  }

  /** Returns at once; says goodbye in the background. */
  synchronized void close() {
    closing = true;
    notifyAll();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Whether the goodbye was said within this time. */
  boolean awaitClosed(long timeoutNanos) throws InterruptedException {
    return closed.await(timeoutNanos, TimeUnit.NANOSECONDS);
  }

  /** Called by JmDNS's threads. */
  private final class Listener implements ServiceListener {
    private final NetworkInterface at;

    Listener(NetworkInterface at) {
      this.at = at;
    }

    @Override
    public void serviceAdded(ServiceEvent event) {
      // its records follow
    }

    @Override
    public void serviceRemoved(ServiceEvent event) {
      sightings.withdrawn(event.getName());
    }

    @Override
    public void serviceResolved(ServiceEvent event) {
      ServiceInfo info = event.getInfo();
      Optional<String> host =
          ResolvedHost.of(info.getInet4Addresses(), info.getInet6Addresses(), at.getName());
      // comes without its TXT record first, and then again
      Announcement.read(info::getPropertyString)
          .filter(said -> said.network().equals(network))
          .flatMap(said -> host.flatMap(said::at))
          .ifPresent(endpoint -> sightings.announced(event.getName(), endpoint));
    }
  }
}
