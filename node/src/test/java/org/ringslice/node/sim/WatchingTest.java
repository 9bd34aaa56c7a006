package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;

class WatchingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Arc ALL = Arc.wholeRing(Id.MAX);
  private static final Arc HALF = new Arc(Id.MAX, Id.powerOfTwo(Id.BITS - 1));

  private final World world = new World(21, 2);
  private int stored;

  private World ring(int nodes) {
    world.startNodes(nodes);
    world.pass(5 * SECOND);
    return world;
  }

  private Host node(int number) {
    return world.nodes().get(number);
  }

  /** Items whose bytes never come twice. */
  private List<Id> store(Host at, int count) {
    List<Id> ids = new ArrayList<>();
    for (int left = count; left > 0; left -= Limits.BATCH_ENTRIES_MAX) {
      List<Entry> batch = new ArrayList<>();
      for (int i = 0; i < Math.min(left, Limits.BATCH_ENTRIES_MAX); i++) {
        Bytes bytes =
            Bytes.wrap(("item " + stored++).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        batch.add(Entry.blob(bytes));
        ids.add(batch.get(i).id());
      }
      Message answer = world.ask(at, new Message.Store(batch, Message.Intent.KEEP)).orElseThrow();
      assertEquals(batch.size(), ((Message.Stored) answer).receipts().size());
    }
    return ids;
  }

  private Message ask(Host at, Arc slice, long journal, long after) {
    Optional<Message> answer =
        world.ask(at, new Message.Watch(List.of(slice), journal, after, Scope.RING));
    return answer.orElseThrow();
  }

  private Message.Signals begin(Host at, Arc slice) {
    Message.Signals signals = (Message.Signals) ask(at, slice, 0, 0);
    assertTrue(signals.ready());
    assertEquals(List.of(), signals.changes());
    return signals;
  }

  /** All that is told after a cursor, until nothing more comes. */
  private List<Id> told(Host at, Arc slice, Message.Signals cursor) {
    List<Id> told = new ArrayList<>();
    Message.Signals signals = cursor;
    do {
      signals = (Message.Signals) ask(at, slice, signals.journal(), signals.next());
      signals.changes().forEach(signal -> told.add(signal.entry().id()));
    } while (!signals.changes().isEmpty());
    return told;
  }

  private static ErrorCode refusal(Message answer) {
    Message.Failure failure = (Message.Failure) answer;
    assertTrue(failure.sentence().endsWith("and list the slice"), failure.sentence());
    return failure.code();
  }

  @Test
  void tellsOfWhatIsStoredAtAnyNodeOnceAndNotOfWhatWasThere() {
    ring(6);
    store(node(0), 300);
    Message.Signals cursor = begin(node(1), ALL);
    List<Id> expected = new ArrayList<>();
    for (Host host : world.nodes()) {
      expected.addAll(store(host, 20));
    }
    List<Id> told = new ArrayList<>(told(node(1), ALL, cursor));

    expected.sort(null);
    told.sort(null);
    assertEquals(expected, told);
  }

  @Test
  void tellsOfASliceAloneAndInPages() {
    ring(3);
    Message.Signals cursor = begin(node(1), HALF);
    List<Id> expected = new ArrayList<>(store(node(0), 3 * Limits.SIGNALS_MAX));
    expected.removeIf(id -> !HALF.contains(id));
    expected.sort(null);
    List<Id> told = new ArrayList<>(told(node(1), HALF, cursor));
    told.sort(null);

    assertTrue(expected.size() > Limits.SIGNALS_MAX);
    assertEquals(expected, told);
  }

  @Test
  void aCursorOutlivesTheProcessThatGaveIt() {
    ring(4);
    Message.Signals cursor = begin(node(1), ALL);
    List<Id> before = store(node(0), 5);
    assertEquals(5, told(node(1), ALL, cursor).size());
    node(1).crash();
    world.pass(5 * SECOND);
    List<Id> expected = new ArrayList<>(before);
    expected.addAll(store(node(0), 7));
    world.start(node(1));
    world.pass(10 * SECOND);
    List<Id> told = new ArrayList<>(told(node(1), ALL, cursor));

    told.sort(null);
    expected.sort(null);
    assertEquals(expected, told);
  }

  @Test
  void whatHappenedWhileNobodyWatchedIsToldWhenSomebodyDoesAgain() {
    ring(3);
    Message.Signals cursor = begin(node(2), HALF);
    world.pass(700 * SECOND);
    long before = world.trace().messages();
    List<Id> meanwhile = store(node(0), 40);
    world.pass(30 * SECOND);
    Message.Signals fresh = begin(node(2), HALF);
    List<Id> told = new ArrayList<>(told(node(2), HALF, cursor));

    List<Id> expected = new ArrayList<>(meanwhile);
    expected.removeIf(id -> !HALF.contains(id));
    expected.sort(null);
    told.sort(null);
    assertEquals(expected, told);
    assertEquals(List.of(), told(node(2), HALF, fresh));
    assertTrue(world.trace().messages() > before);
  }

  @Test
  void nobodyIsFollowedWhileNobodyWatches() {
    ring(3);
    begin(node(2), ALL);
    assertTrue(world.nodes().stream().mapToInt(host -> host.nodeCore().servingCount()).sum() >= 2);
    world.pass(700 * SECOND);

    assertEquals(0, world.nodes().stream().mapToInt(host -> host.nodeCore().servingCount()).sum());
  }

  @Test
  void refusesACursorOfAnotherNode() {
    ring(3);
    Message.Signals elsewhere = begin(node(0), ALL);
    begin(node(1), ALL);

    Message answer = ask(node(1), ALL, elsewhere.journal(), elsewhere.next());
    assertEquals(ErrorCode.FORGOTTEN, refusal(answer));
  }

  @Test
  void refusesACursorForASliceThatWasNeverWatchedThere() {
    ring(3);
    Message.Signals half = begin(node(0), HALF);

    Message answer = ask(node(0), ALL, half.journal(), half.next());
    assertEquals(ErrorCode.FORGOTTEN, refusal(answer));
  }

  @Test
  void refusesACursorOfAnotherSliceWhateverIsWatchedThere() {
    ring(2);
    Message.Signals half = begin(node(0), HALF);
    Message.Signals all = begin(node(0), ALL);

    assertEquals(ErrorCode.FORGOTTEN, refusal(ask(node(0), ALL, half.journal(), half.next())));
    assertEquals(ErrorCode.FORGOTTEN, refusal(ask(node(0), HALF, all.journal(), all.next())));
    Arc sameInOtherWords = Arc.wholeRing(Id.ZERO);
    List<Id> stored = store(node(1), 1);
    assertEquals(stored, told(node(0), sameInOtherWords, all));
  }

  @Test
  void refusesACursorThatIsFurtherOnThanTheJournal() {
    ring(2);
    Message.Signals cursor = begin(node(0), ALL);

    Message answer = ask(node(0), ALL, cursor.journal(), cursor.next() + 1);
    assertEquals(ErrorCode.FORGOTTEN, refusal(answer));
  }

  @Test
  void givesNoCursorBeforeAWatcherCanBegin() {
    ring(2);
    node(1).beDeaf();
    Message.Signals early = (Message.Signals) ask(node(0), ALL, 0, 0);
    while (!early.ready()) {
      assertEquals(List.of(0L, 0L), List.of(early.journal(), early.next()));
      early = (Message.Signals) ask(node(0), ALL, 0, 0);
    }
  }

  @Test
  void refusesACursorThatItsJournalHasOutgrown() {
    ring(1);
    Message.Signals cursor = begin(node(0), ALL);
    for (int i = 0; i < 20; i++) {
      store(node(0), Limits.BATCH_ENTRIES_MAX);
      world.pass(SECOND);
    }

    Message answer = ask(node(0), ALL, cursor.journal(), cursor.next());
    assertEquals(ErrorCode.FORGOTTEN, refusal(answer));
  }

  @Test
  void aNewWatcherWaitsForANodeThatIsThereAndNotForOneThatHasGone() {
    ring(4);
    store(node(0), 50);
    node(3).beDeaf();
    long begun = world.agenda().nowNanos();
    begin(node(1), ALL);
    long tookNanos = world.agenda().nowNanos() - begun;

    assertTrue(tookNanos > SECOND, "it did not wait at all");
    assertTrue(tookNanos < 8 * SECOND, "it waited for " + tookNanos);
  }

  @Test
  void tooManyPiecesAreRefusedAndNothingElseSuffers() {
    ring(1);
    List<Arc> pieces = new ArrayList<>();
    for (int i = 0; i < 2 * Limits.WATCHED_ARCS_MAX; i++) {
      pieces.add(new Arc(Id.ofWords((long) i << 56, 0, 0, 0), Id.ofWords((long) i << 56, 9, 0, 0)));
    }
    Message.Watch some =
        new Message.Watch(pieces.subList(0, Limits.WATCHED_ARCS_MAX), 0, 0, Scope.RING);
    Message.Watch others =
        new Message.Watch(
            pieces.subList(Limits.WATCHED_ARCS_MAX, 2 * Limits.WATCHED_ARCS_MAX), 0, 0, Scope.RING);

    assertTrue(((Message.Signals) world.ask(node(0), some).orElseThrow()).ready());
    Message.Failure refused = (Message.Failure) world.ask(node(0), others).orElseThrow();
    assertEquals(ErrorCode.TOO_LARGE, refused.code());
    assertFalse(refused.retry());
    assertTrue(((Message.Signals) world.ask(node(0), some).orElseThrow()).ready());
  }

  @Test
  void whoBeginsWithALittleDoesNotWaitForWhoBeginsWithAll() {
    ring(3);
    for (int i = 0; i < 8; i++) {
      store(node(0), Limits.BATCH_ENTRIES_MAX);
    }
    List<Message> answers = new ArrayList<>();
    Message.Request all = new Message.Watch(List.of(ALL), 0, 0, Scope.RING);
    node(1).ask(all, answers::add);
    Id end = Id.powerOfTwo(Id.BITS - 10);
    Message.Signals little = begin(node(1), new Arc(Id.ZERO, end));
    assertTrue(world.passUntil(() -> !answers.isEmpty(), 20 * SECOND));
    assertTrue(((Message.Signals) answers.get(0)).ready());
    List<Id> expected = new ArrayList<>(store(node(0), 2 * Limits.BATCH_ENTRIES_MAX));
    expected.removeIf(id -> !new Arc(Id.ZERO, end).contains(id));
    assertEquals(expected.size(), told(node(1), new Arc(Id.ZERO, end), little).size());
  }
}
