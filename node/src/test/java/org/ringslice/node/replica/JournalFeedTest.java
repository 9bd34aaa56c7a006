package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Timers;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

class JournalFeedTest {
  private static final long JOURNAL = 77;

  /** An opening before, which ended after so many lines. */
  private static final long EARLIER = 66;

  private static final long EARLIER_LAST = 4;
  private static final Arcs ALL = Arcs.of(List.of(Arc.wholeRing(Id.MAX)));
  private static final EntryDigest KEY = new EntryDigest(1, 2);

  private final List<Effect> effects = new ArrayList<>();
  private final Timers timers = new Timers();
  private final Shelf shelf = new Shelf(empty(JOURNAL), empty(JOURNAL + 1));
  private final JournalFeed feed = new JournalFeed(shelf.held(), shelf, timers);
  private final List<Change> lines = new ArrayList<>();
  private long forgotten;
  private long now = 1;

  private static Inventory empty(long journal) {
    Openings openings = new Openings(journal, List.of(new Openings.Earlier(EARLIER, EARLIER_LAST)));
    return new Inventory(new Index(KEY), openings, 0, 0);
  }

  /** Whoever asks, with what it was told. */
  private static final class Asker implements JournalFeed.Reply {
    final List<Message.Signals> told = new ArrayList<>();
    final List<ErrorCode> refused = new ArrayList<>();

    @Override
    public void told(Message.Signals signals, Turn turn) {
      told.add(signals);
    }

    @Override
    public void refused(ErrorCode code, String sentence, Turn turn) {
      refused.add(code);
      assertTrue(sentence.contains("watch from now on"), sentence);
    }

    List<Long> sequences() {
      return told.stream()
          .flatMap(s -> s.changes().stream())
          .map(Message.Signal::sequence)
          .toList();
    }
  }

  private Turn turn() {
    return new Turn(now, effects::add);
  }

  private static EntryInfo item(long number) {
    return new EntryInfo(Id.ofWords(number << 40, 0, 0, number), Kind.BLOB, 0, true, 5);
  }

  /** The store takes lines in. */
  private void append(Change... changes) {
    lines.addAll(List.of(changes));
    effects.clear();
    shelf.keep(List.of(), turn(), (kept, later) -> {});
    long ticket = ((Effect.Keep) effects.get(0)).ticket();
    shelf.kept(new Event.Kept(ticket, List.of(), List.of(changes), Optional.empty()), turn());
  }

  private void add(long from, long to) {
    append(
        LongStream.rangeClosed(from, to)
            .mapToObj(n -> new Change(n, Optional.empty(), Optional.of(item(n))))
            .toArray(Change[]::new));
  }

  private Asker ask(Arcs arcs, long journal, long after) {
    Asker asker = new Asker();
    feed.ask(arcs, journal, after, asker, turn());
    return asker;
  }

  /** The store answers what was asked of its journal; returns how often it was. */
  private int serve() {
    int reads = 0;
    while (effects.stream().anyMatch(Effect.ReadJournal.class::isInstance)) {
      Effect.ReadJournal read =
          effects.stream()
              .filter(Effect.ReadJournal.class::isInstance)
              .map(Effect.ReadJournal.class::cast)
              .findFirst()
              .orElseThrow();
      effects.remove(read);
      List<Change> found =
          lines.stream()
              .filter(line -> line.sequence() > read.after())
              .limit(read.count())
              .toList();
      shelf.journalRead(
          new Event.JournalRead(read.ticket(), forgotten, found, Optional.empty()), turn());
      reads++;
    }
    return reads;
  }

  @Test
  void tellsThePresentHeadToWhoBegins() {
    add(1, 3);
    Asker asker = ask(ALL, 0, 0);

    assertEquals(List.of(new Message.Signals(JOURNAL, 3, true, List.of())), asker.told);
  }

  @Test
  void tellsAtOnceWhatIsInTheJournalAlready() {
    add(1, 5);
    Asker asker = ask(ALL, JOURNAL, 2);

    assertEquals(1, serve());
    assertEquals(List.of(3L, 4L, 5L), asker.sequences());
    assertEquals(5, asker.told.get(0).next());
  }

  @Test
  void waitsForWhatComesNext() {
    add(1, 2);
    Asker asker = ask(ALL, JOURNAL, 2);
    assertEquals(0, serve());
    assertEquals(List.of(), asker.told);

    add(3, 4);

    assertEquals(List.of(3L, 4L), asker.sequences());
    assertEquals(1, asker.told.size());
  }

  @Test
  void answersWithNothingButAdvancedWhenPatienceIsOver() {
    Arcs one = Arcs.of(List.of(new Arc(item(9).id().previous(), item(9).id())));
    Asker asker = ask(one, JOURNAL, 0);
    add(1, 3);
    now += JournalFeed.PATIENCE_NANOS;
    timers.fired(turn());

    assertEquals(List.of(new Message.Signals(JOURNAL, 3, true, List.of())), asker.told);
  }

