package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

class SplitTest {
  private static final int SESSIONS_MAX = 400;

  private final SplittableRandom random = new SplittableRandom(8);
  private Replica starter;
  private Replica other;

  private void sides(int pieceEntries) {
    starter = new Replica(1, Giving.BOTH, pieceEntries);
    other = new Replica(2, Giving.BOTH, pieceEntries);
    Replica.join(starter, other);
  }

  private static void fill(Replica side, int entries, SplittableRandom random) {
    for (int i = 0; i < entries; i++) {
      side.put(Replica.blob(Replica.id(random)));
    }
  }

  /** As a host does: a session on each of the arcs that one was split into. */
  private int reconcile() {
    Deque<Arc> arcs = new ArrayDeque<>(List.of(Arc.wholeRing(Replica.id(random))));
    int sessions = 0;
    while (!arcs.isEmpty()) {
      Arc arc = arcs.poll();
      starter.turnTo(arc);
      other.turnTo(arc);
      starter.begin(true);
      Replica.run(starter, other);
      if (starter.arcs.isEmpty()) {
        assertTrue(starter.proved, () -> arc + " " + starter.sentences);
      } else {
        checkThatTheyMakeUp(arc, starter.arcs);
        arcs.addAll(starter.arcs);
      }
      assertTrue(++sessions < SESSIONS_MAX);
    }
    assertEquals(starter.store, other.store);
    return sessions;
  }

  private static void checkThatTheyMakeUp(Arc arc, List<Arc> parts) {
    assertTrue(parts.size() > 1);
    assertEquals(arc.from(), parts.get(0).from());
    assertEquals(arc.to(), parts.get(parts.size() - 1).to());
    for (int i = 1; i < parts.size(); i++) {
      assertEquals(parts.get(i - 1).to(), parts.get(i).from());
      assertTrue(arc.covers(parts.get(i)));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 20000", "20000, 0", "3, 20000", "20000, 3", "9000, 30000", "30000, 9000"})
  void anArcIsSplitWhereOneSideHasMuchMore(int here, int there) {
    sides(1000);
    fill(starter, here, random);
    fill(other, there, random);

    int sessions = reconcile();

    int fewest = (Math.max(here, there) - Math.min(here, there)) / 1000;
    assertTrue(sessions >= fewest / 3 && sessions <= 3 * fewest, sessions + " sessions");
    assertEquals(0, starter.pushedInVain + other.pushedInVain);
  }

  /** A message to a side whose peer is made by hand. */
  private static Bytes message(int number, Bytes compare, SyncMessage message) {
    SyncMessage first = SyncCodec.decode(compare.unsafeArray()).message();
    long salt = first instanceof SyncMessage.Compare m ? m.salt() : 0;
    return Bytes.wrap(SyncCodec.encode(number, salt, message));
  }

  private static SyncMessage heard(Replica side) {
    return SyncCodec.decode(side.outbox.remove(0).unsafeArray()).message();
  }

  @Test
  void theLargerSideCutsWhereTheSidesDifferByMoreThanAMessageCanTell() {
    sides(Session.PIECE_ENTRIES);
    fill(starter, 100, random);
    fill(other, 5000, random);
    List<Integer> sums = Collections.nCopies(TugOfWar.SUMS, 5000);
    starter.begin(false);
    Bytes compare = starter.outbox.remove(0);

    starter.hear(message(1, compare, new SyncMessage.Estimate(5000, sums)));
    assertInstanceOf(SyncMessage.Halve.class, heard(starter));
    other.hear(compare);
    other.outbox.clear();
    other.hear(message(2, compare, new SyncMessage.Halve()));
    starter.hear(other.outbox.remove(0));

    checkThatTheyMakeUp(Arc.wholeRing(Id.ZERO), starter.arcs);
  }

  @Test
  void theSideThatStartsCutsWhereItIsTheLarger() {
    sides(Session.PIECE_ENTRIES);
    fill(starter, 5000, random);
    List<Integer> sums = Collections.nCopies(TugOfWar.SUMS, 5000);
    starter.begin(false);
    Bytes compare = starter.outbox.remove(0);

    starter.hear(message(1, compare, new SyncMessage.Estimate(4000, sums)));

    checkThatTheyMakeUp(Arc.wholeRing(Id.ZERO), starter.arcs);
  }

  @Test
  void givesUpWithASentenceWhereNothingCanBeCut() {
    sides(Session.PIECE_ENTRIES_MIN);
    Id spot = Replica.id(random);
    for (int i = 0; i < 400; i++) {
      other.index.add(Replica.blob(spot));
    }
    starter.turnTo(Arc.wholeRing(Id.MAX));
    other.turnTo(Arc.wholeRing(Id.MAX));

    starter.begin(false);
    Replica.run(starter, other);

    assertFalse(starter.done);
    assertTrue(other.sentences.get(0).sentence().contains("at one spot that cannot be cut"));
  }

  @Test
  void believesNoPointsThatAreNotInOrder() {
    sides(Session.PIECE_ENTRIES_MIN);
    fill(other, 5000, random);
    starter.begin(false);
    Bytes compare = starter.outbox.remove(0);
    Id point = Replica.id(random);

    starter.hear(message(1, compare, new SyncMessage.Halves(List.of(point, point))));

    assertEquals(List.of(), starter.arcs);
    assertTrue(starter.sentences.get(0).sentence().contains("can't be cut at " + point));
  }

  @Test
  void piecesAreEvenAndMakeUpTheArc() {
    sides(Session.PIECE_ENTRIES);
    fill(starter, 20_000, random);
    for (int i = 0; i < 5000; i++) {
      starter.put(Replica.blob(Id.ofWords(5, 6, 7, random.nextLong())));
    }
    for (int i = 0; i < 500; i++) {
      Arc arc = new Arc(Replica.id(random), Replica.id(random));
      int entries = 200 + random.nextInt(10_000);
      int within = starter.in(List.of(arc)).size();
      int atMost = starter.index.countAtMost(arc);
      assertTrue(atMost >= within && atMost <= within + 2 * Index.LEAF_ENTRIES);

      List<Arc> pieces = starter.index.pieces(arc, entries);

      if (pieces.size() > 1) {
        checkThatTheyMakeUp(arc, pieces);
      } else {
        assertEquals(List.of(arc), pieces);
      }
      for (Arc piece : pieces) {
        assertTrue(starter.in(List.of(piece)).size() <= entries);
      }
      assertTrue(pieces.size() <= 2 + within / (entries - Index.LEAF_ENTRIES));
    }
  }
}
