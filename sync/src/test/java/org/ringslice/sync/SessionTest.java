package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

class SessionTest {
  private static final int SEEDS = Integer.getInteger("sync.seeds", 400);
  private static final int RESTARTS_MAX = 200;

  private final SplittableRandom random = new SplittableRandom(4);
  private Replica a = new Replica(1);
  private Replica b = new Replica(2);

  private void fill(int common, int onlyA, int onlyB) {
    Replica.join(a, b);
    for (int i = 0; i < common + onlyA + onlyB; i++) {
      EntryInfo entry = Replica.blob(Replica.id(random));
      if (i < common + onlyA) {
        a.put(entry);
      }
      if (i < common || i >= common + onlyA) {
        b.put(entry);
      }
    }
  }

  private int reconcile(boolean prove) {
    a.begin(prove);
    int messages = Replica.run(a, b);
    assertEquals(a.store, b.store);
    assertTrue(a.done && b.done, () -> "" + a.sentences + b.sentences);
    assertTrue(a.proved || a.pushed + b.pushed == 0);
    return messages;
  }

  @ParameterizedTest
  @CsvSource({
    // common, only here, only there, bytes at most, round trips at most
    "3000, 0, 0, 64, 1",
    "3000, 1, 0, 100, 2",
    "3000, 0, 1, 100, 2",
    "3000, 1, 1, 100, 2",
    "3000, 5, 5, 400, 2",
    "3000, 50, 50, 1500, 5",
    "3000, 500, 500, 13300, 5",
    "3000, 1500, 1500, 40000, 5",
    "3000, 0, 3000, 4000, 5",
    "3000, 3000, 0, 4000, 5",
    "3000, 100, 3000, 18000, 6",
    "3000, 3000, 100, 18000, 6",
    "0, 3000, 0, 64, 2",
    "0, 0, 3000, 64, 2",
    "0, 0, 0, 64, 1",
  })
  void takesFewBytesAndRoundTrips(int common, int onlyA, int onlyB, int bytes, int roundTrips) {
    fill(common, onlyA, onlyB);

    int messages = reconcile(false);

    assertTrue(a.bytes + b.bytes <= bytes, () -> a.bytes + b.bytes + " bytes");
    assertTrue((messages + 1) / 2 <= roundTrips, () -> messages + " messages");
    assertEquals(onlyA + onlyB, a.pushed + b.pushed);
  }

  @Test
  void provesWhatIsEqualWhenAskedTo() {
    fill(1000, 0, 0);

    int messages = reconcile(true);

    assertEquals(2, messages);
    assertTrue(a.proved && b.proved);
    assertEquals(0, a.pushed + b.pushed);
    assertTrue(a.bytes + b.bytes <= 64, () -> a.bytes + b.bytes + " bytes");
  }

  @Test
  void answersARequestThatComesAgainByTheSameAnswer() {
    for (int seed = 0; seed < SEEDS / 4; seed++) {
      SplittableRandom sizes = new SplittableRandom(seed);
      a = new Replica(sizes.nextLong());
      b = new Replica(sizes.nextLong());
      fill(sizes.nextInt(500), sizes.nextInt(100), sizes.nextInt(100));
      a.begin(sizes.nextBoolean());
      while (!a.outbox.isEmpty()) {
        Bytes request = a.outbox.remove(0);
        b.hear(request);
        int pushed = b.pushed;
        b.hear(request);
        assertEquals(b.outbox.get(0), b.outbox.remove(1), "seed " + seed);
        assertEquals(pushed, b.pushed, "seed " + seed);
        a.hear(b.outbox.remove(0));
      }
      assertTrue(a.done, "seed " + seed);
      assertEquals(a.store, b.store, "seed " + seed);
    }
  }

  @Test
  void tellsWhatBelongsToNothingUnderWay() {
    fill(1000, 30, 30);
    a.begin(false);
    Bytes compare = a.outbox.remove(0);
    b.hear(compare);
    a.hear(b.outbox.remove(0));
    Bytes next = a.outbox.get(0);
    Replica forgetful = new Replica(9);

    assertEquals(List.of(new Step.Stale()), forgetful.session.receive(next));
    Replica.run(a, b);
    assertEquals(List.of(new Step.Stale()), b.session.receive(compare));
    assertTrue(a.proved && b.proved);
  }

  @Test
  void makesAnyTwoSetsEqual() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom sizes = new SplittableRandom(seed);
      a = new Replica(sizes.nextLong());
      b = new Replica(sizes.nextLong());
      int most = 1 << sizes.nextInt(12);
      fill(sizes.nextInt(most), sizes.nextInt(most), sizes.nextInt(most));
      int different = a.store.size() + b.store.size();

      reconcile(sizes.nextBoolean());

