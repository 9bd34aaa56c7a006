package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Direction;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.port.RefusedException;

/** General messages between programs, by nodes on real sockets. */
class MessageWatchTest {
  private static final int SECONDS_MAX = 30;

  @TempDir private Path folder;

  private Node start(String name, String... peers) throws StartException {
    return Node.start(
        NodeConfig.in(folder.resolve(name))
            .network("talk-" + folder.getFileName())
            .bind("127.0.0.1")
            .mdns(false)
            .peers(peers));
  }

  private static String place(Node node) {
    return node.endpoints().get(0).toString();
  }

  private static void awaitRing(int size, Node... nodes) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    for (Node node : nodes) {
      while (node.peers(Direction.NEXT, Id.ZERO, 9).join().size() != size) {
        assertTrue(System.nanoTime() < deadline, "they do not find each other");
      }
    }
  }

  /** A subscriber that asks for each message when it has the one before. */
  private static final class Listener implements Flow.Subscriber<Message.Received> {
    final BlockingQueue<Message.Received> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(Message.Received message) {
      heard.add(message);
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      failures.add(failure);
    }

    @Override
    public void onComplete() {
      throw new AssertionError("messages never come to an end");
    }

    Message.Received next() throws InterruptedException {
      Message.Received next = heard.poll(SECONDS_MAX, TimeUnit.SECONDS);
      assertNotNull(next, "waited in vain");
      return next;
    }
  }

  @Test
  void programsHearWhatCameBeforeAndWhatComes() throws Exception {
    try (Node one = start("one");
        Node two = start("two", place(one));
        Client client = Client.of(place(two))) {
      awaitRing(2, one, two);
      Guid before = one.broadcast("before").join();
      Listener atTwo = new Listener();
      client.messages().subscribe(atTwo);
      assertEquals(new Message.Received(1, before, one.id(), true, "before"), atTwo.next());
      Guid now = one.tell(two.id(), "n\u00f9n").join();
      assertEquals(new Message.Received(2, now, one.id(), false, "n\u00f9n"), atTwo.next());
      Guid own = client.tell(two.id(), "to oneself").join();
      assertEquals(new Message.Received(3, own, two.id(), false, "to oneself"), atTwo.next());
      assertEquals(
          List.of("before"),
          one.inbox(0, 0).join().messages().stream().map(Message.Received::text).toList());
    }
  }

  @Test
  void waitsForANodeThatIsLostBeforeItToldOfAnything() throws Exception {
    Node node = start("one");
    try (Client client = Client.of(place(node))) {
      client.identity().join();
      Listener listener = new Listener();
      client.messages().subscribe(listener);
      node.close();
      node = start("one");
      node.broadcast("back again").join();

      assertEquals("back again", listener.next().text());
      assertTrue(listener.failures.isEmpty());
    } finally {
      node.close();
    }
  }

  @Test
  void endsWhenThisProgramsOwnNodeIsClosed() throws Exception {
    Listener listener = new Listener();
    try (Node one = start("one")) {
      one.messages().subscribe(listener);
      one.broadcast("still here").join();
      listener.next();
    }
    Throwable why = listener.failures.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertEquals(ErrorCode.STOPPING, ((RefusedException) why).code());
  }

  @Test
  void aTextThatIsTooLongIsRefusedWithASentence() throws Exception {
    try (Node one = start("one")) {
      CompletionException refused =
          assertThrows(
              CompletionException.class, () -> one.broadcast("\u20ac".repeat(1_366)).join());

      assertEquals(
          "a message of 4098 bytes; at most 4096: store it as an item, and send its id",
          refused.getCause().getMessage());
      assertNotNull(one.broadcast("\u20ac".repeat(1_365)).join());
    }
  }
}
