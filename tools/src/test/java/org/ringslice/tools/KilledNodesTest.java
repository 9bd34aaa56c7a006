package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.runtime.Client;

/**
 * Nodes as processes of their own, of which some are killed with SIGKILL at one random moment of
 * storing. Meanwhile no client sees an error; what was acknowledged with one copy more than nodes
 * were killed is read from each of the others, soon everything has all its copies again among the
 * living, and when the killed are back with their folders, everything that was acknowledged at all
 * is read from each. {@code -Dkill.runs=20} for as many runs; a failure names its seed, which
 * {@code -Dkill.seed} takes.
 */
class KilledNodesTest {
  private static final int RUNS = Integer.getInteger("kill.runs", 1);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final int OUTSTANDING = 32;
  private static final int AFTER_THE_KILL = 200;

  /** From a death until everything has all its copies again. */
  private static final long WHOLE_SECONDS_MAX = 30;

  private static final long SECONDS_MAX = 30;

  private record Stored(Id id, int copies) {}

  @ParameterizedTest
  @CsvSource({"2, 1", "6, 2"})
  void nothingAcknowledgedIsLostAndNobodyNotices(int nodes, int killed, @TempDir Path folder)
      throws Exception {
    for (int run = 0; run < RUNS; run++) {
      long seed = SEED + run;
      System.out.println(
          "kill " + killed + " of " + nodes + ", run " + run + " of " + RUNS + ", seed " + seed);
      Path home = Files.createDirectory(folder.resolve("run" + run));
      try (Cluster cluster = new Cluster(home, nodes, seed)) {
        cluster.run(killed);
      }
    }
  }

  /** The nodes of one run, and what is stored on them. */
  private static final class Cluster implements Closeable {
    private final Path folder;
    private final String network;
    private final Random random;
    private final List<RealProcess> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Stored> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

    Cluster(Path folder, int count, long seed) throws Exception {
      this.folder = folder;
      this.network = "kill-" + Long.toHexString(seed);
      this.random = new Random(seed);
      String seedNode = null;
      for (int i = 0; i < count; i++) {
        seedNode = start(i, seedNode);
      }
      await("all to see each other", SECONDS_MAX, () -> allSee(count));
    }

    /** Returns its endpoint. */
    private String start(int place, String peer) throws Exception {
      String[] more =
          peer == null ? new String[] {"--json"} : new String[] {"--json", "--peer", peer};
      RealProcess node = RealProcess.node(folder, "node" + place, network, more);
      String endpoint = node.readyEndpoint();
      nodes.add(place, node);
      clients.add(place, Client.of(endpoint));
      return peer == null ? endpoint : peer;
    }

    private boolean allSee(int count) {
      return clients.stream()
          .allMatch(client -> client.peers(Direction.NEXT, Id.ZERO, 64).join().size() == count);
    }

    void run(int killed) throws Exception {
      storeAndKill(50 + random.nextInt(1500), killed);
      List<Client> living = clients.subList(0, clients.size() - killed);
      List<Stored> safe = acknowledged.stream().filter(stored -> stored.copies() > killed).toList();
      assertFalse(safe.isEmpty(), "nothing was stored with enough copies");
      readFromEach(living, safe);
      await("all copies to be there", WHOLE_SECONDS_MAX, () -> isWhole(living.get(0)));
      restart(killed);
      readFromEach(clients, acknowledged);
    }

    private void storeAndKill(int killAfter, int killed) throws Exception {
      Semaphore window = new Semaphore(OUTSTANDING);
      AtomicBoolean storing = new AtomicBoolean(true);
      CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(killed, storing));
      Client client = clients.get(0);
      for (int i = 0; i < killAfter + AFTER_THE_KILL; i++) {
        if (i == killAfter) {
          for (int place = nodes.size() - killed; place < nodes.size(); place++) {
            nodes.get(place).signal("KILL");
          }
        }
        byte[] bytes = new byte[random.nextInt(100) == 0 ? Limits.BLOCK_BYTES_MAX : 200 + i];
        random.nextBytes(bytes);
        window.acquire();
        CompletableFuture<Receipt> unused =
            client
                .store(bytes)
                .whenComplete(
                    (receipt, failure) -> {
                      note(receipt, failure);
                      window.release();
                    });
      }
      window.acquire(OUTSTANDING);
      storing.set(false);
      reading.join();
      assertEquals(List.of(), errors, "a client saw an error");
    }

    private void note(Receipt receipt, Throwable failure) {
      if (failure != null) {
        errors.add(failure);
      } else {
        acknowledged.add(new Stored(receipt.id(), receipt.copies()));
      }
    }

    /** Reads at random, at those that are not killed, while others store. */
    private void read(int killed, AtomicBoolean storing) {
      Random chance = new Random(random.nextLong());
      while (storing.get()) {
        int count = acknowledged.size();
        Stored stored = count == 0 ? null : acknowledged.get(chance.nextInt(count));
        if (stored != null && stored.copies() > killed) {
          Client client = clients.get(chance.nextInt(clients.size() - killed));
          try {
            assertEquals(stored.id(), Id.sha256(Bytes.wrap(client.get(stored.id()).join())));
          } catch (RuntimeException | AssertionError e) {
            errors.add(e);
          }
        }
      }
    }

    private static boolean isWhole(Client client) {
      Message.StatusIs status = client.status().join().get(0);
      return status.nodes().stream().allMatch(node -> node.missing() == 0 && node.why().isEmpty());
    }

    private void restart(int killed) throws Exception {
      String peer = clients.get(0).identity().join().endpoints().get(0).toString();
      for (int place = nodes.size() - killed; place < nodes.size(); place++) {
        nodes.remove(place).close();
        clients.remove(place).close();
        start(place, peer);
      }
      await("the killed to be back", SECONDS_MAX, () -> allSee(nodes.size()));
    }

    private void readFromEach(List<Client> readers, List<Stored> items) throws Exception {
      for (Client reader : readers) {
        Semaphore window = new Semaphore(OUTSTANDING);
        for (Stored stored : items) {
          window.acquire();
          CompletableFuture<byte[]> unused =
              reader
                  .get(stored.id())
                  .whenComplete(
                      (bytes, failure) -> {
                        if (failure != null) {
                          errors.add(failure);
                        } else if (!Id.sha256(Bytes.wrap(bytes)).equals(stored.id())) {
                          errors.add(new AssertionError("other bytes of " + stored.id()));
                        }
                        window.release();
                      });
        }
        window.acquire(OUTSTANDING);
      }
      assertEquals(List.of(), errors, "not everything was read back");
    }

    @Override
    public void close() {
      clients.forEach(Client::close);
      nodes.forEach(RealProcess::close);
    }
  }

  private static void await(String what, long secondsMax, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }
}
