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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the node on one address and listens there for others. Its thread runs {@link #run}, the
 * whole life of it in a row: open, wait, close, and again while the address is lost or can't be
 * opened. That thread alone calls JmDNS, which blocks for seconds; {@link #close} is for others.
 */
final class MdnsResponder implements Runnable {
  /**
   * How often an address that does not work is tried again, and one that works is looked after: a
   * cable or a Wi-Fi that comes back is used within this. A guess; a try costs milliseconds.
   */
  static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Logger LOG = LoggerFactory.getLogger(MdnsResponder.class);

  private final InetAddress address;
  private final Announcement announcement;
  private final Sightings sightings;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean broken;

  // of the responder's thread
  private boolean toldOfTrouble;

  MdnsResponder(InetAddress address, Announcement announcement, Sightings sightings) {
    this.address = address;
    this.announcement = announcement;
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
      } while (!closing.await(RETRY_NANOS, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  private void serve() throws IOException, InterruptedException {
    NetworkInterface at = interfaceOfAddress();
    if (closing.getCount() == 0) {
      return;
    }
    broken = false;
    // with an address that bears a name: JmDNS asks the DNS for that of any other, and waits for it
    try (JmDNS dns = JmDNS.create(named(at))) {
      dns.setDelegate(this::onBroken);
      dns.registerService(service());
      dns.addServiceListener(MdnsDiscovery.SERVICE_TYPE, new Listener(at));
      if (toldOfTrouble) {
        toldOfTrouble = false;
        LOG.info("mDNS works on {} ({}) again.", at.getName(), address.getHostAddress());
      }
      while (!closing.await(RETRY_NANOS, TimeUnit.NANOSECONDS)) {
        // a group is joined on an interface, not on a name: when it was taken out and put in, it is
        // another
        if (broken || interfaceOfAddress().getIndex() != at.getIndex()) {
          throw new IOException("the interface was lost");
        }
      }
    }
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
    String name = announcement.hostName(bytes);
    return address.isLinkLocalAddress() && address instanceof Inet6Address
        ? Inet6Address.getByAddress(name, bytes, at)
        : InetAddress.getByAddress(name, bytes);
  }

  private ServiceInfo service() {
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

  /** Returns at once; says goodbye in the background. */
  void close() {
    closing.countDown();
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
          .filter(said -> said.network().equals(announcement.network()))
          .flatMap(said -> host.flatMap(said::at))
          .ifPresent(endpoint -> sightings.announced(event.getName(), endpoint));
    }
  }
}
