package org.ringslice.node.zmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;

class ZmqTransportTest {
  private static final List<String> LOOPBACK = List.of("127.0.0.1");

  private final ZmqContext context = new ZmqContext();
  private final Inbox serverInbox = new Inbox();
  private final Inbox clientInbox = new Inbox();
  private ZmqTransport server;
  private ZmqTransport client;

  @BeforeEach
  void open() throws IOException {
    server = ZmqTransport.listen(context, LOOPBACK, 0, 0, serverInbox);
    client = ZmqTransport.dialOnly(context, clientInbox);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    context.close();
  }

  private Event.Arrived connect(long link, Lane lane) {
    client.dial(link, server.endpoints().get(0), lane);
    client.send(link, Inbox.request(1));
    client.flush();
    return serverInbox.next(Event.Arrived.class);
  }

  @ParameterizedTest
  @EnumSource
  void aLaneThatFailsSaysSo(Lane lane) throws IOException {
    Inbox inbox = new Inbox();
    EventSink failing =
        event -> {
          if (event instanceof Event.Arrived) {
            throw new IllegalStateException("no sink for that");
          }
          inbox.put(event);
        };
    try (ZmqTransport broken = ZmqTransport.listen(context, LOOPBACK, 0, 0, failing)) {
      client.dial(7, broken.endpoints().get(0), lane);
      client.send(7, Inbox.request(1));
      client.flush();

      assertEquals(
          "the socket worker of the "
              + lane
              + " lane failed: java.lang.IllegalStateException: no sink for that",
          inbox.next(Event.Broken.class).why());
    }
  }

  @ParameterizedTest
  @EnumSource
  void carriesARequestAndItsAnswerOnEachLane(Lane lane) {
    Event.Arrived request = connect(7, lane);
    assertTrue(request.link() < 0);
    assertEquals(Inbox.request(1), request.envelope());

    server.send(request.link(), Inbox.answer(request.envelope()));
    server.flush();
    Event.Arrived answer = clientInbox.next(Event.Arrived.class);
    assertEquals(7, answer.link());
    assertEquals(Inbox.answer(request.envelope()), answer.envelope());
    assertEquals(1, server.traffic(lane).messagesIn());
    assertEquals(1, server.traffic(lane).messagesOut());
    assertEquals(server.traffic(lane).bytesOut(), client.traffic(lane).bytesIn());
    assertEquals(1, server.traffic(lane).linksIn());
    assertEquals(1, client.traffic(lane).linksOut());
  }

  @Test
  void listensOnAnAddressThatComesAndNoMoreOnOneThatGoes() throws IOException {
    Endpoint first = server.endpoints().get(0);
    server.bind("127.0.0.2");
    Endpoint second = first.at("127.0.0.2");
    assertEquals(List.of(first, second), server.endpoints());
    for (Lane lane : Lane.values()) {
      long link = 10L + lane.ordinal();
      client.dial(link, second, lane);
      client.send(link, Inbox.request(link));
      client.flush();
      assertEquals(Inbox.request(link), serverInbox.next(Event.Arrived.class).envelope());
    }

    server.unbind("127.0.0.2");
    assertEquals(List.of(first), server.endpoints());
    for (int lane = 0; lane < Lane.values().length; lane++) {
      serverInbox.next(Event.LinkLost.class);
      clientInbox.next(Event.LinkLost.class);
    }
    client.dial(20, second, Lane.CONTROL);
    client.flush();
    assertEquals(20, clientInbox.next(Event.LinkLost.class).link());
    connect(21, Lane.CONTROL);
    assertEquals(1, server.traffic(Lane.CONTROL).linksIn());
  }

  @Test
  void theLastAddressStays() {
    server.unbind("127.0.0.1");
    assertEquals(1, server.endpoints().size());
    connect(1, Lane.CONTROL);
  }

  @Test
  void saysThatThePortIsTakenOnAnAddressThatComes() throws IOException {
    int port = server.endpoints().get(0).controlPort();
    InetAddress address = InetAddress.getByName("127.0.0.2");
    try (ServerSocket taken = new ServerSocket(port, 1, address)) {
      String said = assertThrows(IOException.class, () -> server.bind("127.0.0.2")).getMessage();
      assertTrue(said.startsWith("Can't listen on 127.0.0.2:" + port), said);
      assertEquals(1, server.endpoints().size());
      assertTrue(taken.isBound());
    }
    server.bind("127.0.0.2");
    assertEquals(2, server.endpoints().size());
  }

