package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Event;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

/** A simulated disk holds of the entries that it was given their join, as a real store does. */
class DiskJoinTest {
  private static final EntryDigest KEY = new EntryDigest(1, 2);

  @Provide
  Arbitrary<List<Entry>> entriesOfFewIds() {
    Arbitrary<Byte> content = Arbitraries.bytes().between((byte) 0, (byte) 2);
    Arbitrary<Kind> kind = Arbitraries.of(Kind.class);
    Arbitrary<Long> stamp = Arbitraries.of(0L, 1L, 2L, Long.MAX_VALUE);
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(2);
    return Combinators.combine(content, kind, stamp, Arbitraries.of(false, true), bytes)
        .as(DiskJoinTest::entry)
        .list()
        .ofMaxSize(12);
  }

  private static Entry entry(byte content, Kind kind, long stamp, boolean alive, byte[] other) {
    Bytes blob = Bytes.wrap(new byte[] {content});
    Bytes bytes = kind == Kind.BLOB ? blob : Bytes.wrap(other);
    return new Entry(Id.sha256(blob), kind, stamp, alive, alive ? bytes : Bytes.EMPTY);
  }

  @Property(tries = 300)
  void anyOrderAndRepetitionLeavesTheJoinOfAll(
      @ForAll("entriesOfFewIds") List<Entry> given, @ForAll Random random) {
    TreeMap<Id, Entry> model = new TreeMap<>();
    given.forEach(entry -> model.merge(entry.id(), entry, Merge::join));
    List<Entry> twice = new ArrayList<>(given);
    twice.addAll(given);
    Collections.shuffle(twice, random);

    Answers answers = new Answers();
    Disk disk = new Disk(new Agenda(), new SplittableRandom(1), answers);
    Index told = disk.open(KEY).held().index();
    for (Entry entry : twice) {
      disk.keep(1, List.of(entry));
      ((Event.Kept) answers.last)
          .changes()
          .forEach(
              change -> {
                change.before().ifPresent(told::remove);
                change.after().ifPresent(told::add);
              });
    }

    List<EntryInfo> rows = model.values().stream().map(Entry::info).toList();
    Arc ring = Arc.wholeRing(Id.MAX);
    disk.scan(1, Book.HELD, ring, Direction.NEXT, true, 100);
    assertEquals(rows, ((Event.Scanned) answers.last).items());
    assertEquals(Index.of(KEY, rows).summary(ring), told.summary(ring));
    Books again = disk.open(KEY);
    assertEquals(Index.of(KEY, rows).summary(ring), again.held().index().summary(ring));
    for (Entry entry : model.values()) {
      disk.load(1, entry.id());
      Optional<Entry> living = Optional.of(entry).filter(Entry::alive);
      assertEquals(living, ((Event.Loaded) answers.last).entry());
    }
  }

  /** Has everything done at once. */
  private static final class Answers implements Disk.Completions {
    private Event last;

    @Override
    public void after(long delayNanos, Supplier<Event> completion) {
      last = completion.get();
    }

    @Override
    public void meanwhile(long delayNanos, Runnable work) {}

    @Override
    public void now(Event event) {
      last = event;
    }
  }
}
