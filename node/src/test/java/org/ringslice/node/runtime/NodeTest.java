package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.HandedOver;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.port.RefusedException;

/** Whole nodes, on real disks and sockets. */
class NodeTest {
  private static final int BLOCK = Limits.BLOCK_BYTES_MAX;

  @TempDir private Path folder;

  private NodeConfig config(String name, String... peers) {
    return NodeConfig.in(folder.resolve(name))
        .network("test-" + folder.getFileName())
        .bind("127.0.0.1")
        .mdns(false)
        .peers(peers);
  }

  private static String place(Node node) {
    return node.endpoints().get(0).toString();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  private static void awaitRing(int size, Node... nodes) {
    for (Node node : nodes) {
      await(
          "a ring of " + size, () -> node.peers(Direction.NEXT, Id.ZERO, 9).join().size() == size);
    }
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsStoredAtOneIsReadAtTheOtherAndByAClient() throws Exception {
    try (Node one = Node.start(config("one"));
        Node two = Node.start(config("two", place(one)));
        Client client = Client.of(place(two))) {
      awaitRing(2, one, two);
      byte[] bytes = random(100_000, 1);
      Receipt receipt = one.store(bytes).join();
      assertEquals(2, receipt.copies());
      assertArrayEquals(bytes, two.get(receipt.id()).join());
      assertArrayEquals(bytes, client.get(receipt.id()).join());
      assertEquals(Receipt.Outcome.PRESENT, client.store(bytes).join().outcome());
      List<EntryInfo> items = client.items(Direction.NEXT, Id.ZERO, 5).join();
      assertEquals(List.of(receipt.id()), items.stream().map(EntryInfo::id).toList());
    }
  }

  @Test
  void aNodeThatLeavesSaysSoToItsProgramAndItsItemsStay() throws Exception {
    try (Node one = Node.start(config("one").maskBits(0));
        Node two = Node.start(config("two", place(one)).maskBits(0))) {
      awaitRing(2, one, two);
      List<Receipt> receipts = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        receipts.add(one.store(random(1000, i)).join());
      }
      long there = receipts.stream().filter(each -> each.holders().contains(one.id())).count();
      Message.LeaveIs stands = one.leave(false).join();
      while (!stands.left()) {
        stands = one.leave(false).join();
      }
      HandedOver expected = new HandedOver(two.id(), there, 1000 * there);
      assertEquals(there == 0 ? List.of() : List.of(expected), stands.handedOver());
      String sentence = one.left().get(30, TimeUnit.SECONDS);
      assertTrue(there == 0 || sentence.contains(" to node " + two.id()), sentence);
      awaitRing(1, two);
      for (int i = 0; i < 50; i++) {
        assertArrayEquals(random(1000, i), two.get(receipts.get(i).id()).join());
      }
      CompletionException gone =
          assertThrows(CompletionException.class, () -> one.get(receipts.get(0).id()).join());
      assertEquals("this node has stopped", gone.getCause().getMessage());
    }
  }

  @Test
  void filesOfAllSizesComeBackAndAreNotSentTwice() throws Exception {
    try (Node one = Node.start(config("one").maskBits(0));
        Node two = Node.start(config("two", place(one)).maskBits(0));
        Client client = Client.of(place(two))) {
      awaitRing(2, one, two);
      for (int size :
          new int[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 37 * BLOCK + 12345}) {
        byte[] bytes = random(size, size);
        StoredFile stored = one.files().store(new ByteArrayInputStream(bytes), Progress.NONE);
        if (size <= BLOCK) {
          assertEquals(Id.sha256(Bytes.wrap(bytes)), stored.id());
        }
        Path target = folder.resolve("fetched");
        assertEquals(size, client.files().fetch(stored.id(), target, Progress.NONE));
        assertArrayEquals(bytes, Files.readAllBytes(target), size + " bytes");
        StoredFile again = two.files().store(target, Progress.NONE);
        assertEquals(stored.id(), again.id());
        assertEquals(0, again.sentBytes());
      }
      try (var left = Files.list(folder)) {
        assertTrue(left.noneMatch(path -> path.toString().endsWith(".part")));
      }
    }
  }

  @Test
  void aSmallFileThatLooksLikeAManifestComesBackAsItIs() throws Exception {
    byte[] bytes = {(byte) 0x89, 'R', 'S', 'M', 'F', '\r', '\n', 1, 42};
    try (Node node = Node.start(config("one"))) {
      StoredFile stored = node.files().store(new ByteArrayInputStream(bytes), Progress.NONE);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      node.files().fetch(stored.id(), out, Progress.NONE);
      assertArrayEquals(bytes, out.toByteArray());
    }
  }

  @Test
  void keepsItsIdAndItemsAndFindsItsPeersAgainAfterARestart() throws Exception {
    try (Node one = Node.start(config("one"))) {
      Id id;
      Receipt receipt;
      try (Node two = Node.start(config("two", place(one)))) {
        awaitRing(2, one, two);
        id = two.id();
        receipt = two.store(random(5000, 3)).join();
        await(
            "the peer to be remembered",
            () -> Files.exists(folder.resolve("two").resolve("peers")));
      }
      awaitRing(1, one);
      try (Node two = Node.start(config("two"))) {
        assertEquals(id, two.id());
        awaitRing(2, one, two);
        assertArrayEquals(random(5000, 3), two.get(receipt.id()).join());
      }
    }
  }

  @Test
  void saysInASentenceWhyItCannotStart() throws Exception {
    try (Node one = Node.start(config("one"))) {
      String inUse =
          assertThrows(StartException.class, () -> Node.start(config("one"))).getMessage();
      assertTrue(inUse.contains("in use"), inUse);
      int port = one.endpoints().get(0).controlPort();
      String taken =
          assertThrows(StartException.class, () -> Node.start(config("two").port(port)))
              .getMessage();
      assertTrue(taken.contains(String.valueOf(port)), taken);
      String elsewhere =
          assertThrows(StartException.class, () -> Node.start(config("three").bind("192.0.2.77")))
              .getMessage();
      assertTrue(elsewhere.contains("192.0.2.77"), elsewhere);
    }
  }

  @Test
  void saysThatAnItemIsNowhere() throws Exception {
    try (Node one = Node.start(config("one"));
        Client client = Client.of(place(one))) {
      for (Access access : List.of(one, client)) {
        CompletionException e =
            assertThrows(CompletionException.class, () -> access.get(Id.MAX).join());
        assertEquals(ErrorCode.NOT_FOUND, ((RefusedException) e.getCause()).code());
      }
    }
  }

  @Test
  void servesOnWhenBothPortsAreFloodedWithRubbishAndCountsIt() throws Exception {
    try (Node node = Node.start(config("one"));
        Client client = Client.of(place(node))) {
      Receipt receipt = client.store(random(1000, 4)).join();
      for (Lane lane : Lane.values()) {
        long before = rubbish(node, lane);
        int port = node.endpoints().get(0).port(lane);
        write(port, random(64 << 10, 5));
        write(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        write(port, afterGreeting(frame(2L << 30, new byte[100])));
        write(port, afterGreeting(frame(-5, new byte[100])));
        write(port, afterGreeting(frame(200_000, filled(200_000, (byte) 0x91))));
        await("five to be counted", () -> rubbish(node, lane) >= before + 5);
        assertArrayEquals(random(1000, 4), client.get(receipt.id()).join());
        try (Client newcomer = Client.of(place(node))) {
          assertEquals(node.id(), newcomer.identity().join().id());
        }
      }
    }
  }

  private static long rubbish(Node node, Lane lane) {
    var traffic = node.traffic(lane);
    return traffic.broken() + traffic.dropped() + traffic.unreadable();
  }

  private static void write(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.setSoTimeout(5000);
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // shown the door while writing, or with the rest unread: just as well; the counters tell
    }
  }

  /** A ZMTP 3 greeting (RFC 23) and READY, and then the frames. */
  private static byte[] afterGreeting(byte[] frames) {
    ByteBuffer bytes = ByteBuffer.allocate(200 + frames.length);
    bytes
        .put((byte) 0xFF)
        .position(9)
        .put(new byte[] {0x7F, 3, 0})
        .put("NULL".getBytes(StandardCharsets.US_ASCII));
    bytes.position(64);
    byte[] ready =
        "\5READY\13Socket-Type\0\0\0\6DEALER\10Identity\0\0\0\0"
            .getBytes(StandardCharsets.US_ASCII);
    bytes.put((byte) 4).put((byte) ready.length).put(ready).put(frames);
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] frame(long declaredSize, byte[] bytes) {
    return ByteBuffer.allocate(9 + bytes.length)
        .put((byte) 2)
        .putLong(declaredSize)
        .put(bytes)
        .array();
  }

  private static byte[] filled(int size, byte with) {
    byte[] bytes = new byte[size];
    java.util.Arrays.fill(bytes, with);
    return bytes;
  }
}
