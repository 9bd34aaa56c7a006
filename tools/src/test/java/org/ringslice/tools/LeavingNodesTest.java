package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;
import org.ringslice.node.runtime.Client;

/**
 * Nodes as processes of their own that leave by the command, beside others that are killed and that
 * are new. {@code -Dleave.seed} takes the seed that a run prints.
 */
class LeavingNodesTest {
  private static final long SEED = Long.getLong("leave.seed", System.nanoTime());
  private static final int OUTSTANDING = 32;
  private static final long SECONDS_MAX = 60;

  /** From the last change of the ring until everything has all its copies again. */
  private static final long WHOLE_SECONDS_MAX = 30;

  private static final int FOUR = 4;

  @TempDir Path folder;

  private final Random random = new Random(SEED);

  LeavingNodesTest() {
    System.out.println("leaving nodes, seed " + SEED);
  }

  private static void await(String what, long secondsMax, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
    }
  }

  /** A node of the ring, and the way to it. */
  private record Member(RealProcess process, String endpoint, Client client) implements Closeable {
    @Override
    public void close() {
      client.close();
      process.close();
    }

    /** What {@code leave} prints. */
    Cli.Outcome leave() {
      return Cli.run("leave", "--json", "--node", endpoint).expectDone();
    }

    /** Whether no copy lacks that this ring can hold; a node alone is whole as well. */
    boolean isWhole() {
      Cli.Outcome outcome = Cli.run("status", "--json", "--node", endpoint);
      return outcome.code() == Main.DONE
          && List.of("under_replicated", "syncing", "to_go_bytes").stream()
              .allMatch(key -> outcome.member(key).equals("0"))
          && outcome.member("unsure").equals("[]");
    }
  }

  /** All nodes of a test. */
  private final class Members implements Closeable {
    private final String network = "leave-" + Long.toHexString(SEED);
    private final List<Member> all = new CopyOnWriteArrayList<>();

    /** Those that neither were killed nor leave. */
    private final List<Member> living = new CopyOnWriteArrayList<>();

    Member start() throws Exception {
      List<String> more = new ArrayList<>(List.of("--json"));
      if (!living.isEmpty()) {
        more.addAll(List.of("--peer", living.get(0).endpoint()));
      }
      String name = "node" + all.size();
      RealProcess process =
          RealProcess.smallNode(folder, name, network, more.toArray(String[]::new));
      String endpoint = process.readyEndpoint();
      Member member = new Member(process, endpoint, Client.of(endpoint));
      all.add(member);
      return member;
    }

    void start(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        living.add(start());
      }
      awaitRingOf(count);
    }

    void awaitRingOf(int count) {
      await("a ring of " + count, SECONDS_MAX, () -> living.stream().allMatch(m -> sees(m, count)));
    }

    private boolean sees(Member member, int count) {
      return member.client().peers(Direction.NEXT, Id.ZERO, 64).join().size() == count;
    }

    List<Member> takeLast(int count) {
      List<Member> taken = List.copyOf(living.subList(living.size() - count, living.size()));
      living.removeAll(taken);
      return taken;
    }

    @Override
    public void close() {
      all.forEach(Member::close);
    }
  }

  /** What was stored, and who goes on to store and to read it. */
  private final class Items {
    private final Members members;
    private final List<Id> withFour = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();

    Items(Members members) {
      this.members = members;
    }

    void store(int count) throws InterruptedException {
      Semaphore window = new Semaphore(OUTSTANDING);
      for (int i = 0; i < count; i++) {
        byte[] bytes = new byte[500 + random.nextInt(1000)];
        random.nextBytes(bytes);
        window.acquire();
        CompletableFuture<Void> unused =
            members
                .living
                .get(0)
                .client()
                .store(bytes)
                .handle(
                    (receipt, failure) -> {
                      note(receipt, failure);
                      window.release();
                      return null;
                    });
      }
      window.acquire(OUTSTANDING);
    }

    private void note(Receipt receipt, Throwable failure) {
      if (failure != null) {
        errors.add(failure);
        return;
      }
      acknowledged.incrementAndGet();
      if (receipt.copies() == FOUR) {
        withFour.add(receipt.id());
      }
    }

    /** Reads at random until told to stop. */
    void readWhile(AtomicBoolean going, int number) {
      Random chance = new Random(SEED + number);
      while (going.get()) {
        List<Member> living = List.copyOf(members.living);
        Member reader = living.get(chance.nextInt(living.size()));
        read(reader, withFour.get(chance.nextInt(withFour.size())));
      }
    }

    private void read(Member reader, Id item) {
      try {
        assertEquals(item, Id.sha256(Bytes.wrap(reader.client().get(item).join())));
        reads.incrementAndGet();
      } catch (RuntimeException | AssertionError e) {
        // who was asked may have been killed meanwhile
        if (members.living.contains(reader)) {
          errors.add(e);
        }
      }
    }

    void readAllAtEach() throws InterruptedException {
      for (Member reader : members.living) {
        Semaphore window = new Semaphore(OUTSTANDING);
        for (Id item : withFour) {
          window.acquire();
          CompletableFuture<Void> unused =
              reader
                  .client()
                  .get(item)
                  .handle(
                      (bytes, failure) -> {
                        if (failure != null) {
                          errors.add(failure);
                        } else if (!Id.sha256(Bytes.wrap(bytes)).equals(item)) {
                          errors.add(new AssertionError("other bytes of " + item));
                        }
                        window.release();
                        return null;
                      });
        }
        window.acquire(OUTSTANDING);
      }
      assertEquals(List.of(), errors);
    }
  }

  @Test
  void nothingIsLostWhereThreeOfTenAreKilledThreeAreNewAndTwoLeave() throws Exception {
    try (Members members = new Members()) {
      members.start(10);
      Items items = new Items(members);
      items.store(2500);
      assertEquals(2500, items.withFour.size());
      AtomicBoolean going = new AtomicBoolean(true);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int number = i;
        readers.add(CompletableFuture.runAsync(() -> items.readWhile(going, number)));
      }
      CompletableFuture<Void> storing =
          CompletableFuture.runAsync(() -> storeUnchecked(items, 2500));

      for (Member killed : members.takeLast(3)) {
        killed.process().signal("KILL");
      }
      List<Member> newcomers = List.of(members.start(), members.start(), members.start());
      List<Member> leaving = members.takeLast(2);
      List<CompletableFuture<Cli.Outcome>> outcomes =
          leaving.stream().map(each -> CompletableFuture.supplyAsync(each::leave)).toList();
      for (int i = 0; i < leaving.size(); i++) {
        String said = outcomes.get(i).get(SECONDS_MAX, TimeUnit.SECONDS).out();
        System.out.println("handed over: " + Cli.memberOf(said, "handed_over"));
        assertEquals("true", Cli.memberOf(said, "left"));
        assertTrue(said.contains("\"items\":"), said);
        assertEquals("left", Cli.memberOf(leaving.get(i).process().line(), "event"));
        assertEquals(0, leaving.get(i).process().exitCode());
      }
      members.living.addAll(newcomers);
      long begin = System.nanoTime();
      await("all copies", WHOLE_SECONDS_MAX, members.living.get(1)::isWhole);
      System.out.println("whole after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
      storing.get(SECONDS_MAX, TimeUnit.SECONDS);
      going.set(false);
      CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)).join();
      assertEquals(List.of(), items.errors);
      assertEquals(5000, items.acknowledged.get());
      System.out.println(items.withFour.size() + " with four copies, " + items.reads + " reads");
      members.awaitRingOf(8);
      await("all copies in the end", WHOLE_SECONDS_MAX, members.living.get(7)::isWhole);
      items.readAllAtEach();
    }
  }

  private static void storeUnchecked(Items items, int count) {
    try {
      items.store(count);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void eachLeavesInTurnDownToOneAndSaysWhoHasItsItems() throws Exception {
    try (Members members = new Members()) {
      members.start(6);
      Items items = new Items(members);
      items.store(300);
      for (int left = 5; left >= 1; left--) {
        Member leaving = members.takeLast(1).get(0);
        String said = leaving.leave().out();
        System.out.println(left + " stay; handed over: " + Cli.memberOf(said, "handed_over"));
        // with four copies and no more nodes than that, those who stay have everything already
        assertEquals(left >= FOUR, said.contains("\"items\":"), said);
        assertEquals(0, leaving.process().exitCode());
        members.awaitRingOf(left);
        assertTrue(members.living.get(0).isWhole(), "every copy is there at once");
        items.readAllAtEach();
      }
      String last = members.living.get(0).endpoint();
      Cli.run("leave", "--node", last)
          .expectCouldNot(
              "this node is alone on the ring, so nobody could take over its 300 items; start"
                  + " another node, or let this one stop with --now");
      Cli.run("leave", "--now", "--node", last).expectDone();
      assertEquals(0, members.living.get(0).process().exitCode());
    }
  }
}
