package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Receipt;
import org.ringslice.node.runtime.Client;

/**
 * Two nodes as processes of their own; one is killed with SIGKILL at a random moment of storing.
 * What was acknowledged with two copies is read from the other, byte for byte; what was
 * acknowledged at all is there once the killed one is back with its folder. {@code -Dkill.runs=20}
 * for as many runs; a failure names its seed, which {@code -Dkill.seed} takes.
 */
class KilledNodeTest {
  private static final int RUNS = Integer.getInteger("kill.runs", 2);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final int OUTSTANDING = 32;

  /** One node of a network of two. */
  private static final class RealNode implements Closeable {
    private static final Pattern ENDPOINT = Pattern.compile("\"endpoint\":\"([^\"]+)\"");

    private final Process process;
    private final String endpoint;

    RealNode(Path dir, String network, List<String> more) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-XX:+UseParallelGC", "-cp"));
      command.add(System.getProperty("java.class.path"));
      command.addAll(List.of(Main.class.getName(), "node", "--json", "--no-mdns"));
      command.addAll(List.of("--bind", "127.0.0.1", "--network", network, "--dir", dir.toString()));
      command.addAll(more);
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String ready = out.readLine();
      assertNotNull(ready, "the node did not start");
      Matcher matcher = ENDPOINT.matcher(ready);
      assertTrue(matcher.find(), ready);
      endpoint = matcher.group(1);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void losesNothingAcknowledgedWhenANodeIsKilled(@TempDir Path folder) throws Exception {
    for (int run = 0; run < RUNS; run++) {
      long seed = SEED + run;
      System.out.println("kill run " + run + " of " + RUNS + ", -Dkill.seed=" + seed);
      killOne(Files.createDirectory(folder.resolve("run" + run)), new Random(seed), seed);
    }
  }

  private void killOne(Path folder, Random random, long seed) throws Exception {
    String network = "kill-" + Long.toHexString(seed);
    Path secondDir = folder.resolve("b");
    Map<Id, Integer> acknowledged = new ConcurrentHashMap<>();
    Map<Id, byte[]> contents = new ConcurrentHashMap<>();
    try (RealNode first = new RealNode(folder.resolve("a"), network, List.of());
        RealNode second = new RealNode(secondDir, network, List.of("--peer", first.endpoint));
        Client client = Client.of(first.endpoint)) {
      await("two nodes", () -> count(client) == 2);
      int killAfter = 50 + random.nextInt(2000);
      storeAndKill(client, random, killAfter, second, acknowledged, contents);
      await("the death to be noticed", () -> count(client) == 1);
      for (Map.Entry<Id, Integer> each : acknowledged.entrySet()) {
        if (each.getValue() == 2) {
          assertArrayEquals(
              contents.get(each.getKey()), client.get(each.getKey()).join(), "seed " + seed);
        }
      }
      assertTrue(acknowledged.containsValue(2), "nothing was stored on two, seed " + seed);
      try (RealNode again = new RealNode(secondDir, network, List.of("--peer", first.endpoint));
          Client other = Client.of(again.endpoint)) {
        await("the killed one to be back", () -> count(client) == 2 && count(other) == 2);
        for (Id id : acknowledged.keySet()) {
          assertArrayEquals(contents.get(id), client.get(id).join(), "seed " + seed);
          assertArrayEquals(contents.get(id), other.get(id).join(), "seed " + seed);
        }
      }
    }
  }

  /** Goes on for a while after the kill, so that some are stored on one node alone. */
  private static void storeAndKill(
      Client client,
      Random random,
      int killAfter,
      RealNode victim,
      Map<Id, Integer> acknowledged,
      Map<Id, byte[]> contents)
      throws InterruptedException {
    Semaphore window = new Semaphore(OUTSTANDING);
    List<Throwable> refusals = new ArrayList<>();
    for (int i = 0; i < killAfter + 200; i++) {
      if (i == killAfter) {
        victim.kill();
      }
      byte[] bytes = new byte[random.nextInt(100) == 0 ? Limits.BLOCK_BYTES_MAX : 200 + i];
      random.nextBytes(bytes);
      window.acquire();
      CompletableFuture<Receipt> unused =
          client
              .store(bytes)
              .whenComplete(
                  (receipt, failure) -> {
                    note(bytes, receipt, failure, acknowledged, contents, refusals);
                    window.release();
                  });
    }
    window.acquire(OUTSTANDING);
    assertFalse(acknowledged.isEmpty(), () -> "nothing acknowledged: " + refusals);
    assertTrue(refusals.isEmpty(), () -> "a client saw an error: " + refusals.get(0));
  }

  private static void note(
      byte[] bytes,
      Receipt receipt,
      Throwable failure,
      Map<Id, Integer> acknowledged,
      Map<Id, byte[]> contents,
      List<Throwable> refusals) {
    if (failure != null) {
      synchronized (refusals) {
        refusals.add(failure);
      }
      return;
    }
    contents.put(receipt.id(), bytes);
    acknowledged.put(receipt.id(), receipt.copies());
  }

  private static int count(Client client) {
    return client.peers(Direction.NEXT, Id.ZERO, 8).join().size();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }
}
