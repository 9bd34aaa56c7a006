package org.ringslice.node.zmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;

/** Those who read slowly are held apart from those who do not, and at last given up. */
class BackPressureTest {
  private static final List<String> LOOPBACK = List.of("127.0.0.1");

  private final ZmqContext context = new ZmqContext();
  private final Inbox inbox = new Inbox();
  private final Inbox clientInbox = new Inbox();
  private final ZmqTransport client = ZmqTransport.dialOnly(context, clientInbox);

  @AfterEach
  void close() {
    client.close();
    context.close();
  }

  @ParameterizedTest
  @EnumSource
  void losesOnlyTheLinkThatDoesNotRead(Lane lane) throws IOException {
    int burst = lane == Lane.CONTROL ? 1024 : 16;
    Envelope flood =
        lane == Lane.CONTROL ? Inbox.request(9) : Inbox.store(9, Inbox.blob(1 << 20, 1));
    try (ZmqTransport server = ZmqTransport.listen(context, LOOPBACK, 0, 0, inbox);
        Stranger deaf = new Stranger(server.endpoints().get(0).port(lane)).greet()) {
      Frames hello = new Encoder().encode(Inbox.request(1));
      deaf.write(Stranger.frame(true, hello.header().toArray()));
      deaf.write(Stranger.frame(false, hello.body().toArray()));
      final long deafLink = inbox.next(Event.Arrived.class).link();
      client.dial(1, server.endpoints().get(0), lane);
      client.send(1, Inbox.request(2));
      client.flush();
      final long goodLink = inbox.next(Event.Arrived.class).link();

      Event lost = null;
      long sent = 0;
      while (lost == null) {
        assertTrue(sent < 10_000_000, "a link has no limit");
        for (int i = 0; i < burst; i++, sent++) {
          server.send(deafLink, flood);
        }
        server.send(goodLink, Inbox.request(sent));
        server.flush();
        assertEquals(
            sent, clientInbox.next(Event.Arrived.class).envelope().header().processingId());
        lost = inbox.poll(0);
      }
      assertEquals(new Event.LinkLost(deafLink, "the other side reads too slowly"), lost);
      Inbox.await("its connection has ended", () -> server.traffic(lane).linksIn() == 1);
    }
  }

  @Test
  void holdsBackSendersWhileTheNodeIsBusyAndLosesNothing() throws IOException {
    Semaphore permits = new Semaphore(0);
    try (ZmqTransport server =
        ZmqTransport.listen(
            context,
            LOOPBACK,
            0,
            0,
            event -> {
              permits.acquireUninterruptibly();
              inbox.put(event);
            })) {
      client.dial(1, server.endpoints().get(0), Lane.BULK);
      Entry blob = Inbox.blob(64 << 10, 1);
      int count = 600;
      for (int i = 0; i < count; i++) {
        client.send(1, Inbox.store(i, blob));
      }
      client.flush();
      Inbox.await("the first waits", () -> server.traffic(Lane.BULK).messagesIn() == 1);
      // what is not read stays with its sender: pipes and TCP buffers are small
      Inbox.await("the sender is blocked", () -> client.traffic(Lane.BULK).messagesOut() > 16);
      assertTrue(client.traffic(Lane.BULK).messagesOut() < count);
      permits.release(Integer.MAX_VALUE / 2);
      for (int i = 0; i < count; i++) {
        assertEquals(i, inbox.next(Event.Arrived.class).envelope().header().processingId());
      }
    }
  }
}
