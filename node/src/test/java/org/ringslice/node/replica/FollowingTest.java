package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Timers;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

class FollowingTest {
  private static final long JOURNAL = 9;
  private static final Id HALF = Id.powerOfTwo(Id.BITS - 1);
  private static final Arcs LEFT = Arcs.of(List.of(new Arc(Id.ZERO, HALF)));
  private static final Arcs RIGHT = Arcs.of(List.of(new Arc(HALF, Id.ZERO)));
  private static final Arcs ALL = LEFT.plus(RIGHT);

  /** A node that answers when the test says so. */
  private final class Node implements Source {
    final List<JournalFeed.Reply> watching = new ArrayList<>();
    final List<Long> journals = new ArrayList<>();
    final List<Long> after = new ArrayList<>();
    final List<Arcs> brought = new ArrayList<>();
    final List<Then> bringing = new ArrayList<>();
    Arcs share = ALL;

    @Override
    public Arcs share() {
      return share;
    }

    @Override
    public void watch(Arcs arcs, long journal, long from, JournalFeed.Reply reply, Turn turn) {
      watching.add(reply);
      journals.add(journal);
      after.add(from);
    }

    @Override
    public void bring(Arcs arcs, Turn turn, Then then) {
      brought.add(arcs);
      bringing.add(then);
    }

    void tell(long next) {
      Message.Signals signals = new Message.Signals(JOURNAL, next, true, List.of());
      last(watching).told(signals, turn());
    }

    void bringsAll() {
      last(bringing).go(Optional.empty(), turn());
    }
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private final Timers timers = new Timers();
  private final Node node = new Node();
  private long now = 1;
  private final Following following =
      new Following(node, new Replica(shelf(), List.of()), timers, turn -> {});

  private static Shelf shelf() {
    EntryDigest key = new EntryDigest(1, 2);
    return new Shelf(
        new Inventory(new Index(key), Openings.first(1), 0, 0),
        new Inventory(new Index(key), Openings.first(2), 0, 0));
  }

  private Turn turn() {
    return new Turn(now, effect -> {});
  }

  private void pass(long nanos) {
    now += nanos;
    timers.fired(turn());
  }

  @Test
  void comparesOnlyWhenItKnowsFromWhereToFollow() {
    following.follow(LEFT, turn());
    assertEquals(List.of(), node.brought);
    node.tell(5);
    assertEquals(List.of(LEFT), node.brought);
    assertEquals(List.of(0L, 5L), node.after);
    assertFalse(following.isFollowing(LEFT));
    node.bringsAll();
    assertTrue(following.isFollowing(LEFT));
    assertFalse(following.isFollowing(ALL));
  }

  @Test
  void asksAgainFromWhereItWasWhenMoreIsWanted() {
    following.follow(LEFT, turn());
    node.tell(5);
    node.bringsAll();
    JournalFeed.Reply before = last(node.watching);
    following.follow(ALL, turn());
    // what the earlier question brings leaves the new arcs out
    before.told(new Message.Signals(JOURNAL, 8, true, List.of()), turn());
    assertEquals(5L, last(node.after));
    assertEquals(RIGHT, last(node.brought));
    node.bringsAll();
    assertTrue(following.isFollowing(ALL));
  }

  @Test
  void doesNotCountAComparisonOfWhatWasNotFollowedMeanwhile() {
    following.follow(ALL, turn());
    node.tell(5);
    following.follow(LEFT, turn());
    now += JournalFeed.PATIENCE_NANOS;
    node.tell(8);
    following.follow(ALL, turn());
    node.bringsAll();

    assertFalse(following.isFollowing(RIGHT));
    assertEquals(ALL, last(node.brought));
    node.bringsAll();
    assertTrue(following.isFollowing(ALL));
  }

  @Test
  void beginsAnewWhenTheJournalHasForgotten() {
    following.follow(ALL, turn());
    node.tell(5);
    node.bringsAll();
    last(node.watching).refused(ErrorCode.FORGOTTEN, "gone", turn());
    assertFalse(following.isFollowing(LEFT));
    pass(Backoff.PAUSE_NANOS_MIN);
    assertEquals(0L, last(node.after));
    node.tell(70);
    assertEquals(2, node.brought.size());
    node.bringsAll();
    assertTrue(following.isFollowing(ALL));
  }

  @Test
  void goesOnWithoutComparingWhenTheNodeWasStartedAgain() {
    following.follow(ALL, turn());
    node.tell(5);
    node.bringsAll();
    last(node.watching).told(new Message.Signals(JOURNAL + 1, 70, true, List.of()), turn());
    pass(Backoff.PAUSE_NANOS_MAX);

    assertEquals(List.of(JOURNAL + 1, 70L), List.of(last(node.journals), last(node.after)));
    assertTrue(following.isFollowing(ALL));
    assertEquals(1, node.brought.size());
  }

  @Test
  void comparesWhatComesToTheNodesShare() {
    node.share = LEFT;
    following.follow(ALL, turn());
    node.tell(5);
    node.bringsAll();
    assertTrue(following.isFollowing(ALL));
    node.share = ALL;
    assertFalse(following.isFollowing(ALL));
    following.shareChanged(turn());
    assertEquals(RIGHT, last(node.brought));
  }

  @Test
  void isFailingWhenItHasFailedSoOftenAndNotAnyMoreWhenItSucceeds() {
    following.follow(ALL, turn());
    node.tell(5);
    for (int i = 0; i < 6; i++) {
      assertFalse(following.isFailing());
      last(node.bringing).go(Optional.of("the disk can't be read"), turn());
      pass(Backoff.PAUSE_NANOS_MAX);
    }
    assertTrue(following.isFailing());
    node.bringsAll();
    assertFalse(following.isFailing());
  }
}
