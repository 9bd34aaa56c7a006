package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Who has heard the same things, in whatever order and how often ever, keeps the same. */
class MergeTest {

  /** Entries of one id, of any kind, living and dead; two nodes may have given out one stamp. */
  @Provide
  Arbitrary<List<Entry>> entriesOfOneId() {
    Arbitrary<Long> stamp = Arbitraries.of(0L, 1L, 2L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
    Arbitrary<Kind> kind = Arbitraries.of(Kind.class);
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(2);
    return Combinators.combine(kind, stamp, Arbitraries.of(false, true), bytes)
        .as(MergeTest::entry)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  /** A blob's bytes follow from its id, so that of one id they are always the same. */
  private static Entry entry(Kind kind, long stamp, boolean alive, byte[] bytes) {
    byte[] own = kind == Kind.BLOB ? new byte[] {7} : bytes;
    return new Entry(Id.ZERO, kind, stamp, alive, alive ? Bytes.wrap(own) : Bytes.EMPTY);
  }

  @Property
  void entriesMergeToOneInAnyOrder(
      @ForAll("entriesOfOneId") List<Entry> entries, @ForAll Random random) {
    assertEquals(mergedEntry(entries), mergedEntry(shuffledAndRepeated(entries, random)));
  }

  private static Entry mergedEntry(List<Entry> entries) {
    return entries.stream().reduce(Merge::join).orElseThrow();
  }

  @Property
  void theJoinIsCommutativeAssociativeAndIdempotent(@ForAll("entriesOfOneId") List<Entry> entries) {
    for (Entry x : entries) {
      assertEquals(x, Merge.join(x, x));
      for (Entry y : entries) {
        assertEquals(Merge.join(x, y), Merge.join(y, x));
        for (Entry z : entries) {
          assertEquals(Merge.join(Merge.join(x, y), z), Merge.join(x, Merge.join(y, z)));
        }
      }
    }
  }

  @Property
  void whatIsKnownWithoutBytesIsTheSameJoin(@ForAll("entriesOfOneId") List<Entry> entries) {
    for (Entry x : entries) {
      for (Entry y : entries) {
        Entry joined = Merge.join(x, y);
        assertEquals(joined.info(), Merge.join(x.info(), y.info()));
        if (!Merge.needsBytes(x.info(), y.info()) && joined.info().equals(x.info())) {
          assertEquals(x, joined, "nothing has to be read to know that what is held stays");
        }
      }
    }
  }

  @Property
  void whatIsHeldHasWhatWasKeptUnlessItIsOfAnotherKindOrDead(
      @ForAll("entriesOfOneId") List<Entry> entries) {
    Entry held = mergedEntry(entries);
    for (Entry kept : entries) {
      boolean isThere = held.kind() == kept.kind() && (held.alive() || !kept.alive());
      assertEquals(isThere, Merge.has(held.info(), kept.info()));
    }
  }

  @Example
  void stampsAreUnsigned() {
    Entry latest = record(-1, true);
    assertEquals(
        latest, mergedEntry(List.of(latest, record(Long.MAX_VALUE, true), record(0, true))));
  }

  @Example
  void ofOneStampTheDeadEntryHoldsAndTheNextStampIsAbove() {
    assertEquals(record(3, false), Merge.join(record(3, true), record(3, false)));
    assertEquals(record(4, true), Merge.join(record(4, true), record(3, false)));
  }

  @Example
  void aBlobHoldsAgainstAnyOtherKindWhateverItsStamp() {
    Entry blob = entry(Kind.BLOB, 0, true, new byte[0]);
    assertEquals(blob, Merge.join(record(-1, false), blob));
    Entry dead = entry(Kind.BLOB, 0, false, new byte[0]);
    assertEquals(dead, Merge.join(dead, record(-1, true)));
  }

  @Example
  void aStampThatNobodyHonestGaveOutBansNothing() {
    Entry blob = entry(Kind.BLOB, 0, true, new byte[0]);
    for (long stamp : new long[] {Limits.STAMP_MAX, Limits.STAMP_MAX + 1, -1}) {
      assertEquals(blob, Merge.join(entry(Kind.BLOB, stamp, false, new byte[0]), blob));
    }
    Entry dead = entry(Kind.BLOB, Limits.STAMP_MAX - 1, false, new byte[0]);
    assertEquals(dead, Merge.join(dead, blob));
    Entry last = entry(Kind.BLOB, Limits.STAMP_MAX, true, new byte[0]);
    assertEquals(last, Merge.join(dead, last));
  }

  @Example
  void twoThingsHaveNoJoin() {
    EntryInfo one = record(1, true).info();
    EntryInfo other = new EntryInfo(Id.MAX, Kind.RECORD, 1, true, 1);
    assertThrows(IllegalArgumentException.class, () -> Merge.join(one, other));
  }

  private static Entry record(long stamp, boolean alive) {
    return entry(Kind.RECORD, stamp, alive, new byte[] {1});
  }

  /** Reports of one peer, which listens at one place as long as it does not start anew. */
  @Provide
  Arbitrary<List<Peer>> reportsOfOnePeer() {
    Arbitrary<Long> incarnation = Arbitraries.of(0L, 1L, 2L, Long.MIN_VALUE, -1L);
    return Combinators.combine(incarnation, Arbitraries.of(PeerState.class))
        .as(MergeTest::report)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  private static Peer report(long incarnation, PeerState state) {
    Endpoint endpoint = new Endpoint("host" + Long.toUnsignedString(incarnation), 1, 2);
    return new Peer(Id.ZERO, incarnation, state, List.of(endpoint));
  }

  @Property
  void reportsMergeToOneInAnyOrder(
      @ForAll("reportsOfOnePeer") List<Peer> reports, @ForAll Random random) {
    assertEquals(mergedReport(reports), mergedReport(shuffledAndRepeated(reports, random)));
  }

  private static Peer mergedReport(List<Peer> reports) {
    return reports.stream()
        .reduce((held, news) -> news.supersedes(held) ? news : held)
        .orElseThrow();
  }

  @Property
  void whatIsKnownIsNoNews(@ForAll("reportsOfOnePeer") List<Peer> reports) {
    Peer known = mergedReport(reports);
    reports.forEach(report -> assertFalse(report.supersedes(known)));
  }

  @Example
  void aSuspicionIsRefutedByAGreaterIncarnationOnly() {
    Peer suspected = report(1, PeerState.SUSPECTED);
    assertFalse(report(1, PeerState.ACTIVE).supersedes(suspected));
    assertEquals(
        report(2, PeerState.ACTIVE), mergedReport(List.of(report(2, PeerState.ACTIVE), suspected)));
  }

  private static <T> List<T> shuffledAndRepeated(List<T> list, Random random) {
    List<T> twice = new ArrayList<>(list);
    twice.addAll(list);
    Collections.shuffle(twice, random);
    return twice;
  }
}
