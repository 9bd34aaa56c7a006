package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.ItemStore;

/**
 * A disk that loses at a crash what was not synced: of the writes that were not answered yet, each
 * entry survives by chance, as on a real one. What was answered is there after a restart, unless
 * the disk lies, as some do: then it answers before it syncs, and what it said may be lost like the
 * rest.
 */
final class Disk implements ItemStore {
  /** How long a sync takes, at least and at most: an NVMe drive. A guess from data sheets. */
  private static final long SYNC_NANOS_MIN = 200_000;

  private static final long SYNC_NANOS_MAX = 3_000_000;

  private static final long READ_NANOS_MIN = 20_000;
  private static final long READ_NANOS_MAX = 200_000;

  /** How much longer a slow disk takes: a hard disk that somebody else uses too. A guess. */
  private static final int SLOWNESS = 50;

  /** Brings completions to the node that asked, unless it is stopped by then. */
  @FunctionalInterface
  interface Completions {
    void after(long delayNanos, Supplier<Event> completion);
  }

  private record Key(Id id, Kind kind) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::id).thenComparing(Key::kind);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    static Key of(Entry entry) {
      return new Key(entry.id(), entry.kind());
    }

    static Key first(Id id) {
      return new Key(id, Kind.BLOB);
    }

    static Key last(Id id) {
      return new Key(id, Kind.REFERENCE);
    }
  }

  private final Agenda agenda;
  private final SplittableRandom random;
  private final Completions completions;
  private final TreeMap<Key, Entry> entries = new TreeMap<>();
  private final TreeMap<Long, List<Entry>> unanswered = new TreeMap<>();
  private final TreeSet<Key> unsynced = new TreeSet<>();
  private long writingUntilNanos;
  private boolean slow;
  private boolean full;
  private boolean lying;

  Disk(Agenda agenda, SplittableRandom random, Completions completions) {
    this.agenda = agenda;
    this.random = random;
    this.completions = completions;
  }

  void beSlow() {
    slow = true;
  }

  void beFull() {
    full = true;
  }

  void beLying() {
    lying = true;
  }

  /** Works well from now on; what a lie has left unsynced stays so. */
  void heal() {
    slow = false;
    full = false;
    lying = false;
  }

  @Override
  public void keep(long ticket, List<Entry> written) {
    writingUntilNanos =
        Math.max(writingUntilNanos, agenda.nowNanos()) + draw(SYNC_NANOS_MIN, SYNC_NANOS_MAX);
    long delayNanos = lying ? READ_NANOS_MIN : writingUntilNanos - agenda.nowNanos();
    if (full) {
      String why = "the disk is full; make room";
      completions.after(delayNanos, () -> new Event.Kept(ticket, List.of(), Optional.of(why)));
      return;
    }
    if (lying) {
      written.forEach(entry -> unsynced.add(Key.of(entry)));
    }
    unanswered.put(ticket, written);
    completions.after(
        delayNanos, () -> new Event.Kept(ticket, put(unanswered.remove(ticket)), Optional.empty()));
  }

  private List<Outcome> put(List<Entry> written) {
    List<Outcome> outcomes = new ArrayList<>(written.size());
    for (Entry entry : written) {
      Entry held = entries.get(Key.of(entry));
      boolean isNew = held == null || entry.supersedes(held.info());
      if (isNew) {
        entries.put(Key.of(entry), entry);
      }
      outcomes.add(isNew ? Outcome.STORED : Outcome.PRESENT);
    }
    return outcomes;
  }

  /** The machine stops now: what was not synced survives in part. */
  void crash() {
    for (List<Entry> written : unanswered.values()) {
      for (Entry entry : written) {
        if (random.nextBoolean()) {
          put(List.of(entry));
        }
      }
    }
    unanswered.clear();
    unsynced.removeIf(key -> random.nextBoolean());
    unsynced.forEach(entries::remove);
    unsynced.clear();
    writingUntilNanos = 0;
  }

  /** Whether exactly this entry would be there after a crash. */
  boolean holdsDurably(Entry entry) {
    return entry.equals(entries.get(Key.of(entry))) && !unsynced.contains(Key.of(entry));
  }

  @Override
  public void load(long ticket, Id id) {
    read(() -> new Event.Loaded(ticket, living(id), Optional.empty()));
  }

  @Override
  public void look(long ticket, List<Id> ids) {
    read(
        () -> {
          BitSet present = new BitSet();
          for (int i = 0; i < ids.size(); i++) {
            present.set(i, living(ids.get(i)).isPresent());
          }
          return new Event.Looked(ticket, present, Optional.empty());
        });
  }

  @Override
  public void scan(long ticket, Arc arc, Direction direction, int count) {
    read(() -> new Event.Scanned(ticket, list(arc, direction, count), Optional.empty()));
  }

  private void read(Supplier<Event> completion) {
    completions.after(draw(READ_NANOS_MIN, READ_NANOS_MAX), completion);
  }

  private Optional<Entry> living(Id id) {
    return entries.subMap(Key.first(id), true, Key.last(id), true).values().stream()
        .filter(Entry::alive)
        .findFirst();
  }

  /** The living entries of an arc, from its beginning (NEXT) or its end (PREV) on. */
  List<EntryInfo> list(Arc arc, Direction direction, int count) {
    Key afterFrom = Key.last(arc.from());
    Key to = Key.last(arc.to());
    List<NavigableMap<Key, Entry>> pieces =
        arc.wraps()
            ? List.of(entries.tailMap(afterFrom, false), entries.headMap(to, true))
            : List.of(entries.subMap(afterFrom, false, to, true));
    List<EntryInfo> found = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      NavigableMap<Key, Entry> piece =
          direction == Direction.NEXT
              ? pieces.get(i)
              : pieces.get(pieces.size() - 1 - i).descendingMap();
      piece.values().stream()
          .filter(Entry::alive)
          .limit(count - found.size())
          .forEach(entry -> found.add(entry.info()));
    }
    return found;
  }

  private long draw(long leastNanos, long mostNanos) {
    return random.nextLong(leastNanos, mostNanos) * (slow ? SLOWNESS : 1);
  }

  @Override
  public void close() {}
}
