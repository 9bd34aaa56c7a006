package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Client;

/**
 * Nodes as processes, of which one has a small disk of its own, which only some may mount. A node
 * keeps 128 MiB of it free.
 */
class FullDiskTest {
  private static final int BLOB_BYTES = 1 << 20;
  private static final int BLOBS_MAX = 200;
  private static final long SECONDS_MAX = 90;

  @TempDir Path folder;
  private Path disk;
  private Path filler;
  private boolean mounted;
  private final Random random = new Random(4);
  private final String network = "full-" + ProcessHandle.current().pid();

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=300m", "ringslice-test", disk.toString());
    assumeTrue(mounted, "this needs the right to mount a tmpfs");
    filler = Files.write(disk.resolve("filler"), new byte[130 << 20]);
  }

  @AfterEach
  void unmount() throws Exception {
    assertTrue(!mounted || run("umount", "-l", disk.toString()));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aNodeAloneRefusesWithASentenceAndGoesOnWhenThereIsRoom() throws Exception {
    try (RealProcess node = RealProcess.node(disk, "alone", network, "--json");
        Client client = Client.of(node.readyEndpoint())) {
      List<Id> acknowledged = new ArrayList<>();
      String refusal = storeUntilRefused(client, acknowledged);

      assertTrue(refusal.contains("no room on the disk"), refusal);
      assertFalse(acknowledged.isEmpty());
      read(client, acknowledged);

      Files.delete(filler);
      await("room to be noticed", () -> tryToStore(client, acknowledged).isEmpty());
      read(client, acknowledged);
    }
  }

  @Test
  void othersGoOnStatusSaysWhyAndTheCopiesAreMadeGood() throws Exception {
    try (RealProcess small = RealProcess.node(disk, "small", network, "--json");
        Client full = Client.of(small.readyEndpoint());
        RealProcess large = RealProcess.node(folder, "large", network, "--json", peer(full));
        RealProcess third = RealProcess.node(folder, "third", network, "--json", peer(full));
        Client client = Client.of(large.readyEndpoint());
        Client other = Client.of(third.readyEndpoint())) {
      await("three nodes", () -> count(client) == 3 && count(other) == 3);
      List<Receipt> receipts = new ArrayList<>();
      while (receipts.isEmpty() || receipts.get(receipts.size() - 1).copies() == 3) {
        receipts.add(client.store(blob()).join());
        assertTrue(receipts.size() < BLOBS_MAX, "the disk does not fill");
      }
      assertEquals(2, receipts.get(receipts.size() - 1).copies());
      List<Id> acknowledged = new ArrayList<>(receipts.stream().map(Receipt::id).toList());
      read(full, acknowledged);
      await("status to say why", () -> whatIsMissing(other).contains("no room on the disk"));

      Files.delete(filler);
      await("the copies to be made good", () -> whatIsMissing(other).isEmpty());
      assertEquals(3, client.store(blob()).join().copies());
    }
  }

  private static String peer(Client client) {
    return "--peer=" + client.identity().join().endpoints().get(0);
  }

  private static int count(Client client) {
    return client.peers(Direction.NEXT, Id.ZERO, 8).join().size();
  }

  private byte[] blob() {
    byte[] bytes = new byte[BLOB_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private String storeUntilRefused(Client client, List<Id> acknowledged) {
    String refusal = "";
    while (refusal.isEmpty() && acknowledged.size() < BLOBS_MAX) {
      refusal = tryToStore(client, acknowledged);
    }
    return refusal;
  }

  /** Returns why it was refused; empty when it was not. */
  private String tryToStore(Client client, List<Id> acknowledged) {
    try {
      acknowledged.add(client.store(blob()).join().id());
      return "";
    } catch (CompletionException e) {
      assertTrue(e.getCause() instanceof RefusedException, e.toString());
      return e.getCause().getMessage();
    }
  }

  private static void read(Client client, List<Id> items) {
    for (Id item : items) {
      assertEquals(item, Id.sha256(Bytes.wrap(client.get(item).join())));
    }
  }

  /** The reasons for missing copies, as the ring tells them; empty when there are none. */
  private static String whatIsMissing(Client client) {
    Message.StatusIs status = client.status().join().get(0);
    StringBuilder reasons = new StringBuilder();
    status.nodes().forEach(node -> reasons.append(node.why()));
    status.missing().forEach(copy -> reasons.append(copy.why()));
    return reasons.toString();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }
}
