package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Merge;
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
 *
 * <p>Bytes may go bad under rows that stay. The store reads nothing without noticing that: whoever
 * looks for a copy, or keeps it again, finds it out, and a scrubber reads the rest by and by, and
 * at once after a crash. What is found to be damaged is given up for good, unless it is kept again.
 */
final class Disk implements ItemStore {
  /** How long a sync takes, at least and at most: an NVMe drive. A guess from data sheets. */
  private static final long SYNC_NANOS_MIN = 200_000;

  private static final long SYNC_NANOS_MAX = 3_000_000;

  private static final long READ_NANOS_MIN = 20_000;
  private static final long READ_NANOS_MAX = 200_000;

  /** How much longer a slow disk takes: a hard disk that somebody else uses too. A guess. */
  private static final int SLOWNESS = 50;

  /**
   * Until the scrubber comes to what went bad. A real one takes a week, in which little else goes
   * wrong; here faults come within minutes of each other.
   */
  private static final long SCRUB_NANOS_MAX = 5_000_000_000L;

  /** The same after a crash, when it reads everything first. */
  private static final long FIRST_SCRUB_NANOS_MAX = 2_000_000_000L;

  /** What a store tells of its health it tells as often, at most. */
  private static final long HEALTH_NANOS = 1_000_000_000L;

  /** For so long ids of dropped copies are kept in mind: a week. */
  private static final long REMEMBERED_NANOS = 7 * 24 * 3_600_000_000_000L;

  private static final Contents CONTENTS = new Contents();

  private static final String FULL = "the disk is full; make room";

  /** Brings completions to the node that asked, unless it is stopped by then. */
  interface Completions {
    void after(long delayNanos, Supplier<Event> completion);

    /** Has something done on the disk meanwhile. */
    void meanwhile(long delayNanos, Runnable work);

    /** Brings what nobody asked for, before anything that comes later. */
    void now(Event event);
  }

  /** All that is on a disk, at a moment. */
  record Backup(
      TreeMap<Id, Entry> entries,
      BadBytes bad,
      Pages heldPages,
      TreeMap<Id, EntryInfo> watched,
      Pages watchedPages,
      List<Arc> covered) {}

  private final Agenda agenda;
  private final SplittableRandom random;
  private final Completions completions;
  private final TreeMap<Id, Entry> entries = new TreeMap<>();
  private final TreeMap<Long, List<Entry>> unanswered = new TreeMap<>();
  private final TreeSet<Id> unsynced = new TreeSet<>();
  private final TreeSet<Id> dropped = new TreeSet<>();
  private final BadBytes bad = new BadBytes();
  private Pages heldPages;
  private final TreeMap<Id, EntryInfo> watched = new TreeMap<>();
  private Pages watchedPages;

  /** When each id was dropped last. */
  private final TreeMap<Id, Long> droppedAtNanos = new TreeMap<>();

  private List<Arc> covered = List.of();
  private long writingUntilNanos;
  private boolean slow;
  private boolean full;
  private boolean lying;
  private boolean crashed;
  private boolean tellsOfHealth;

  Disk(Agenda agenda, SplittableRandom random, Completions completions) {
    this.agenda = agenda;
    this.random = random;
    this.completions = completions;
    heldPages = new Pages(random.nextLong());
    watchedPages = new Pages(random.nextLong());
  }

  /** What is on it when a process opens it. */
  Books open(EntryDigest key) {
    tellsOfHealth = false;
    long scrubbedNanos = crashed ? FIRST_SCRUB_NANOS_MAX : SCRUB_NANOS_MAX;
    crashed = false;
    bad.unknown().forEach(copy -> scrubWithin(scrubbedNanos, copy));
    if (full) {
      completions.after(0, () -> new Event.RoomShort(true));
    }
    List<EntryInfo> held = entries.values().stream().map(Entry::info).toList();
    return new Books(heldPages.open(key, held), watchedPages.open(key, watched.values()), covered);
  }

  void beSlow() {
    slow = true;
  }

