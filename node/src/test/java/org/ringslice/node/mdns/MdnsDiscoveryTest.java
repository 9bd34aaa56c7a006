package org.ringslice.node.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;

/** With real multicast, on the loopback interface alone. */
class MdnsDiscoveryTest {
  /** A newcomer is seen after about 4 s; the rest is for a busy machine. */
  private static final long DEADLINE_SECONDS = 20;

  private final List<MdnsDiscovery> started = new ArrayList<>();

  @BeforeAll
  static void assumeThatMulticastReachesTheLoopbackInterface() throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress group = InetAddress.getByAddress(new byte[] {(byte) 224, 0, 0, (byte) 251});
    try (MulticastSocket socket = new MulticastSocket(0)) {
      socket.setSoTimeout(1000);
      NetworkInterface at = NetworkInterface.getByInetAddress(loopback);
      socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, at);
      socket.joinGroup(new InetSocketAddress(group, 0), at);
      byte[] ping = {1};
      socket.send(new DatagramPacket(ping, 1, group, socket.getLocalPort()));
      socket.receive(new DatagramPacket(new byte[1], 1));
    } catch (IOException e) {
      assumeTrue(false, "no multicast on the loopback interface of this machine: " + e);
    }
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    started.forEach(MdnsDiscovery::close);
    for (MdnsDiscovery each : started) {
      each.awaitClosed();
    }
  }

  private static Endpoint endpoint(int port) {
    return new Endpoint("127.0.0.1", port, port + 1);
  }

  private static Event sighted(int port) {
    return new Event.Sighted(endpoint(port), How.MDNS);
  }

  private BlockingQueue<Event> start(String network, List<Endpoint> endpoints) {
    BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
    long id = endpoints.get(0).controlPort();
    MdnsDiscovery discovery = MdnsDiscovery.browse(network, endpoints, seen::add);
    discovery.announce(Id.ofWords(id << 48, 0, 0, id));
    started.add(discovery);
    return seen;
  }

  private static Event next(BlockingQueue<Event> queue) throws InterruptedException {
    return queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void nodesOfOneNetworkSeeEachOtherAndNobodyElse() throws Exception {
    BlockingQueue<Event> first = start("mdns-test-lab", List.of(endpoint(41_000)));
    BlockingQueue<Event> office1 = start("mdns-test-office", List.of(endpoint(42_000)));
    BlockingQueue<Event> second = start("mdns-test-lab", List.of(endpoint(41_010)));
    BlockingQueue<Event> office2 = start("mdns-test-office", List.of(endpoint(42_010)));
    assertEquals(sighted(41_010), next(first));
    assertEquals(sighted(41_000), next(second));
    assertEquals(sighted(42_010), next(office1));
    assertEquals(sighted(42_000), next(office2));
    assertNull(first.poll(), "the two networks do not mix, and nobody sees itself");
    assertNull(second.poll());
    assertNull(office1.poll());
    assertNull(office2.poll());
  }

  @Test
  void findsOthersBeforeItIsAnnouncedAndIsFoundAfter() throws Exception {
    BlockingQueue<Event> first = start("mdns-test-shy", List.of(endpoint(46_000)));
    BlockingQueue<Event> second = new LinkedBlockingQueue<>();
    MdnsDiscovery shy =
        MdnsDiscovery.browse("mdns-test-shy", List.of(endpoint(46_010)), second::add);
    started.add(shy);
    assertEquals(sighted(46_000), next(second));
    assertNull(first.poll());
    shy.announce(Id.ofWords(46_010, 0, 0, 0));
    assertEquals(sighted(46_010), next(first));
  }

  @Test
  void announcesWhereTheNodeListensNow() throws Exception {
    BlockingQueue<Event> first = start("mdns-test-moved", List.of(endpoint(47_000)));
    BlockingQueue<Event> second = start("mdns-test-moved", List.of(endpoint(47_010)));
    assertEquals(sighted(47_010), next(first));
    assertEquals(sighted(47_000), next(second));
    started.get(1).listens(List.of(endpoint(47_020)));
    assertEquals(sighted(47_020), next(first));
  }

  @Test
  void anAddressThatDoesNotWorkHindersNoOther() throws Exception {
    Endpoint gone = new Endpoint("203.0.113.7", 43_000, 43_001); // TEST-NET-3: of no machine
    Endpoint name = new Endpoint("example.invalid", 43_000, 43_001);
    BlockingQueue<Event> first = start("mdns-test-lame", List.of(gone, name, endpoint(43_000)));
    BlockingQueue<Event> second = start("mdns-test-lame", List.of(endpoint(43_010)));
    assertEquals(sighted(43_010), next(first));
    assertEquals(sighted(43_000), next(second));
  }

  @Test
  void closesWithinItsLimitAndBlocksNobody() throws Exception {
    BlockingQueue<Event> first = start("mdns-test-close", List.of(endpoint(44_000)));
    BlockingQueue<Event> second = start("mdns-test-close", List.of(endpoint(44_010)));
    assertEquals(sighted(44_010), next(first));
    assertEquals(sighted(44_000), next(second));
    long fromNanos = System.nanoTime();
    started.forEach(MdnsDiscovery::close);
    long closeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos);
    started.get(0).awaitClosed();
    long goodbyeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos);
    assertTrue(closeMillis < 1500, "closing blocked for " + closeMillis + " ms");
    long limitMillis = TimeUnit.NANOSECONDS.toMillis(MdnsDiscovery.CLOSE_NANOS_MAX);
    assertTrue(goodbyeMillis < limitMillis + 1500, "the goodbye took " + goodbyeMillis + " ms");
  }

  @Test
  void canBeClosedBeforeItHasOpened() throws Exception {
    start("mdns-test-brief", List.of(endpoint(45_000)));
    started.get(0).close();
    started.get(0).close();
    started.get(0).awaitClosed();
  }
}
