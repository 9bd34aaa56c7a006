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
import java.util.function.Function;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.files.Contents;
import org.ringslice.node.port.ItemStore;
import org.ringslice.sync.EntryDigest;

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

  private static final Contents CONTENTS = new Contents();

  private static final String FULL = "the disk is full; make room";

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

    static Key of(EntryInfo entry) {
      return new Key(entry.id(), entry.kind());
    }

    static Key of(Entry entry) {
      return of(entry.info());
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
  private final TreeSet<Key> dropped = new TreeSet<>();
  private final Pages heldPages;
  private final TreeMap<Key, EntryInfo> watched = new TreeMap<>();
  private final Pages watchedPages;
  private List<Arc> covered = List.of();
  private long writingUntilNanos;
  private boolean slow;
  private boolean full;
  private boolean lying;

  Disk(Agenda agenda, SplittableRandom random, Completions completions) {
    this.agenda = agenda;
    this.random = random;
    this.completions = completions;
    heldPages = new Pages(random.nextLong());
    watchedPages = new Pages(random.nextLong());
  }

  /** What is on it when a process opens it. */
  Books open(EntryDigest key) {
    List<EntryInfo> held = entries.values().stream().map(Entry::info).toList();
    return new Books(heldPages.open(key, held), watchedPages.open(key, watched.values()), covered);
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
    long delayNanos = writeNanos();
    if (full) {
      completions.after(
          delayNanos, () -> new Event.Kept(ticket, List.of(), List.of(), Optional.of(FULL)));
      return;
    }
    if (lying) {
      written.forEach(entry -> unsynced.add(Key.of(entry)));
    }
    unanswered.put(ticket, written);
    completions.after(
        delayNanos,
        () -> {
          List<Change> changes = new ArrayList<>();
          List<Outcome> outcomes = put(unanswered.remove(ticket), changes);
          return new Event.Kept(ticket, outcomes, changes, Optional.empty());
        });
  }

  private long writeNanos() {
    writingUntilNanos =
        Math.max(writingUntilNanos, agenda.nowNanos()) + draw(SYNC_NANOS_MIN, SYNC_NANOS_MAX);
    return lying ? READ_NANOS_MIN : writingUntilNanos - agenda.nowNanos();
  }

  private List<Outcome> put(List<Entry> written, List<Change> changes) {
    List<Outcome> outcomes = new ArrayList<>(written.size());
    for (Entry entry : written) {
      Optional<EntryInfo> held = Optional.ofNullable(entries.get(Key.of(entry))).map(Entry::info);
      boolean isNew = held.isEmpty() || entry.supersedes(held.get());
      if (isNew) {
        entries.put(Key.of(entry), entry);
        changes.add(heldPages.append(held, Optional.of(entry.info())));
      }
      outcomes.add(isNew ? Outcome.STORED : Outcome.PRESENT);
    }
    return outcomes;
  }

  @Override
  public void drop(long ticket, List<EntryInfo> copies) {
    completions.after(
        writeNanos(),
        () -> {
          List<Change> changes = new ArrayList<>();
          for (EntryInfo copy : copies) {
            Entry held = entries.get(Key.of(copy));
            if (held != null && held.info().equals(copy)) {
              entries.remove(Key.of(copy));
              dropped.add(Key.of(copy));
              changes.add(heldPages.append(Optional.of(copy), Optional.empty()));
            }
          }
          return new Event.Kept(ticket, List.of(), changes, Optional.empty());
        });
  }

  @Override
  public void note(long ticket, List<EntryInfo> infos, boolean told) {
    completions.after(
        writeNanos(),
        () ->
            full
                ? new Event.Noted(ticket, List.of(), Optional.of(FULL))
                : new Event.Noted(ticket, note(infos, told), Optional.empty()));
  }

  private List<Change> note(List<EntryInfo> infos, boolean told) {
    List<Change> changes = new ArrayList<>();
    for (EntryInfo info : infos) {
      Optional<EntryInfo> known = Optional.ofNullable(watched.get(Key.of(info)));
      if (known.isEmpty() || info.supersedes(known.get())) {
        watched.put(Key.of(info), info);
        Optional<EntryInfo> after = Optional.of(info);
        changes.add(told ? watchedPages.append(known, after) : new Change(0, known, after));
      }
    }
    return changes;
  }

  @Override
  public void cover(long ticket, List<Arc> arcs) {
    completions.after(
        writeNanos(),
        () -> {
          covered = List.copyOf(arcs);
          return new Event.Noted(ticket, List.of(watchedPages.skip()), Optional.empty());
        });
  }

  @Override
  public void describe(long ticket, Arc arc) {
    read(
        () -> {
          TreeMap<Id, Content> found = new TreeMap<>();
          for (Entry entry : entries.values()) {
            for (Content content : CONTENTS.read(entry.id(), entry.bytes())) {
              if (arc.contains(content.id())) {
                found.merge(content.id(), content, Disk::greater);
              }
            }
          }
          return new Event.Described(ticket, List.copyOf(found.values()));
        });
  }

  private static Content greater(Content one, Content other) {
    return one.nature().compareTo(other.nature()) >= 0 ? one : other;
  }

  @Override
  public void readJournal(long ticket, Book book, long after, int count) {
    Pages pages = book == Book.HELD ? heldPages : watchedPages;
    read(() -> pages.read(ticket, after, count));
  }

  /** The next opening goes through all rows anyway. */
  @Override
  public void saveIndex(Book book, Bytes index, long sequence) {}

  /** The machine stops now: what was not synced survives in part. */
  void crash() {
    for (List<Entry> written : unanswered.values()) {
      for (Entry entry : written) {
        if (random.nextBoolean()) {
          put(List.of(entry), new ArrayList<>());
        }
      }
    }
    unanswered.clear();
    unsynced.removeIf(key -> random.nextBoolean());
    unsynced.forEach(
        key ->
            Optional.ofNullable(entries.remove(key)).map(Entry::info).ifPresent(heldPages::lose));
    unsynced.clear();
    writingUntilNanos = 0;
  }

  /** Whether exactly this entry would be there after a crash. */
  boolean holdsDurably(Entry entry) {
    return entry.equals(entries.get(Key.of(entry))) && !unsynced.contains(Key.of(entry));
  }

  /** Whether the node dropped its copy once, and has none now. */
  boolean hasDropped(Entry entry) {
    return dropped.contains(Key.of(entry)) && !entries.containsKey(Key.of(entry));
  }

  boolean holds(EntryInfo entry) {
    Entry held = entries.get(Key.of(entry));
    return held != null && held.info().equals(entry);
  }

  @Override
  public void load(long ticket, Id id) {
    read(() -> new Event.Loaded(ticket, living(id), Optional.empty()));
  }

  @Override
  public void loadAll(long ticket, List<Id> ids) {
    read(
        () ->
            new Event.LoadedAll(ticket, ids.stream().flatMap(id -> living(id).stream()).toList()));
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
  public void scan(long ticket, Book book, Arc arc, Direction direction, boolean dead, int count) {
    read(
        () -> {
          List<EntryInfo> found =
              book == Book.HELD
                  ? list(entries, Entry::info, arc, direction, dead, count)
                  : list(watched, info -> info, arc, direction, dead, count);
          return new Event.Scanned(ticket, found, Optional.empty());
        });
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
    return list(entries, Entry::info, arc, direction, false, count);
  }

  private static <T> List<EntryInfo> list(
      NavigableMap<Key, T> rows,
      Function<T, EntryInfo> info,
      Arc arc,
      Direction direction,
      boolean dead,
      int count) {
    Key afterFrom = Key.last(arc.from());
    Key to = Key.last(arc.to());
    List<NavigableMap<Key, T>> pieces =
        arc.wraps()
            ? List.of(rows.tailMap(afterFrom, false), rows.headMap(to, true))
            : List.of(rows.subMap(afterFrom, false, to, true));
    List<EntryInfo> found = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      NavigableMap<Key, T> piece =
          direction == Direction.NEXT
              ? pieces.get(i)
              : pieces.get(pieces.size() - 1 - i).descendingMap();
      piece.values().stream()
          .map(info)
          .filter(each -> dead || each.alive())
          .limit(count - found.size())
          .forEach(found::add);
    }
    return found;
  }

  private long draw(long leastNanos, long mostNanos) {
    return random.nextLong(leastNanos, mostNanos) * (slow ? SLOWNESS : 1);
  }

  @Override
  public void close() {}
}
