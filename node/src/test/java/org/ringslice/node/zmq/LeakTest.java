package org.ringslice.node.zmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;

/** What is opened is closed again. */
class LeakTest {
  private static final List<String> LOOPBACK = List.of("127.0.0.1");
  private static final File DESCRIPTORS = new File("/proc/self/fd");

  private static int descriptors() {
    String[] open = DESCRIPTORS.list();
    Assumptions.assumeTrue(open != null, "this system does not list open files");
    return open.length;
  }

  private static void awaitAsBefore(int descriptors, int threads) {
    Inbox.await(
        "as few descriptors and threads as before",
        () -> descriptors() <= descriptors && Thread.activeCount() <= threads);
  }

  @Test
  void linksLeaveNothingBehind() throws IOException {
    Inbox inbox = new Inbox();
    Inbox clientInbox = new Inbox();
    try (ZmqContext context = new ZmqContext();
        ZmqTransport server = ZmqTransport.listen(context, LOOPBACK, 0, 0, inbox);
        ZmqTransport client = ZmqTransport.dialOnly(context, clientInbox)) {
      int descriptors = 0;
      int threads = 0;
      for (int link = 1; link <= 220; link++) {
        Lane lane = link % 2 == 0 ? Lane.CONTROL : Lane.BULK;
        client.dial(link, server.endpoints().get(0), lane);
        client.send(link, Inbox.request(link));
        client.flush();
        Event.Arrived hello = inbox.next(Event.Arrived.class);
        if (link % 11 == 0) {
          // slower: a link that was dialled is closed a moment later, so that what was sent still
          // goes
          server.close(hello.link());
          server.flush();
          assertEquals(link, clientInbox.next(Event.LinkLost.class).link());
        } else {
          client.close(link);
          client.flush();
          assertEquals(hello.link(), inbox.next(Event.LinkLost.class).link());
        }
        if (link == 20) {
          // by now everything that is made once has been made
          Inbox.await("the last link is gone", () -> server.traffic(lane).linksIn() == 0);
          descriptors = descriptors();
          threads = Thread.activeCount();
        }
      }
      awaitAsBefore(descriptors, threads);
      for (Lane lane : Lane.values()) {
        assertEquals(0, client.traffic(lane).linksOut());
        Inbox.await("none is left", () -> server.traffic(lane).linksIn() == 0);
      }
    }
  }

  @Test
  void dialsThatFailLeaveNothingBehind() throws IOException {
    Inbox inbox = new Inbox();
    try (ZmqContext context = new ZmqContext();
        ZmqTransport client = ZmqTransport.dialOnly(context, inbox)) {
      ZmqTransport gone = ZmqTransport.listen(context, LOOPBACK, 0, 0, inbox);
      gone.close();
      int descriptors = 0;
      int threads = 0;
      for (int link = 1; link <= 220; link++) {
        client.dial(link, gone.endpoints().get(0), Lane.CONTROL);
        client.flush();
        assertEquals(link, inbox.next(Event.LinkLost.class).link());
        if (link == 20) {
          descriptors = descriptors();
          threads = Thread.activeCount();
        }
      }
      awaitAsBefore(descriptors, threads);
    }
  }

  @Test
  void transportsLeaveNothingBehind() throws IOException {
    int descriptors = 0;
    int threads = 0;
    int port = 0;
    int bulkPort = 0;
    for (int round = 0; round <= 200; round++) {
      Inbox inbox = new Inbox();
      // the same ports again at once: they are free when close returns
      ZmqTransport server = ZmqTransport.listen(LOOPBACK, port, bulkPort, inbox);
      port = server.endpoints().get(0).controlPort();
      bulkPort = server.endpoints().get(0).bulkPort();
      ZmqTransport client = ZmqTransport.dialOnly(inbox);
      client.dial(1, server.endpoints().get(0), Lane.CONTROL);
      client.send(1, Inbox.request(1));
      client.flush();
      inbox.next(Event.Arrived.class);
      client.close();
      server.close();
      if (round == 10) {
        descriptors = descriptors();
        threads = Thread.activeCount();
      }
    }
    awaitAsBefore(descriptors, threads);
  }

  @Test
  void tooManyConnectionsPushOutThoseThatNeverSpoke() throws IOException {
    Counters counters = new Counters();
    Connections connections = new Connections(32, counters);
    List<SocketChannel> dialled = new ArrayList<>();
    List<SocketChannel> accepted = new ArrayList<>();
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < 34; i++) {
        dialled.add(SocketChannel.open(listener.getLocalAddress()));
        accepted.add(listener.accept());
      }
      for (int i = 0; i < 32; i++) {
        Connection connection = connections.opened(accepted.get(i), i);
        if (i < 3) {
          connection.heard(i);
        }
      }
      assertEquals(0, counters.refused.sum());
      connections.opened(accepted.get(32), 32);
      assertEquals(1, counters.refused.sum());
      assertTrue(connections.closed(accepted.get(3)).isCondemned());
      // its end makes room; one more is too many again, and the next oldest goes
      connections.opened(accepted.get(33), 33);
      assertEquals(2, counters.refused.sum());
      assertTrue(connections.closed(accepted.get(4)).isCondemned());
    } finally {
      for (SocketChannel channel : dialled) {
        channel.close();
      }
      for (SocketChannel channel : accepted) {
        channel.close();
      }
    }
  }
}
