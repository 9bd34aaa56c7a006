package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.node.port.RefusedException;

/** Watching at real nodes, on real disks and sockets. */
class SliceWatchTest {
  private static final long SECONDS_MAX = 30;
  private static final List<Arc> ALL = List.of(Arc.wholeRing(Id.MAX));

  @TempDir private Path folder;
  private int stored;

  private Node start(String name, String... peers) throws StartException {
    return Node.start(
        NodeConfig.in(folder.resolve(name))
            .network("watch-" + folder.getFileName())
            .bind("127.0.0.1")
            .mdns(false)
            .peers(peers));
  }

  private static String place(Node node) {
    return node.endpoints().get(0).toString();
  }

  private Id store(Access access) {
    byte[] bytes = ("item " + stored++).getBytes(StandardCharsets.UTF_8);
    return access.store(bytes).join().id();
  }

  private List<Id> store(Access access, int count) {
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(store(access));
    }
    return ids;
  }

  /** A subscriber whose demand the test decides. */
  private static final class Watcher implements Flow.Subscriber<SliceChange>, Connection {
    final BlockingQueue<SliceChange> changes = new LinkedBlockingQueue<>();
    final BlockingQueue<Flow.Subscription> subscribed = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscribed.add(subscription);
    }

    @Override
    public void onNext(SliceChange change) {
      changes.add(change);
    }

    @Override
    public void onError(Throwable failure) {
      failures.add(failure);
    }

    @Override
    public void onComplete() {
      throw new AssertionError("a watch never completes");
    }

    @Override
    public void lost(String why) {
      news.add("lost");
    }

    @Override
    public void back() {
      news.add("back");
    }

    Flow.Subscription subscription() throws InterruptedException {
      return within(subscribed);
    }

    SliceChange next() throws InterruptedException {
      return within(changes);
    }

    List<Id> take(int count) throws InterruptedException {
      List<Id> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add(next().entry().id());
      }
      return ids;
    }
  }

  private static <T> T within(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertNotNull(taken, "waited in vain");
    return taken;
  }

  private static void awaitRing(int size, Node node) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (node.peers(Direction.NEXT, Id.ZERO, 9).join().size() != size) {
      assertTrue(System.nanoTime() < deadline, "they do not find each other");
    }
  }

  @Test
  void givesEachChangeOnceAndNoMoreThanIsAskedFor() throws Exception {
    try (Node one = start("one");
        Node two = start("two", place(one));
        Client client = Client.of(place(one))) {
      awaitRing(2, one);
      awaitRing(2, two);
      store(two, 3);
      Watcher watcher = new Watcher();
      client.watch(ALL, Optional.of(client.cursor(ALL).join())).subscribe(watcher);
      Flow.Subscription subscription = watcher.subscription();
      List<Id> expected = store(two, 10);
      subscription.request(4);
      assertEquals(expected.subList(0, 4), watcher.take(4));
      assertNull(watcher.changes.poll(200, TimeUnit.MILLISECONDS));
      subscription.request(6);
      assertEquals(expected.subList(4, 10), watcher.take(6));
      subscription.request(Long.MAX_VALUE);
      subscription.request(Long.MAX_VALUE);
      assertEquals(store(one), watcher.next().entry().id());
      subscription.cancel();
      store(one);
      assertNull(watcher.changes.poll(200, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void goesOnFromTheCursorOfAnyChangeAlsoAfterARestartOfTheNode() throws Exception {
    Cursor third;
    List<Id> expected = new ArrayList<>();
    try (Node node = start("one")) {
      Watcher watcher = new Watcher();
      node.watch(ALL, Optional.of(node.cursor(ALL).join())).subscribe(watcher);
      watcher.subscription().request(5);
      List<Id> ids = store(node, 5);
      watcher.take(2);
      third = watcher.next().cursor();
      expected.addAll(ids.subList(3, 5));
    }
    assertEquals(third, Cursor.parse(third.toString()));
    try (Node node = start("one")) {
      Watcher watcher = new Watcher();
      node.watch(ALL, Optional.of(third)).subscribe(watcher);
      watcher.subscription().request(10);
      assertEquals(expected, watcher.take(2));
      assertEquals(store(node), watcher.next().entry().id());
    }
  }

  @Test
  void goesOnByItselfWhenTheNodeComesBack() throws Exception {
    Node node = start("one");
    try (Client client = Client.of(place(node))) {
      Watcher watcher = new Watcher();
      new SliceWatch(client.line(), ALL, Optional.empty(), watcher, ForkJoinPool.commonPool())
          .subscribe(watcher);
      watcher.subscription().request(Long.MAX_VALUE);
      client.cursor(ALL).join();
      Id first = store(node);
      assertEquals(first, watcher.next().entry().id());
      node.close();
      assertEquals("lost", within(watcher.news));
      node = start("one");
      Id second = store(node);
      assertEquals(second, watcher.next().entry().id());
      assertEquals("back", within(watcher.news));
      assertNull(watcher.news.poll());
      assertNull(watcher.changes.poll());
    } finally {
      node.close();
    }
  }

  @Test
  void waitsForANodeThatIsLostBeforeItToldOfAnything() throws Exception {
    Node node = start("one");
    try (Client client = Client.of(place(node))) {
      Cursor begin = client.cursor(ALL).join();
      Watcher watcher = watch(client, Optional.of(begin));
      Id first = store(node);
      node.close();
      assertEquals("lost", within(watcher.news));
      node = start("one");
      Id second = store(node);
      assertEquals(List.of(first, second), watcher.take(2));
      assertEquals("back", within(watcher.news));
      assertNull(watcher.changes.poll());
    } finally {
      node.close();
    }
  }

  private static Watcher watch(Client client, Optional<Cursor> since) throws Exception {
    Watcher watcher = new Watcher();
    new SliceWatch(client.line(), ALL, since, watcher, ForkJoinPool.commonPool())
        .subscribe(watcher);
    watcher.subscription().request(Long.MAX_VALUE);
    return watcher;
  }

  @Test
  void waitsForANodeThatIsLostBeforeItGaveACursor() throws Exception {
    Node node = start("one");
    try (Client client = Client.of(place(node))) {
      client.identity().join();
      node.close();
      Watcher watcher = watch(client, Optional.empty());
      CompletableFuture<Cursor> begin = client.cursor(ALL);
      assertEquals("lost", within(watcher.news));
      node = start("one");
      begin.get(SECONDS_MAX, TimeUnit.SECONDS);
      assertEquals("back", within(watcher.news));
      assertEquals(store(node), watcher.next().entry().id());
    } finally {
      node.close();
    }
  }

  @Test
  void endsWithTheReasonWhenItCanNotGoOn() throws Exception {
    Watcher stranger = new Watcher();
    Watcher closed = new Watcher();
    try (Node node = start("one")) {
      node.watch(ALL, Optional.of(new Cursor(1, 2))).subscribe(stranger);
      stranger.subscription().request(1);
      RefusedException forgotten = (RefusedException) within(stranger.failures);
      assertEquals(ErrorCode.FORGOTTEN, forgotten.code());
      assertTrue(forgotten.getMessage().contains("that cursor was given by another node"));
      node.watch(ALL, Optional.empty()).subscribe(closed);
      closed.subscription().request(1);
    }
    assertEquals(ErrorCode.STOPPING, ((RefusedException) within(closed.failures)).code());
    Watcher nobody = new Watcher();
    try (Client client = Client.of("127.0.0.1:1")) {
      client.watch(ALL, Optional.empty()).subscribe(nobody);
      nobody.subscription().request(1);
      assertEquals(ErrorCode.UNREACHABLE, ((RefusedException) within(nobody.failures)).code());
    }
  }

  @Test
  void refusesADemandForNothing() throws Exception {
    try (Node node = start("one")) {
      Watcher watcher = new Watcher();
      node.watch(ALL, Optional.empty()).subscribe(watcher);
      watcher.subscription().request(0);
      assertTrue(within(watcher.failures) instanceof IllegalArgumentException);
    }
  }

  @Test
  void readsNoCursorWhereNoneIsWritten() {
    for (String text : List.of("", "12", "12-", "-12", "12-xyz", "1-2-3", "11111111111111111-1")) {
      assertThrows(IllegalArgumentException.class, () -> Cursor.parse(text), text);
    }
    Cursor large = new Cursor(-1, Long.MIN_VALUE);
    assertEquals(large, Cursor.parse(large.toString()));
  }
}