  @Test
  void carriesPayloadsThatAreVerifiedOnArrival() {
    connect(1, Lane.BULK);
    Entry good = Inbox.blob(1 << 20, 1);
    Entry forged = new Entry(good.id(), good.kind(), 0, true, Inbox.blob(1000, 2).bytes());
    client.send(1, Inbox.store(2, good, forged));
    client.flush();
    Message message = serverInbox.next(Event.Arrived.class).envelope().message();
    List<Entry> entries = assertInstanceOf(Message.Store.class, message).entries();
    assertEquals(good, entries.get(0));
    assertTrue(entries.get(0).isGenuine());
    assertEquals(forged, entries.get(1));
    assertTrue(!entries.get(1).isGenuine());
  }

  @Test
  void keepsTheOrderOfALink() {
    connect(1, Lane.CONTROL);
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      // so many as are allowed to wait at once
      if (i % 4000 == 0) {
        int sent = i;
        Inbox.await("all arrived", () -> serverInbox.size() == sent);
      }
      client.send(1, Inbox.request(i));
      client.flush();
    }
    for (int i = 0; i < count; i++) {
      assertEquals(i, serverInbox.next(Event.Arrived.class).envelope().header().processingId());
    }
  }

  @Test
  void givesEachConnectionALinkOfItsOwn() {
    Event.Arrived first = connect(1, Lane.CONTROL);
    Event.Arrived second = connect(2, Lane.CONTROL);
    Event.Arrived bulk = connect(3, Lane.BULK);
    assertNotEquals(first.link(), second.link());
    assertNotEquals(second.link(), bulk.link());
    server.send(second.link(), Inbox.answer(second.envelope()));
    server.flush();
    assertEquals(2, clientInbox.next(Event.Arrived.class).link());
  }

  @Test
  void losesALinkAtOnceWhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    long start = System.nanoTime();
    client.dial(1, new Endpoint("127.0.0.1", port, port), Lane.CONTROL);
    client.send(1, Inbox.request(1));
    client.flush();
    Event.LinkLost lost = clientInbox.next(Event.LinkLost.class);
    assertEquals(1, lost.link());
    assertEquals("nobody accepts connections there", lost.why());
    assertTrue(System.nanoTime() - start < 1_000_000_000L);
    assertEquals(0, client.traffic(Lane.CONTROL).linksOut());
    // it is gone: no error, no second report
    client.send(1, Inbox.request(2));
    client.close(1);
    client.flush();
    assertNull(clientInbox.poll(100));
  }

  @Test
  void losesALinkToWhatAcceptsAndSaysNothing() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      client.dial(1, new Endpoint("127.0.0.1", mute.getLocalPort(), 1), Lane.CONTROL);
      client.flush();
      assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    }
  }

  @Test
  void losesALinkToANameThatNobodyHas() {
    client.dial(1, new Endpoint("no-such-host.invalid", 1, 1), Lane.CONTROL);
    client.dial(
        2, new Endpoint("localhost", server.endpoints().get(0).controlPort(), 1), Lane.CONTROL);
    client.send(2, Inbox.request(1));
    client.flush();
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    serverInbox.next(Event.Arrived.class);
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesLoseTheLinkWhenTheOtherGoes(Lane lane) throws IOException {
    Event.Arrived request = connect(1, lane);
    for (int i = 0; i < 100; i++) {
      server.send(request.link(), Inbox.request(i));
    }
    server.close();
    for (int i = 0; i < 100; i++) {
      assertEquals(i, clientInbox.next(Event.Arrived.class).envelope().header().processingId());
    }
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    assertNull(serverInbox.poll(0));

    server = ZmqTransport.listen(context, LOOPBACK, 0, 0, serverInbox);
    long link = connect(2, lane).link();
    client.close();
    assertEquals(link, serverInbox.next(Event.LinkLost.class).link());
    assertNull(clientInbox.poll(0));
  }

  @Test
  void doesNotReconnectByItself() throws IOException {
    connect(1, Lane.CONTROL);
    Endpoint endpoint = server.endpoints().get(0);
    server.close();
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    server =
        ZmqTransport.listen(
            context, LOOPBACK, endpoint.controlPort(), endpoint.bulkPort(), serverInbox);
    client.send(1, Inbox.request(2));
    client.flush();
    assertNull(serverInbox.poll(200));
    client.dial(2, endpoint, Lane.CONTROL);
    client.send(2, Inbox.request(3));
    client.flush();
    assertEquals(3, serverInbox.next(Event.Arrived.class).envelope().header().processingId());
  }

  @ParameterizedTest
  @EnumSource
  void sendsWhatWasSentBeforeADiallerCloses(Lane lane) {
    Event.Arrived hello = connect(1, lane);
    for (int i = 0; i < 500; i++) {
      client.send(1, Inbox.request(i));
    }
    client.close(1);
    client.flush();
    for (int i = 0; i < 500; i++) {
      assertEquals(i, serverInbox.next(Event.Arrived.class).envelope().header().processingId());
    }
    assertEquals(hello.link(), serverInbox.next(Event.LinkLost.class).link());
    assertNull(clientInbox.poll(100));
    assertEquals(0, client.traffic(lane).linksOut());
  }

  @ParameterizedTest
  @EnumSource
  void sendsWhatWasSentBeforeTheDialledSideCloses(Lane lane) {
    Event.Arrived hello = connect(1, lane);
    for (int i = 0; i < 500; i++) {
      server.send(hello.link(), Inbox.request(i));
    }
    server.close(hello.link());
    server.flush();
    for (int i = 0; i < 500; i++) {
      assertEquals(i, clientInbox.next(Event.Arrived.class).envelope().header().processingId());
    }
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    assertNull(serverInbox.poll(100));
    Inbox.await("the link is forgotten", () -> server.traffic(lane).linksIn() == 0);
  }

  @Test
  void dropsWhatComesOnALinkThatWasClosedHere() {
    Event.Arrived hello = connect(1, Lane.CONTROL);
    server.close(hello.link());
    server.flush();
    client.send(1, Inbox.request(2));
    client.flush();
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    assertNull(serverInbox.poll(100));
  }

  @Test
  void refusesAPortThatIsTakenInASentence() {
    int taken = server.endpoints().get(0).controlPort();
    IOException e =
        assertThrows(
            IOException.class, () -> ZmqTransport.listen(context, LOOPBACK, taken, 0, serverInbox));
    assertTrue(e.getMessage().contains("127.0.0.1:" + taken), e.getMessage());
    assertTrue(e.getMessage().contains("control lane: the port is taken"), e.getMessage());
    e = assertThrows(IOException.class, () -> ZmqTransport.listen(LOOPBACK, 0, taken, serverInbox));
    assertTrue(e.getMessage().contains("bulk lane: the port is taken"), e.getMessage());
  }

  @Test
  void refusesAnAddressOfAnotherMachineInASentence() {
    // TEST-NET-1 of RFC 5737 is nobody's
    IOException e =
        assertThrows(
            IOException.class,
            () -> ZmqTransport.listen(context, List.of("192.0.2.1"), 0, 0, serverInbox));
    assertTrue(e.getMessage().contains("192.0.2.1: it is not an address of this machine"));
    assertTrue(e.getMessage().contains("127.0.0.1"), e.getMessage());
  }

  @Test
  void listensOnIpv6() throws IOException {
    ZmqTransport six;
    try {
      six = ZmqTransport.listen(context, List.of("127.0.0.1", "::1"), 0, 0, serverInbox);
    } catch (IOException e) {
      Assumptions.abort("no IPv6 loopback here: " + e.getMessage());
      return;
    }
    try (six) {
      assertEquals(2, six.endpoints().size());
      assertEquals(six.endpoints().get(0).controlPort(), six.endpoints().get(1).controlPort());
      long link = 0;
      for (Endpoint endpoint : six.endpoints()) {
        client.dial(++link, endpoint, Lane.CONTROL);
        client.send(link, Inbox.request(1));
        client.flush();
        Event.Arrived arrived = serverInbox.next(Event.Arrived.class);
        six.send(arrived.link(), Inbox.answer(arrived.envelope()));
        six.flush();
        assertEquals(link, clientInbox.next(Event.Arrived.class).link());
      }
    }
  }

  @Test
  void refusesToUseALinkNumberTwice() {
    Endpoint endpoint = server.endpoints().get(0);
    client.dial(1, endpoint, Lane.CONTROL);
    assertThrows(IllegalArgumentException.class, () -> client.dial(1, endpoint, Lane.CONTROL));
    assertThrows(IllegalArgumentException.class, () -> client.dial(-1, endpoint, Lane.CONTROL));
  }

  @Test
  void closesEvenWhenItsSinkDoesNotReturn() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    ZmqTransport stuck =
        ZmqTransport.listen(
            context,
            LOOPBACK,
            0,
            0,
            event -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    client.dial(1, stuck.endpoints().get(0), Lane.CONTROL);
    client.send(1, Inbox.request(1));
    client.flush();
    Inbox.await("the worker waits", () -> stuck.traffic(Lane.CONTROL).messagesIn() == 1);
    long start = System.nanoTime();
    stuck.close();
    assertTrue(System.nanoTime() - start < 3_000_000_000L);
    Inbox.await(
        "no worker is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("ringslice-"))
                    .count()
                == 4);
  }
}
