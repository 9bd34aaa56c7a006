package org.ringslice.node.zmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;

/** Links between transports of one process. */
class InprocTest {
  private static final List<String> LOOPBACK = List.of("127.0.0.1");
  private static final int LINKS = 200;

  private final Inbox serverInbox = new Inbox();
  private final Inbox clientInbox = new Inbox();
  private ZmqTransport server;
  private ZmqTransport client;

  @BeforeEach
  void open() throws IOException {
    server = ZmqTransport.listen(LOOPBACK, 0, 0, serverInbox);
    client = ZmqTransport.listen(LOOPBACK, 0, 0, clientInbox);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Endpoint place() {
    return server.endpoints().get(0);
  }

  private Event.Arrived connect(long link, Lane lane) {
    client.dial(link, place(), lane);
    client.send(link, Inbox.request(link));
    client.flush();
    return serverInbox.next(Event.Arrived.class);
  }

  @ParameterizedTest
  @EnumSource
  void carriesRequestsAndAnswersBothWays(Lane lane) {
    Event.Arrived request = connect(7, lane);
    assertTrue(request.link() < 0);
    assertEquals(lane, request.lane());
    assertEquals(Inbox.request(7), request.envelope());

    server.send(request.link(), Inbox.answer(request.envelope()));
    server.send(request.link(), Inbox.request(8));
    server.flush();
    assertEquals(
        new Event.Arrived(7, lane, Inbox.answer(request.envelope())),
        clientInbox.next(Event.Arrived.class));
    assertEquals(
        new Event.Arrived(7, lane, Inbox.request(8)), clientInbox.next(Event.Arrived.class));
    assertEquals(1, server.traffic(lane).linksIn());
    assertEquals(1, client.traffic(lane).linksOut());
  }

  @Test
  void costsNoDescriptors() {
    String[] before = openFiles();
    for (int link = 1; link <= LINKS; link++) {
      connect(link, Lane.CONTROL);
    }
    int opened = openFiles().length - before.length;
    assertTrue(opened < LINKS / 10, opened + " more files are open");
  }

  private static String[] openFiles() {
    String[] open = new File("/proc/self/fd").list();
    Assumptions.assumeTrue(open != null, "this system does not list open files");
    return open;
  }

  @Test
  void keepsTheOrderThoughTheOtherSideIsSlower() {
    connect(1, Lane.BULK);
    int count = 3 * Sockets.BULK_HIGH_WATER_MESSAGES;
    for (int i = 0; i < count; i++) {
      client.send(1, Inbox.request(i));
    }
    client.flush();
    for (int i = 0; i < count; i++) {
      assertEquals(Inbox.request(i), serverInbox.next(Event.Arrived.class).envelope());
    }
  }

  @Test
  void carriesPayloads() {
    connect(1, Lane.BULK);
    Entry first = Inbox.blob(1 << 20, 1);
    Entry second = Inbox.blob(100, 2);
    client.send(1, Inbox.store(2, first, second));
    client.flush();
    assertEquals(Inbox.store(2, first, second), serverInbox.next(Event.Arrived.class).envelope());
  }

  @Test
  void isToldAtEachEndThatTheOtherClosed() {
    Event.Arrived byDialler = connect(1, Lane.CONTROL);
    client.send(1, Inbox.request(2));
    client.close(1);
    client.flush();
    assertEquals(Inbox.request(2), serverInbox.next(Event.Arrived.class).envelope());
    assertEquals(byDialler.link(), serverInbox.next(Event.LinkLost.class).link());

    Event.Arrived byAcceptor = connect(2, Lane.CONTROL);
    server.send(byAcceptor.link(), Inbox.request(3));
    server.close(byAcceptor.link());
    server.flush();
    assertEquals(Inbox.request(3), clientInbox.next(Event.Arrived.class).envelope());
    assertEquals(2, clientInbox.next(Event.LinkLost.class).link());
    awaitNoLinks();
  }

  private void awaitNoLinks() {
    Inbox.await("no link is left", () -> server.traffic(Lane.CONTROL).linksIn() == 0);
    Inbox.await("no link is left", () -> client.traffic(Lane.CONTROL).linksOut() == 0);
  }

  @Test
  void whoDialsIsToldThatTheOtherIsGone() {
    connect(1, Lane.CONTROL);
    connect(2, Lane.CONTROL);
    server.close();
    assertEquals(1, clientInbox.next(Event.LinkLost.class).link());
    assertEquals(2, clientInbox.next(Event.LinkLost.class).link());
    assertEquals(0, client.traffic(Lane.CONTROL).linksOut());

    client.dial(3, place(), Lane.CONTROL);
    client.flush();
    assertEquals(3, clientInbox.next(Event.LinkLost.class).link());
  }

  @Test
  void whoWasDialledIsToldThatTheOtherIsGone() {
    Event.Arrived guest = connect(1, Lane.CONTROL);
    client.close();
    assertEquals(guest.link(), serverInbox.next(Event.LinkLost.class).link());
    assertEquals(0, server.traffic(Lane.CONTROL).linksIn());
  }

  @Test
  void bothMayDialAtOnce() {
    for (int link = 1; link <= LINKS; link++) {
      client.dial(link, place(), Lane.CONTROL);
      client.send(link, Inbox.request(link));
      server.dial(link, client.endpoints().get(0), Lane.CONTROL);
      server.send(link, Inbox.request(link));
      client.flush();
      server.flush();
    }
    for (int link = 1; link <= LINKS; link++) {
      assertEquals(Inbox.request(link), serverInbox.next(Event.Arrived.class).envelope());
      assertEquals(Inbox.request(link), clientInbox.next(Event.Arrived.class).envelope());
    }
  }

  @Test
  void isReachedByTcpFromAContextOfItsOwn() {
    Inbox inbox = new Inbox();
    try (ZmqContext elsewhere = new ZmqContext();
        ZmqTransport stranger = ZmqTransport.dialOnly(elsewhere, inbox)) {
      stranger.dial(1, place(), Lane.CONTROL);
      stranger.send(1, Inbox.request(1));
      stranger.flush();
      Event.Arrived request = serverInbox.next(Event.Arrived.class);
      server.send(request.link(), Inbox.answer(request.envelope()));
      server.flush();
      assertEquals(Inbox.answer(request.envelope()), inbox.next(Event.Arrived.class).envelope());
    }
  }
}
