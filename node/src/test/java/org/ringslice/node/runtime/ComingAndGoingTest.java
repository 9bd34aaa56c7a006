package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Route;

/**
 * Nodes that join and leave, one after the other, leave nothing behind at a node that stays, nor in
 * the process that all of them run in. {@code -Dchurn.nodes=1000} for as many.
 */
class ComingAndGoingTest {
  private static final int NODES = Integer.getInteger("churn.nodes", 20);

  /** By then everything that is made once has been made. */
  private static final int WARM_UP = 10;

  @TempDir private Path folder;

  /** What must not grow. */
  private record Used(int files, int threads) {
    static Used now() {
      String[] open = new File("/proc/self/fd").list();
      String[] tasks = new File("/proc/self/task").list();
      Assumptions.assumeTrue(open != null && tasks != null, "this system does not list open files");
      return new Used(open.length, tasks.length);
    }

    boolean isWithin(Used other) {
      return files <= other.files && threads <= other.threads;
    }
  }

  private NodeConfig config(String name, String... peers) {
    return NodeConfig.in(folder.resolve(name))
        .network("test-" + folder.getFileName())
        .bind("127.0.0.1")
        .mdns(false)
        .peers(peers);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static int ring(Node node) {
    return node.peers(Direction.NEXT, Id.ZERO, 9).join().size();
  }

  private static boolean isAtRest(Node node) {
    Message.TableIs table = node.table().join();
    // the question itself is being answered
    return table.guests() == 0
        && table.serving() == 1
        && table.routes().stream().mapToInt(Route::pending).sum() == 0
        && Stream.of(Lane.values())
            .map(node::traffic)
            .allMatch(traffic -> traffic.linksIn() == 0 && traffic.linksOut() == 0);
  }

  @Test
  void leaveNothingBehind() throws Exception {
    try (Node stays = Node.start(config("stays"))) {
      String place = stays.endpoints().get(0).toString();
      Used before = null;
      for (int i = 0; i < NODES; i++) {
        comeAndGo(stays, place, i);
        if (i == WARM_UP) {
          await("the connections to end", () -> isAtRest(stays));
          before = Used.now();
        }
      }
      await("the connections to end", () -> isAtRest(stays));
      Used allowed = before;
      await("no more than " + allowed + ", not " + Used.now(), () -> Used.now().isWithin(allowed));
      assertEquals(1, ring(stays));
    }
  }

  private void comeAndGo(Node stays, String place, int number) throws Exception {
    Path dir = folder.resolve("guest");
    try (Node guest = Node.start(config("guest", place))) {
      await("a ring of two", () -> ring(stays) == 2 && ring(guest) == 2);
      guest.store(("item " + number).getBytes(StandardCharsets.UTF_8)).join();
    }
    await("a ring of one", () -> ring(stays) == 1);
    delete(dir);
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> paths = Files.walk(dir)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
