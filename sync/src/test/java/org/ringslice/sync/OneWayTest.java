package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;

class OneWayTest {
  private static final int SEEDS = 200;

  private SplittableRandom random = new SplittableRandom(1);
  private Replica starter;
  private Replica other;

  private void sides(Giving giving) {
    Giving opposite = giving == Giving.OURS ? Giving.THEIRS : Giving.OURS;
    starter = new Replica(random.nextLong(), giving, Session.PIECE_ENTRIES);
    other = new Replica(random.nextLong(), opposite, Session.PIECE_ENTRIES);
    Replica.join(starter, other);
  }

  private void fill(int common, int onlyStarter, int onlyOther) {
    for (int i = 0; i < common + onlyStarter + onlyOther; i++) {
      EntryInfo entry = Replica.blob(Replica.id(random));
      if (i < common + onlyStarter) {
        starter.put(entry);
      }
      if (i < common || i >= common + onlyStarter) {
        other.put(entry);
      }
    }
  }

  /** Runs a session and checks that all of the giver's are there, and nothing else has moved. */
  private void cover(Giving giving, String what) {
    Replica giver = giving == Giving.OURS ? starter : other;
    Replica taker = giving == Giving.OURS ? other : starter;
    List<EntryInfo> before = new ArrayList<>(giver.store.values());
    Set<EntryInfo> alone = new HashSet<>(taker.store.values());
    giver.store.values().forEach(alone::remove);

    starter.begin(true);
    Replica.run(starter, other);

    assertTrue(starter.done && starter.proved, () -> what + starter.sentences + other.sentences);
    assertEquals(0, taker.pushed, what);
    assertEquals(before, new ArrayList<>(giver.store.values()), what);
    for (EntryInfo entry : before) {
      EntryInfo there = taker.store.get(entry.id());
      assertEquals(there, Merge.join(there, entry), what);
    }
    alone.retainAll(new HashSet<>(taker.store.values()));
    assertTrue(taker.lacking.containsAll(alone), what);
    taker.lacking.retainAll(new HashSet<>(taker.store.values()));
    assertEquals(alone, taker.lacking, what);
  }

  @ParameterizedTest
  @EnumSource(
      value = Giving.class,
      names = {"OURS", "THEIRS"})
  void bringsWhatOneSideHasToTheOtherAndTellsWhatTheOtherHasAlone(Giving giving) {
    for (int seed = 0; seed < SEEDS; seed++) {
      random = new SplittableRandom(seed);
      sides(giving);
      int most = 1 << random.nextInt(11);
      fill(random.nextInt(most), random.nextInt(most), random.nextInt(most));
      cover(giving, "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OURS, 0, 0, 0", "OURS, 0, 9, 0", "OURS, 0, 0, 9", "OURS, 9, 0, 0", "OURS, 0, 900, 1",
    "THEIRS, 0, 0, 0", "THEIRS, 0, 9, 0", "THEIRS, 0, 0, 9", "THEIRS, 9, 0, 0", "THEIRS, 0, 1, 900",
    "OURS, 100, 0, 900", "THEIRS, 100, 0, 900", "OURS, 100, 900, 0", "THEIRS, 100, 900, 0",
  })
  void endsWhereOneSideHasNothing(Giving giving, int common, int onlyStarter, int onlyOther) {
    sides(giving);
    fill(common, onlyStarter, onlyOther);
    cover(giving, "");
  }

  @ParameterizedTest
  @EnumSource(
      value = Giving.class,
      names = {"OURS", "THEIRS"})
  void isProvedThoughStampsDiffer(Giving giving) {
    for (int seed = 0; seed < SEEDS; seed++) {
      random = new SplittableRandom(seed);
      sides(giving);
      fill(random.nextInt(300), random.nextInt(100), random.nextInt(100));
      for (Id id : starter.store.keySet().toArray(new Id[0])) {
        Replica newer = random.nextBoolean() ? starter : other;
        if (random.nextInt(5) == 0) {
          boolean alive = random.nextBoolean();
          newer.put(new EntryInfo(id, Kind.BLOB, 1 + random.nextInt(9), alive, 0));
        }
      }
      cover(giving, "seed " + seed);
    }
  }

  @Test
  void bringsTheNewerVersionBothWaysInOneRound() {
    starter = new Replica(1);
    other = new Replica(2);
    Replica.join(starter, other);
    fill(400, 0, 0);
    Id[] ids = starter.store.keySet().toArray(new Id[0]);
    for (int i = 0; i < 40; i++) {
      (i % 2 == 0 ? starter : other).put(new EntryInfo(ids[i], Kind.BLOB, 5, i % 3 == 0, 0));
    }

    starter.begin(false);
    int messages = Replica.run(starter, other);

    assertEquals(starter.store, other.store);
    assertTrue(starter.proved && other.proved);
    assertTrue(messages <= 8, messages + " messages");
  }
}
