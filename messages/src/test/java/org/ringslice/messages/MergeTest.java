package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

  /** Living and dead entries of one id; two nodes may have given out one stamp. */
  @Provide
  Arbitrary<List<Entry>> entriesOfOneId() {
    Arbitrary<Long> stamp = Arbitraries.of(0L, 1L, 2L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
    return Combinators.combine(stamp, Arbitraries.of(false, true))
        .as(MergeTest::entry)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  private static Entry entry(long stamp, boolean alive) {
    Bytes bytes = alive ? Bytes.wrap(new byte[] {1}) : Bytes.EMPTY;
    return new Entry(Id.ZERO, Kind.RECORD, stamp, alive, bytes);
  }

  @Property
  void entriesMergeToOneInAnyOrder(
      @ForAll("entriesOfOneId") List<Entry> entries, @ForAll Random random) {
    assertEquals(mergedEntry(entries), mergedEntry(shuffledAndRepeated(entries, random)));
  }

  private static Entry mergedEntry(List<Entry> entries) {
    return entries.stream()
        .reduce((held, news) -> news.supersedes(held.info()) ? news : held)
        .orElseThrow();
  }

  @Property
  void noEntrySupersedesItselfAndOfTwoOneAtMostDoes(@ForAll("entriesOfOneId") List<Entry> entries) {
    for (Entry x : entries) {
      assertFalse(x.supersedes(x.info()));
      for (Entry y : entries) {
        assertEquals(!x.equals(y), x.supersedes(y.info()) || y.supersedes(x.info()));
        assertFalse(x.supersedes(y.info()) && y.supersedes(x.info()));
      }
    }
  }

  @Example
  void stampsAreUnsigned() {
    Entry latest = entry(-1, true);
    assertEquals(latest, mergedEntry(List.of(latest, entry(Long.MAX_VALUE, true), entry(0, true))));
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