  @Test
  void readsOnInABusyJournalForANarrowArc() {
    long count = JournalFeed.LINES_MIN + 3L * JournalFeed.LINES_MAX;
    add(1, count);
    Id last = item(count).id();
    Asker asker = ask(Arcs.of(List.of(new Arc(last.previous(), last))), JOURNAL, 1);

    assertEquals(4, serve());
    assertEquals(List.of(count), asker.sequences());
  }

  @Test
  void tellsNoMoreThanAnAnswerTakesAndGoesOnFromThere() {
    add(1, Limits.SIGNALS_MAX + 10);
    Asker first = ask(ALL, JOURNAL, 1);
    serve();
    assertEquals(Limits.SIGNALS_MAX, first.sequences().size());
    long next = first.told.get(0).next();
    Asker second = ask(ALL, JOURNAL, next);
    serve();

    assertEquals(Limits.SIGNALS_MAX + 1, next);
    assertEquals(9, second.sequences().size());
    assertEquals(next + 1, second.sequences().get(0));
  }

  @Test
  void missesNothingThatComesWhileTheJournalIsRead() {
    add(1, 2);
    Arcs third = Arcs.of(List.of(new Arc(item(3).id().previous(), item(3).id())));
    Asker asker = ask(third, JOURNAL, 1);
    Effect.ReadJournal read = (Effect.ReadJournal) effects.get(effects.size() - 1);
    List<Change> before = List.of(lines.get(1));
    add(3, 3);
    effects.clear();
    shelf.journalRead(new Event.JournalRead(read.ticket(), 0, before, Optional.empty()), turn());
    serve();

    assertEquals(List.of(3L), asker.sequences());
  }

  @Test
  void doesNotTellOfADroppedCopy() {
    add(1, 1);
    Asker parked = ask(ALL, JOURNAL, 1);
    append(new Change(2, Optional.of(item(1)), Optional.empty()));
    Asker reading = ask(ALL, JOURNAL, 1);
    serve();

    assertEquals(List.of(), parked.told);
    assertEquals(List.of(), reading.told);
  }

  @Test
  void answersTheOldestWithNothingWhenTooManyWait() {
    List<Asker> askers = new ArrayList<>();
    for (int i = 0; i <= JournalFeed.PARKED_MAX; i++) {
      askers.add(ask(ALL, JOURNAL, 0));
    }

    assertEquals(List.of(new Message.Signals(JOURNAL, 0, true, List.of())), askers.get(0).told);
    assertEquals(List.of(), askers.get(1).told);
    add(1, 1);
    assertEquals(List.of(1L), askers.get(JournalFeed.PARKED_MAX).sequences());
  }

  @Test
  void refusesAJournalThatItDoesNotKnow() {
    assertEquals(List.of(ErrorCode.FORGOTTEN), ask(ALL, JOURNAL + 5, 1).refused);
    assertEquals(List.of(ErrorCode.FORGOTTEN), ask(ALL, 0, 1).refused);
  }

  @Test
  void goesOnFromWhatAnEarlierOpeningToldUnderThePresentMark() {
    add(1, 9);
    Asker asker = ask(ALL, EARLIER, EARLIER_LAST);
    serve();

    assertEquals(List.of(5L, 6L, 7L, 8L, 9L), asker.sequences());
    assertEquals(JOURNAL, asker.told.get(0).journal());
  }

  @Test
  void refusesWhatIsFurtherOnThanItsOpeningWas() {
    add(1, 9);

    assertEquals(List.of(ErrorCode.FORGOTTEN), ask(ALL, JOURNAL, 10).refused);
    assertEquals(List.of(ErrorCode.FORGOTTEN), ask(ALL, EARLIER, EARLIER_LAST + 1).refused);
    assertEquals(List.of(), ask(ALL, JOURNAL, 9).refused);
  }

  @Test
  void knowsWhatItToldAheadOfTheBook() {
    add(1, 1);
    // durable, and on its way to the book
    lines.add(new Change(2, Optional.empty(), Optional.of(item(2))));
    Asker asker = ask(ALL, JOURNAL, 0);
    serve();
    assertEquals(List.of(1L, 2L), asker.sequences());

    assertEquals(List.of(), ask(ALL, JOURNAL, 2).refused);
    assertEquals(List.of(ErrorCode.FORGOTTEN), ask(ALL, JOURNAL, 3).refused);
  }

  @Test
  void refusesWhatTheJournalHasForgotten() {
    add(1, 9);
    forgotten = 4;
    Asker late = ask(ALL, JOURNAL, 3);
    Asker inTime = ask(ALL, JOURNAL, 4);
    serve();

    assertEquals(List.of(ErrorCode.FORGOTTEN), late.refused);
    assertEquals(List.of(5L, 6L, 7L, 8L, 9L), inTime.sequences());
  }
}