      assertTrue(a.pushed + b.pushed <= different, "seed " + seed);
      assertTrue(100 * (a.pushedInVain + b.pushedInVain) <= different, "seed " + seed);
    }
  }

  @Test
  void comparesAnArcAndLeavesTheRestAlone() {
    Arc arc = new Arc(Id.ofWords(-1L << 62, 0, 0, 0), Id.ofWords(1L << 62, 0, 0, 0));
    a = new Replica(arc, 1);
    b = new Replica(arc, 2);
    fill(2000, 300, 20);

    a.begin(false);
    Replica.run(a, b);

    assertEquals(a.in(List.of(arc)), b.in(List.of(arc)));
    assertTrue(a.done && b.done);
    assertFalse(a.store.equals(b.store));
  }

  @Test
  void letsTheGreaterStampWin() {
    fill(500, 0, 0);
    int i = 0;
    for (Id id : a.store.keySet().toArray(new Id[0])) {
      Replica newer = i % 2 == 0 ? a : b;
      if (i++ % 10 < 2) {
        newer.put(new EntryInfo(id, Kind.BLOB, 5 + i, i % 3 == 0, 0));
      }
    }

    reconcile(false);

    assertTrue(a.proved);
  }

  @Test
  void survivesMessagesLostRepeatedAndOutOfOrder() {
    for (int seed = 0; seed < SEEDS / 4; seed++) {
      SplittableRandom fate = new SplittableRandom(seed);
      a = new Replica(fate.nextLong());
      b = new Replica(fate.nextLong());
      int most = 1 << fate.nextInt(10);
      fill(most, fate.nextInt(most), fate.nextInt(most));
      int restarts = 0;
      while (!(a.done && a.store.equals(b.store))) {
        assertTrue(restarts++ < RESTARTS_MAX, "seed " + seed);
        a.begin(true);
        runBadly(fate);
      }
      assertTrue(a.proved, "seed " + seed);
    }
  }

  private void runBadly(SplittableRandom fate) {
    while (!a.outbox.isEmpty() || !b.outbox.isEmpty()) {
      Replica from = a.outbox.isEmpty() || (!b.outbox.isEmpty() && fate.nextBoolean()) ? b : a;
      Bytes body = from.outbox.remove(fate.nextInt(from.outbox.size()));
      int luck = fate.nextInt(20);
      if (luck > 0) {
        from.peer.hear(body);
      }
      if (luck == 1) {
        from.outbox.add(body);
      }
    }
  }

  /** As if somebody with the network's key had found ids with these digests, under any salt. */
  private static final List<ToLongFunction<EntryInfo>> CRAFTED =
      List.of(
          entry -> 5,
          entry -> entry.id().word(0) & 1,
          entry -> entry.id().word(0) >> 63,
          entry -> entry.id().word(0) & 0xff,
          entry -> entry.id().word(0) & 0xfff_ffff);

  @Test
  void isExactWhateverDigestsSomebodyCrafts() {
    for (int seed = 0; seed < SEEDS / 4; seed++) {
      for (ToLongFunction<EntryInfo> digest : CRAFTED) {
        SplittableRandom sizes = new SplittableRandom(seed);
        a = new Replica(Arc.wholeRing(Id.MAX), sizes.nextLong(), digest);
        b = new Replica(Arc.wholeRing(Id.MAX), sizes.nextLong(), digest);
        int most = 1 << sizes.nextInt(9);
        fill(sizes.nextInt(most), sizes.nextInt(most), sizes.nextInt(most));
        a.begin(true);
        int messages = Replica.run(a, b);
        assertEquals(a.store, b.store, "seed " + seed);
        assertTrue(messages <= 12, messages + " messages, seed " + seed);
      }
    }
  }

  @Test
  void neverProvesWhatDiffersAndNeedsOneMoreRoundForIdsThatLookAlike() {
    for (ToLongFunction<EntryInfo> digest : CRAFTED) {
      for (int seed = 0; seed < SEEDS / 4; seed++) {
        SplittableRandom sizes = new SplittableRandom(seed);
        a = new Replica(Arc.wholeRing(Id.MAX), sizes.nextLong(), digest);
        b = new Replica(Arc.wholeRing(Id.MAX), sizes.nextLong(), digest);
        fill(sizes.nextInt(200), sizes.nextInt(200), sizes.nextInt(200));
        a.begin(false);
        Replica.run(a, b);
        assertTrue(a.done && b.done);
        assertTrue(!(a.proved || b.proved) || a.store.equals(b.store), "seed " + seed);
      }
    }
  }

  @Test
  void endsWhileEntriesComeAndGo() {
    for (int seed = 0; seed < SEEDS / 4; seed++) {
      SplittableRandom fate = new SplittableRandom(seed);
      a = new Replica(fate.nextLong());
      b = new Replica(fate.nextLong());
      fill(300, fate.nextInt(200), fate.nextInt(200));
      a.begin(false);
      for (int i = 0; i < 12 && !(a.outbox.isEmpty() && b.outbox.isEmpty()); i++) {
        Replica from = a.outbox.isEmpty() ? b : a;
        from.peer.hear(from.outbox.remove(0));
        Replica side = fate.nextBoolean() ? a : b;
        side.put(Replica.blob(Replica.id(fate)));
        side.drop(side.store.firstKey());
      }
      Replica.run(a, b);

      reconcile(true);
    }
  }

  @Test
  void neverProvesWhatDiffersThoughBitsOfMessagesTurnOver() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom fate = new SplittableRandom(seed);
      a = new Replica(fate.nextLong());
      b = new Replica(fate.nextLong());
      fill(fate.nextInt(300), fate.nextInt(300), fate.nextInt(300));
      a.begin(true);
      while (!a.outbox.isEmpty() || !b.outbox.isEmpty()) {
        Replica from = a.outbox.isEmpty() ? b : a;
        byte[] body = from.outbox.remove(0).toArray();
        if (fate.nextInt(3) == 0) {
          body[fate.nextInt(body.length)] ^= (byte) (1 << fate.nextInt(8));
        }
        from.peer.hear(Bytes.wrap(body));
        assertTrue(!a.proved || a.store.equals(b.store), "seed " + seed);
      }

      reconcile(true);
    }
  }

  @Test
  void givesUpWithASentenceWhenTheOtherSideTalksNonsense() {
    fill(100, 20, 20);
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom fate = new SplittableRandom(seed);
      byte[] body = new byte[fate.nextInt(60)];
      fate.nextBytes(body);
      a.hear(Bytes.wrap(body));
    }
    a.outbox.clear();

    assertTrue(a.sentences.stream().allMatch(each -> each.sentence().endsWith("start again")));
    assertFalse(a.sentences.isEmpty());
    reconcile(true);
  }
}
