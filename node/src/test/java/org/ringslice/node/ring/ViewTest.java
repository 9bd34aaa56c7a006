package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.sync.Homes;

class ViewTest {
  private static Id id(long top) {
    return Id.ofWords(top, 0, 0, 0);
  }

  private static Peer peer(long top, long incarnation, PeerState state) {
    Endpoint endpoint = new Endpoint("node-" + Long.toHexString(top), 7400, 7401);
    return new Peer(id(top), incarnation, state, List.of(endpoint));
  }

  private static View newView() {
    return new View(Id.ZERO, new Homes(2), View.Scope.DEFAULT);
  }

  @Property(tries = 200)
  void isTheSameInWhateverOrderTheReportsCame(
      @ForAll long seed, @ForAll @IntRange(max = 40) int n) {
    Random random = new Random(seed);
    List<Peer> reports = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      PeerState state = PeerState.values()[random.nextInt(PeerState.values().length)];
      reports.add(peer(random.nextInt(8), random.nextInt(3), state));
    }
    View one = newView();
    View other = newView();
    reports.forEach(report -> one.merge(report, How.LEARNED));
    Collections.shuffle(reports, random);
    reports.forEach(report -> other.merge(report, How.LEARNED));

    assertEquals(one.peers(), other.peers());
    assertEquals(one.digest(), other.digest());
    assertEquals(one.ring().nodes(), other.ring().nodes());
    assertEquals(one.grown().nodes(), other.grown().nodes());
    List<Id> present = idsOf(one, PeerState::isPresent);
    List<Id> onRing = idsOf(one, PeerState::isOnRing);
    List<Id> toHold = idsOf(one, PeerState::isToHold);
    assertEquals(present, one.present().nodes());
    assertEquals(onRing.isEmpty() ? present : onRing, one.ring().nodes());
    assertEquals(toHold.isEmpty() ? present : toHold, one.grown().nodes());
  }

  private static List<Id> idsOf(View view, Predicate<PeerState> which) {
    return view.peers().stream()
        .filter(peer -> which.test(peer.state()))
        .map(Peer::id)
        .sorted()
        .toList();
  }

  @Test
  void readsFromThoseWhoAreThereAndWritesToThoseWhoJoinToo() {
    View view = newView();
    for (int quarter = 0; quarter < 8; quarter++) {
      view.merge(peer((long) quarter << 61, 1, PeerState.ACTIVE), How.LEARNED);
    }
    Id item = id((1L << 61) - 1);
    List<Id> before = view.ring().holders(item, view.homes());
    Id newcomer = id(1L << 60);
    view.merge(peer(1L << 60, 1, PeerState.JOINING), How.LEARNED);

    assertEquals(before, view.ring().holders(item, view.homes()));
    assertEquals(before, view.holders(item));
    Id below = id((1L << 60) - 1);
    assertFalse(view.ring().holders(below, view.homes()).contains(newcomer));
    assertEquals(newcomer, view.holders(below).get(0));
    assertEquals(4, view.holders(below).size());
    assertEquals(5, view.writers(below).size());
  }

  @Test
  void tellsTwoViewsApartByTheirDigest() {
    View one = newView();
    View other = newView();
    one.merge(peer(1, 1, PeerState.ACTIVE), How.LEARNED);
    other.merge(peer(1, 1, PeerState.SUSPECTED), How.LEARNED);

    assertNotEquals(one.digest(), other.digest());
  }

  @Test
  void isNotWholeAnyMorePastItsCapacityAndKeepsThoseThatConcernIt() {
    View view = newView();
    for (int i = 0; i < View.CAPACITY_MAX; i++) {
      assertTrue(view.merge(peer((long) i << 55, 1, PeerState.ACTIVE), How.LEARNED));
    }
    view.trim(0);
    assertTrue(view.isWhole());
    assertEquals(View.CAPACITY_MAX, view.present().size());

    assertTrue(view.merge(peer(5000, 1, PeerState.ACTIVE), How.LEARNED));
    view.trim(0);

    assertFalse(view.isWhole());
    // its neighbours, those of its three masked places, and a few fingers
    assertTrue(view.present().size() < 80, () -> "it keeps " + view.present().size());
    for (long i = 1; i <= 7; i++) {
      assertTrue(view.peer(id(i << 55)).isPresent());
      assertTrue(view.peer(id(-i << 55)).isPresent());
    }
    assertTrue(view.peer(id(1L << 63)).isPresent());
    assertTrue(view.peer(id(1L << 62)).isPresent());
    assertTrue(view.peer(id((1L << 62) + (25L << 55))).isEmpty());
  }

  /** Of nodes past the end of what was found it may know some that died long ago. */
  @Test
  void knowsAPlaceWhereItWasFoundWhoOwnsItAndWhoMayHaveOwnedItBefore() {
    View view = new View(Id.ZERO, new Homes(2), new View.Scope(0, Geometry.RING));
    for (long i = 0; i < 64; i++) {
      view.merge(peer(i << 58, 1, PeerState.ACTIVE), How.LEARNED);
    }
    List<Id> found = LongStream.rangeClosed(12, 27).mapToObj(i -> id(i << 58)).toList();
    view.visit(new Arc(id(12L << 58), id(27L << 58)), found, 0);

    // the last of those before the fourth after it is the last that was found
    Id known = id((23L << 58) - 1);
    Id tooFar = id((24L << 58) - 1);
    assertTrue(view.knows(known, 0, 0));
    assertFalse(view.knows(tooFar, 0, 0));
    assertTrue(view.wasVisited(tooFar));
    assertTrue(view.candidates(tooFar, 0).contains(id(28L << 58)));
    assertFalse(view.candidates(known, 0).contains(id(28L << 58)));
  }

  @Test
  void forgetsTheOldestOfTheGone() {
    View view = newView();
    for (int i = 0; i <= View.GONE_MAX; i++) {
      view.merge(peer(10_000 + i, 1, PeerState.DEAD), How.LEARNED);
    }
    assertEquals(View.GONE_MAX, view.peers().size());
    assertTrue(view.peer(id(10_000)).isEmpty());
    assertTrue(view.peer(id(10_001)).isPresent());
  }

  @Test
  void looksForAnItemWhereItsOwnersWereBeforeOthersJoined() {
    View view = newView();
    // four homes at the quarters; the old owners are the fourth nodes after them
    for (long home = 0; home < 4; home++) {
      for (long i = 1; i <= 5; i++) {
        view.merge(peer((home << 62) + i, 1, PeerState.ACTIVE), How.LEARNED);
      }
    }
    List<Id> candidates = view.candidates(Id.ZERO, 0);

    assertEquals(view.holders(Id.ZERO), candidates.subList(0, 4));
    for (long home = 0; home < 4; home++) {
      assertTrue(candidates.contains(id((home << 62) + 5)));
    }
    assertEquals(new TreeSet<>(candidates).size(), candidates.size());
  }

  @Test
  void drawsDifferentNodesEachAboutAsOften() {
    View view = newView();
    for (int i = 0; i < 11; i++) {
      view.merge(peer(i, 1, PeerState.ACTIVE), How.LEARNED);
    }
    Self self = new Self(id(3), Role.PEER, "test", 2, 1, 1, List.of());
    Gossip gossip =
        new Membership(self, view, new Timers(), new Guests(), new SplittableRandom(1)).gossip();
    int[] drawn = new int[11];
    for (int i = 0; i < 2000; i++) {
      List<Id> some = gossip.someOf(4);
      assertEquals(4, new TreeSet<>(some).size());
      some.forEach(id -> drawn[(int) id.topBits()]++);
    }

    assertEquals(0, drawn[3]);
    for (int i = 0; i < 11; i++) {
      assertTrue(i == 3 || Math.abs(drawn[i] - 800) < 120, i + " was drawn " + drawn[i] + " times");
    }
    assertEquals(10, gossip.someOf(99).size());
  }
}
