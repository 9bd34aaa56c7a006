package org.ringslice.node.mdns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.port.Discovery;
import org.ringslice.node.port.EventSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a LAN find each other by multicast DNS. One responder for each address that the node
 * listens on, each with a thread: those that can't be opened hinder no others. A node resolves
 * those that were there before it within 0.6 s, they see it only after about 4 s (measured), so the
 * newcomer dials; a node that was killed stays announced until its records run out, so this tells
 * who may be there, never who is.
 */
public final class MdnsDiscovery implements Discovery {
  static final String SERVICE_TYPE = "_ringslice._tcp.local.";

  /**
   * How long {@link #awaitClosed} waits at most. JmDNS says goodbye three times within 2 s
   * (measured) and gives up after 5; past this limit its daemon threads are left to themselves.
   */
  public static final long CLOSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final Logger LOG = LoggerFactory.getLogger(MdnsDiscovery.class);

  private final String network;
  private final Sightings sightings;
  private final Map<Endpoint, MdnsResponder> responders = new LinkedHashMap<>();
  private final List<MdnsResponder> former = new ArrayList<>();
  private Optional<Id> announced = Optional.empty();

  private MdnsDiscovery(String network, Sightings sightings) {
    this.network = network;
    this.sightings = sightings;
  }

  /**
   * Looks for the nodes of a network, and says nothing of its own before {@link #announce}. Returns
   * at once; what fails later is logged.
   *
   * @param endpoints where this node listens, each host an address of this machine; of more than
   *     {@link Limits#ENDPOINTS_MAX} the first ones are used
   */
  public static MdnsDiscovery browse(String network, List<Endpoint> endpoints, EventSink sink) {
    MdnsDiscovery discovery = new MdnsDiscovery(network, new Sightings(endpoints, sink));
    discovery.listens(endpoints);
    return discovery;
  }

  /** Has others find this node, from now on. Returns at once. */
  public synchronized void announce(Id id) {
    announced = Optional.of(id);
    responders.values().forEach(responder -> responder.announce(id));
  }

  @Override
  public synchronized void listens(List<Endpoint> endpoints) {
    List<Endpoint> now = endpoints.subList(0, Math.min(endpoints.size(), Limits.ENDPOINTS_MAX));
    sightings.listens(now);
    for (Endpoint gone : List.copyOf(responders.keySet())) {
      if (!now.contains(gone)) {
        MdnsResponder responder = responders.remove(gone);
        responder.close();
        former.removeIf(MdnsResponder::isClosed);
        former.add(responder);
      }
    }
    for (Endpoint endpoint : now) {
      if (!responders.containsKey(endpoint)) {
        addressOf(endpoint).ifPresent(at -> open(endpoint, at));
      }
    }
  }

  private void open(Endpoint endpoint, InetAddress at) {
    MdnsResponder responder = new MdnsResponder(at, network, endpoint, sightings);
    announced.ifPresent(responder::announce);
    responders.put(endpoint, responder);
    responder.start();
  }

  private static Optional<InetAddress> addressOf(Endpoint endpoint) {
    try {
      if (Interfaces.isLiteral(endpoint.host())) {
        return Optional.of(InetAddress.getByName(endpoint.host()));
      }
    } catch (UnknownHostException e) {
      // said below
    }
    LOG.warn(
        "mDNS does not announce {}, because its host is no address: give --bind an address.",
        endpoint);
    return Optional.empty();
  }

  /**
   * Returns at once: nobody is told of anything any more, and the goodbyes are said in the
   * background.
   */
  @Override
  public synchronized void close() {
    sightings.close();
    responders.values().forEach(MdnsResponder::close);
    former.addAll(responders.values());
    responders.clear();
  }

  /**
   * Waits until the goodbyes were said, at most for {@link #CLOSE_NANOS_MAX}, after {@link #close}.
   * Others learn of a node's end without them too, only later.
   *
   * @return whether all were said
   */
  public boolean awaitClosed() throws InterruptedException {
    List<MdnsResponder> closing;
    synchronized (this) {
      closing = List.copyOf(former);
    }
    long deadlineNanos = System.nanoTime() + CLOSE_NANOS_MAX;
    boolean all = true;
    for (MdnsResponder responder : closing) {
      all &= responder.awaitClosed(deadlineNanos - System.nanoTime());
    }
    return all;
  }
}
