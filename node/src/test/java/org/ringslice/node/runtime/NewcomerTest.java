package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/** Against real nodes. */
class NewcomerTest {
  private static final int MASK_BITS = 2;

  /** What a busy machine may take beyond a limit. */
  private static final long SLACK_MILLIS = 3_000;

  @TempDir private Path folder;

  /** Draws the same each time. */
  private static final class Known extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random = new Random(1);

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }

  private static List<Id> drawn() {
    Known random = new Known();
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < Evening.DRAWN; i++) {
      byte[] bytes = new byte[Id.BYTES];
      random.nextBytes(bytes);
      ids.add(Id.of(bytes));
    }
    return ids;
  }

  private NodeConfig config(String name, String... peers) {
    return NodeConfig.in(folder.resolve(name))
        .network("newcomer-" + folder.getFileName())
        .bind("127.0.0.1")
        .mdns(false)
        .peers(peers);
  }

  private static long millisSince(long beginNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
  }

  @Test
  void takesThePlaceThatEvensTheRingOfWhomItHears() throws Exception {
    // next to the first that is drawn, which thus is the worst of all
    Id taken = drawn().get(0).plus(Id.ofWords(0, 0, 0, 1));
    Id expected = Evening.choose(drawn(), new Ring(List.of(taken)), new Homes(MASK_BITS));
    assertNotEquals(drawn().get(0), expected);

    try (Node node = Node.start(config("old").id(taken));
        Newcomer newcomer = new Newcomer(true)) {
      newcomer.heardOf(new Endpoint("127.0.0.1", 1, 1));
      newcomer.heardOf(node.endpoints().get(0));
      assertEquals(expected, newcomer.choose(MASK_BITS, new Known()));
    }
  }

  @Test
  void takesARandomPlaceAtOnceWhenNobodyIsToBeAsked() throws Exception {
    long begin = System.nanoTime();
    try (Newcomer newcomer = new Newcomer(false)) {
      assertEquals(drawn().get(0), newcomer.choose(MASK_BITS, new Known()));
    }
    assertTrue(millisSince(begin) < 300, "it took " + millisSince(begin) + " ms");
  }

  @Test
  void takesARandomPlaceWhenNobodyIsHeardOf() throws Exception {
    long begin = System.nanoTime();
    try (Newcomer newcomer = new Newcomer(true)) {
      assertEquals(drawn().get(0), newcomer.choose(MASK_BITS, new Known()));
    }
    long millis = millisSince(begin);
    long limitMillis = TimeUnit.NANOSECONDS.toMillis(Newcomer.HEAR_NANOS_MAX);
    assertTrue(millis >= limitMillis && millis < limitMillis + SLACK_MILLIS, millis + " ms");
  }

  @Test
  void doesNotWaitLongForOneWhoSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Newcomer newcomer = new Newcomer(false)) {
      long begin = System.nanoTime();
      newcomer.heardOf(new Endpoint("127.0.0.1", silent.getLocalPort(), silent.getLocalPort()));
      assertEquals(drawn().get(0), newcomer.choose(MASK_BITS, new Known()));
      long limitMillis = TimeUnit.NANOSECONDS.toMillis(Newcomer.ANSWER_NANOS_MAX);
      assertTrue(millisSince(begin) < limitMillis + SLACK_MILLIS);
    }
  }

  @Test
  void keepsItsPlaceAtLaterStarts() throws Exception {
    try (Node old = Node.start(config("old"))) {
      String contact = old.endpoints().get(0).toString();
      Id first;
      try (Node young = Node.start(config("young", contact))) {
        first = young.id();
      }
      try (Node again = Node.start(config("young", contact))) {
        assertEquals(first, again.id());
      }
    }
  }
}