  void beFull() {
    full = true;
    completions.after(0, () -> new Event.RoomShort(true));
  }

  void beLying() {
    lying = true;
  }

  /** Works well from now on; what a lie has left unsynced stays so. */
  void heal() {
    if (full) {
      completions.after(0, () -> new Event.RoomShort(false));
    }
    slow = false;
    full = false;
    lying = false;
  }

  boolean isFull() {
    return full;
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
      written.forEach(entry -> unsynced.add(entry.id()));
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
      Entry held = sound(entry.id());
      Entry joined = held == null ? entry : Merge.join(held, entry);
      if (joined.equals(held)) {
        outcomes.add(Merge.has(held.info(), entry.info()) ? Outcome.PRESENT : Outcome.REFUSED);
      } else {
        write(joined, Optional.ofNullable(held).map(Entry::info), changes);
        outcomes.add(Outcome.STORED);
      }
    }
    return outcomes;
  }

  private void write(Entry entry, Optional<EntryInfo> before, List<Change> changes) {
    Optional<EntryInfo> after = Optional.of(entry.info());
    entries.put(entry.id(), entry);
    bad.written(entry.id(), agenda.nowNanos());
    if (!before.equals(after)) {
      changes.add(heldPages.append(before, after));
    }
  }

  @Override
  public void drop(long ticket, List<EntryInfo> copies) {
    completions.after(
        writeNanos(),
        () -> {
          List<Change> changes = new ArrayList<>();
          for (EntryInfo copy : copies) {
            Entry held = entries.get(copy.id());
            if (held != null && held.info().equals(copy)) {
              entries.remove(copy.id());
              bad.forgotten(copy.id());
              dropped.add(copy.id());
              droppedAtNanos.put(copy.id(), agenda.nowNanos());
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
      Optional<EntryInfo> known = Optional.ofNullable(watched.get(info.id()));
      EntryInfo joined = known.map(there -> Merge.join(there, info)).orElse(info);
      if (!known.equals(Optional.of(joined))) {
        watched.put(joined.id(), joined);
        Optional<EntryInfo> after = Optional.of(joined);
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

  @Override
  public void readDropped(long ticket, Arc arc, int count) {
    read(
        () -> {
          List<Id> ids =
              Model.after(arc.from(), droppedAtNanos.keySet()).stream()
                  .filter(id -> arc.contains(id) && remembers(id))
                  .limit(count)
                  .toList();
          return new Event.DroppedRead(ticket, ids, Optional.empty());
        });
  }

  private boolean remembers(Id id) {
    return agenda.nowNanos() - droppedAtNanos.get(id) < REMEMBERED_NANOS;
  }

  /** Whether the node may still know that it once had an item that it dropped. */
  boolean hasDroppedLately(Id id) {
    return droppedAtNanos.containsKey(id) && remembers(id);
  }

  @Override
  public void forgetDamaged(List<Id> ids) {
    ids.forEach(bad::forget);
    tellOfHealth();
  }

  /** The next opening goes through all rows anyway. */
  @Override
  public void saveIndex(Book book, Bytes index, long sequence) {}

  /** The machine stops now: what was not synced survives in part. */
  void crash() {
    crashed = true;
    for (List<Entry> written : unanswered.values()) {
      for (Entry entry : written) {
        if (random.nextBoolean()) {
          put(List.of(entry), new ArrayList<>());
        }
      }
    }
    unanswered.clear();
    unsynced.removeIf(key -> random.nextBoolean());
    unsynced.forEach(this::lose);
    unsynced.clear();
    writingUntilNanos = 0;
  }

  private void lose(Id id) {
    Optional.ofNullable(entries.remove(id)).map(Entry::info).ifPresent(heldPages::lose);
    bad.forgotten(id);
  }

  // ---- what goes wrong with bytes

  /**
   * The bytes of a share of the copies go bad, and nobody is told.
   *
   * @param chance what it is drawn from
   * @param maySpoil of which entries it may be
   */
  void rot(double share, SplittableRandom chance, Predicate<Entry> maySpoil) {
    for (Entry entry : List.copyOf(entries.values())) {
      Id id = entry.id();
      if (!bad.isBad(id) && chance.nextDouble() < share && maySpoil.test(entry)) {
        bad.spoil(id);
        scrubWithin(SCRUB_NANOS_MAX, id);
      }
    }
  }

  /** After a crash: of what was written last, answered or not, some has a row and no bytes. */
  void tear(SplittableRandom chance) {
    for (Id id : bad.lastWrites(agenda.nowNanos())) {
      if (entries.containsKey(id) && chance.nextBoolean()) {
        bad.spoil(id);
      }
    }
  }

  /** The copies of bytes that are bad are found within that time, in any order. */
  private void scrubWithin(long nanos, Id id) {
    completions.meanwhile(random.nextLong(nanos), () -> sound(id));
  }

  /** Reads an entry: null when there is none, or its bytes are bad, which is known from now on. */
  private Entry sound(Id id) {
    if (!bad.isBad(id)) {
      return entries.get(id);
    }
    EntryInfo info = entries.remove(id).info();
    bad.found(id, info);
    Change line = heldPages.append(Optional.of(info), Optional.empty());
    completions.now(new Event.Amended(List.of(line)));
    tellOfHealth();
    return null;
  }

  private void tellOfHealth() {
    if (!tellsOfHealth) {
      tellsOfHealth = true;
      completions.meanwhile(
          HEALTH_NANOS,
          () -> {
            tellsOfHealth = false;
            completions.now(new Event.Examined(bad.health()));
          });
    }
  }

  /** What is on it now, as somebody copies it who waits until all is synced. */
  Backup backUp() {
    return new Backup(
        new TreeMap<>(entries),
        bad.copy(),
        heldPages.copy(),
        new TreeMap<>(watched),
        watchedPages.copy(),
        covered);
  }

  /** Puts all back that was there then, and nothing else; no process has it open. */
  void putBack(Backup backup) {
    entries.forEach(
        (key, entry) -> {
          if (!entry.equals(backup.entries().get(key))) {
            bad.take(key);
          }
        });
    entries.clear();
    entries.putAll(backup.entries());
    bad.becomeAgain(backup.bad());
    heldPages = backup.heldPages().copy();
    watched.clear();
    watched.putAll(backup.watched());
    watchedPages = backup.watchedPages().copy();
    covered = backup.covered();
  }

  // ---- what is there, for checks

  /** Whether exactly this entry would be there after a crash. */
  boolean holdsDurably(Entry entry) {
    Id id = entry.id();
    return entry.equals(entries.get(id)) && !unsynced.contains(id) && !bad.isBad(id);
  }

  /** Whether a fault of the disk took this copy once, and it is not there now. */
  boolean hasLost(Entry entry) {
    return bad.hasTaken(entry.id()) && !holdsDurably(entry);
  }

  /** Whether the node dropped its copy once, and has none now. */
  boolean hasDropped(Entry entry) {
    return dropped.contains(entry.id()) && !entries.containsKey(entry.id());
  }

  boolean holds(EntryInfo entry) {
    Entry held = entries.get(entry.id());
    return held != null && held.info().equals(entry) && !bad.isBad(entry.id());
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
    return Optional.ofNullable(sound(id)).filter(Entry::alive);
  }

  /** The living entries of an arc, from its beginning (NEXT) or its end (PREV) on. */
  List<EntryInfo> list(Arc arc, Direction direction, int count) {
    return list(entries, Entry::info, arc, direction, false, count);
  }

  private static <T> List<EntryInfo> list(
      NavigableMap<Id, T> rows,
      Function<T, EntryInfo> info,
      Arc arc,
      Direction direction,
      boolean dead,
      int count) {
    List<NavigableMap<Id, T>> pieces =
        arc.wraps()
            ? List.of(rows.tailMap(arc.from(), false), rows.headMap(arc.to(), true))
            : List.of(rows.subMap(arc.from(), false, arc.to(), true));
    List<EntryInfo> found = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      NavigableMap<Id, T> piece =
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
