package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

class IndexTest {
  private final SplittableRandom random = new SplittableRandom(3);
  private final Replica replica = new Replica(1);

  private Summary sum(List<EntryInfo> entries) {
    long sum = 0;
    for (EntryInfo entry : entries) {
      sum += Replica.NETWORK.of(entry);
    }
    return new Summary(entries.size(), sum);
  }

  /** Half of them in one spot: they differ in their last word only. */
  private Id anyId() {
    return random.nextBoolean() ? Replica.id(random) : Id.ofWords(5, 6, 7, random.nextLong());
  }

  private Id anyEnd() {
    int luck = random.nextInt(10);
    return luck == 0 ? Id.ZERO : luck == 1 ? Id.MAX : luck < 4 ? replica.store.firstKey() : anyId();
  }

  @Test
  void knowsCountAndFingerprintOfAnyArcWhileEntriesComeAndGo() {
    for (int i = 0; i < 20_000; i++) {
      replica.put(Replica.blob(anyId()));
      if (i % 3 == 0) {
        Id gone = replica.store.ceilingKey(anyId());
        replica.drop(gone == null ? replica.store.firstKey() : gone);
      }
      if (i % 50 == 0 && !replica.store.isEmpty()) {
        Arc arc = new Arc(anyEnd(), anyEnd());
        assertTrue(replica.index.cut(arc, replica.in(replica.index.uncut(arc))));
        assertEquals(sum(replica.in(List.of(arc))), replica.index.summary(arc), "in " + arc);
        assertEquals(replica.index.summary(arc).count(), replica.index.digests(arc).length);
      }
    }
    assertEquals(replica.store.size(), replica.index.size());
  }

  @Test
  void builtInOneGoIsTheSame() {
    for (int i = 0; i < 5000; i++) {
      replica.put(Replica.blob(anyId()));
    }
    Index built = Index.of(Replica.NETWORK, replica.store.values());
    Arc arc = new Arc(anyId(), anyId());

    assertTrue(built.cut(arc, replica.in(built.uncut(arc))));
    assertEquals(sum(replica.in(List.of(arc))), built.summary(arc));
    assertTrue(built.crowded().isEmpty());
    List<EntryInfo> unordered = new ArrayList<>(replica.store.descendingMap().values());
    assertThrows(IllegalArgumentException.class, () -> Index.of(Replica.NETWORK, unordered));
  }

  @Test
  void refusesToCutByEntriesThatItDoesNotHold() {
    for (int i = 0; i < 50; i++) {
      replica.put(Replica.blob(anyId()));
    }
    Arc arc = new Arc(Replica.id(random), Replica.id(random));
    List<EntryInfo> stale = replica.in(replica.index.uncut(arc));
    replica.put(Replica.blob(anyId()));

    assertFalse(replica.index.cut(arc, stale));
    assertThrows(IllegalStateException.class, () -> replica.index.summary(arc));
  }

  @Test
  void tellsADeadEntryFromALivingOneAndAStampFromAnother() {
    Id id = Replica.id(random);
    List<Long> digests = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (long stamp = 0; stamp < 3; stamp++) {
        digests.add(Replica.NETWORK.of(new EntryInfo(id, kind, stamp, true, 9)));
        digests.add(Replica.NETWORK.of(new EntryInfo(id, kind, stamp, false, 0)));
      }
    }
    assertEquals(digests.size(), digests.stream().distinct().count());
  }

  /** The value was made by an implementation that gives the vector of the paper's appendix A. */
  @Test
  void digestsBySipHash() {
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    for (byte i = 0; i < 48; i++) {
      bytes.put(i, i);
    }
    Id id = Id.ofWords(bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getLong(24));
    EntryInfo entry = new EntryInfo(id, Kind.RECORD, bytes.getLong(32), true, 0);
    EntryDigest digest = new EntryDigest(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    assertEquals(0x661398d7b417fd2fL, digest.of(entry));
  }

  @Test
  void takesAtMostTwelveBytesAnEntry() {
    int entries = 300_000;
    for (int build = 0; build < 2; build++) {
      Index index = build == 0 ? built(entries) : grown(entries);
      double each = (double) index.heapBytes() / entries;
      assertTrue(each <= 12, each + " bytes an entry");
    }
  }

  @Test
  void isCutWhileEntriesComeThatItDoesNotKnowOfYet() {
    Index index = new Index(Replica.NETWORK);
    List<EntryInfo> stored = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      stored.add(new EntryInfo(Replica.id(random), Kind.BLOB, 0, true, 100));
      if (i >= 500) {
        index.add(stored.get(i - 500));
        Arc crowd = index.crowded().orElse(null);
        if (crowd != null) {
          List<EntryInfo> read =
              stored.stream().filter(entry -> crowd.contains(entry.id())).toList();
          assertTrue(index.split(crowd, read));
        }
      }
    }
    assertTrue(index.crowded().isEmpty());
    assertTrue(index.pieces(Arc.wholeRing(Id.ZERO), 400).size() > 30);
    EntryInfo alien = new EntryInfo(Replica.id(random), Kind.BLOB, 0, true, 100);
    index.add(alien);
    Arc arc = new Arc(alien.id().minus(Id.powerOfTwo(200)), alien.id().plus(Id.powerOfTwo(250)));
    assertFalse(index.cut(arc, stored), "an entry of the leaf is not among those read");
  }

  @Test
  void staysSmallHoweverManyArcsAreAskedFor() {
    grown(5000);
    Index index = replica.index;
    for (int i = 0; i < 3 * Index.SPARE_LEAVES; i++) {
      Arc arc = new Arc(anyEnd(), anyEnd());
      for (int reads = 0; !index.uncut(arc).isEmpty(); reads++) {
        assertTrue(reads < 2, "leaves become one again once, and not for ever");
        index.cut(arc, replica.in(index.uncut(arc)));
      }
      if (i % 100 == 0) {
        assertEquals(sum(replica.in(List.of(arc))), index.summary(arc), "in " + arc);
      }
    }
    assertEquals(
        sum(replica.in(List.of(Arc.wholeRing(Id.MAX)))), index.summary(Arc.wholeRing(Id.MAX)));
    assertTrue(
        index.heapBytes() <= 12 * 5000 + 200 * Index.SPARE_LEAVES, index.heapBytes() + " bytes");
  }

  private Index built(int entries) {
    List<EntryInfo> sorted = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      sorted.add(Replica.blob(Replica.id(random)));
    }
    sorted.sort((x, y) -> x.id().compareTo(y.id()));
    return Index.of(Replica.NETWORK, sorted);
  }

  private Index grown(int entries) {
    for (int i = 0; i < entries; i++) {
      replica.put(Replica.blob(anyId()));
    }
    return replica.index;
  }
}
