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
import org.ringslice.messages.Content;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
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
      TreeMap<CopyKey, Entry> entries,
      BadBytes bad,
      Pages heldPages,
      TreeMap<CopyKey, EntryInfo> watched,
      Pages watchedPages,
      List<Arc> covered) {}

  private final Agenda agenda;
  private final SplittableRandom random;
  private final Completions completions;
  private final TreeMap<CopyKey, Entry> entries = new TreeMap<>();
  private final TreeMap<Long, List<Entry>> unanswered = new TreeMap<>();
  private final TreeSet<CopyKey> unsynced = new TreeSet<>();
  private final TreeSet<CopyKey> dropped = new TreeSet<>();
  private final BadBytes bad = new BadBytes();
  private Pages heldPages;
  private final TreeMap<CopyKey, EntryInfo> watched = new TreeMap<>();
  private Pages watchedPages;

  /** When each id was dropped last. */
  private final TreeMap<Id, Long> droppedAtNanos = new TreeMap<>();

  private final Reading reads = new Reading();
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
  public void ask(long ticket, StoreRequest<?> request) {
    if (request instanceof StoreRequest.Read<?> read) {
      long delayNanos = draw(READ_NANOS_MIN, READ_NANOS_MAX);
      completions.after(delayNanos, () -> done(ticket, StoreReply.of(read.answerBy(reads))));
    } else if (request instanceof StoreRequest.Write<?> write) {
      write(ticket, write);
    } else {
      // an index: the next opening goes through all rows anyway
      completions.after(0, () -> done(ticket, StoreReply.of(new StoreAnswer.Done())));
    }
  }

  private static Event done(long ticket, StoreReply<?> reply) {
    return new Event.StoreDone(ticket, reply);
  }

  private void write(long ticket, StoreRequest.Write<?> request) {
    long delayNanos = writeNanos();
    boolean needsRoom =
        request instanceof StoreRequest.Keep || request instanceof StoreRequest.Note;
    if (full && needsRoom) {
      completions.after(delayNanos, () -> done(ticket, StoreReply.failed(FULL)));
      return;
    }
    if (request instanceof StoreRequest.Keep keep) {
      unanswered.put(ticket, keep.entries());
      if (lying) {
        keep.entries().forEach(entry -> unsynced.add(CopyKey.of(entry)));
      }
    }
    completions.after(
        delayNanos,
        () -> {
          unanswered.remove(ticket);
          Writing writing = new Writing();
          StoreAnswer answer = request.answerBy(writing);
          return done(ticket, StoreReply.of(answer, writing.changes));
        });
  }

  /** One write, at the moment at which it is durable. */
  private final class Writing implements StoreRequest.Writes<RuntimeException> {
    private final List<Change> changes = new ArrayList<>();

    @Override
    public StoreAnswer.Kept keep(StoreRequest.Keep request) {
      return new StoreAnswer.Kept(put(request.entries(), changes));
    }

    @Override
    public StoreAnswer.Done drop(StoreRequest.Drop request) {
      request.copies().forEach(copy -> Disk.this.drop(copy, changes));
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done forgetDamaged(StoreRequest.ForgetDamaged request) {
      request.ids().forEach(bad::forget);
      tellOfHealth();
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done note(StoreRequest.Note request) {
      request.infos().forEach(info -> Disk.this.note(info, request.told(), changes));
      return new StoreAnswer.Done();
    }

    @Override
    public StoreAnswer.Done cover(StoreRequest.Cover request) {
      covered = request.arcs();
      changes.add(watchedPages.skip());
      return new StoreAnswer.Done();
    }
  }

  private long writeNanos() {
    writingUntilNanos =
        Math.max(writingUntilNanos, agenda.nowNanos()) + draw(SYNC_NANOS_MIN, SYNC_NANOS_MAX);
    return lying ? READ_NANOS_MIN : writingUntilNanos - agenda.nowNanos();
  }

  private List<Outcome> put(List<Entry> written, List<Change> changes) {
    List<Outcome> outcomes = new ArrayList<>(written.size());
    for (Entry entry : written) {
      CopyKey key = CopyKey.of(entry);
      Optional<EntryInfo> held = Optional.ofNullable(sound(key)).map(Entry::info);
      boolean isNew = held.isEmpty() || entry.supersedes(held.get());
      if (isNew) {
        entries.put(key, entry);
        bad.written(key, agenda.nowNanos());
        changes.add(heldPages.append(held, Optional.of(entry.info())));
      }
      outcomes.add(isNew ? Outcome.STORED : Outcome.PRESENT);
    }
    return outcomes;
  }

  private void drop(EntryInfo copy, List<Change> changes) {
    Entry held = entries.get(CopyKey.of(copy));
    if (held != null && held.info().equals(copy)) {
      entries.remove(CopyKey.of(copy));
      bad.forgotten(CopyKey.of(copy));
      dropped.add(CopyKey.of(copy));
      droppedAtNanos.put(copy.id(), agenda.nowNanos());
      changes.add(heldPages.append(Optional.of(copy), Optional.empty()));
    }
  }

  private void note(EntryInfo info, boolean told, List<Change> changes) {
    Optional<EntryInfo> known = Optional.ofNullable(watched.get(CopyKey.of(info)));
    if (known.isEmpty() || info.supersedes(known.get())) {
      watched.put(CopyKey.of(info), info);
      Optional<EntryInfo> after = Optional.of(info);
      changes.add(told ? watchedPages.append(known, after) : new Change(0, known, after));
    }
  }

  /** One read, at the moment at which it is done. */
  private final class Reading implements StoreRequest.Reads<RuntimeException> {
    @Override
    public StoreAnswer.Loaded load(StoreRequest.Load request) {
      return new StoreAnswer.Loaded(living(request.id()));
    }

    @Override
    public StoreAnswer.LoadedAll loadAll(StoreRequest.LoadAll request) {
      return new StoreAnswer.LoadedAll(
          request.ids().stream().flatMap(id -> living(id).stream()).toList());
    }

    @Override
    public StoreAnswer.Looked look(StoreRequest.Look request) {
      BitSet present = new BitSet();
      for (int i = 0; i < request.ids().size(); i++) {
        present.set(i, living(request.ids().get(i)).isPresent());
      }
      return new StoreAnswer.Looked(present);
    }

    @Override
    public StoreAnswer.Scanned scan(StoreRequest.Scan request) {
      return new StoreAnswer.Scanned(
          request.book() == Book.HELD
              ? list(entries, Entry::info, request)
              : list(watched, info -> info, request));
    }

    @Override
    public StoreAnswer.Described describe(StoreRequest.Describe request) {
      TreeMap<Id, Content> found = new TreeMap<>();
      for (Entry entry : entries.values()) {
        for (Content content : CONTENTS.read(entry.id(), entry.bytes())) {
          if (request.arc().contains(content.id())) {
            found.merge(content.id(), content, Disk::greater);
          }
        }
      }
      return new StoreAnswer.Described(List.copyOf(found.values()));
    }

    @Override
    public StoreAnswer.JournalRead readJournal(StoreRequest.ReadJournal request) {
      Pages pages = request.book() == Book.HELD ? heldPages : watchedPages;
      return pages.read(request.after(), request.count());
    }

    @Override
    public StoreAnswer.DroppedRead readDropped(StoreRequest.ReadDropped request) {
      Arc arc = request.arc();
      return new StoreAnswer.DroppedRead(
          Model.after(arc.from(), droppedAtNanos.keySet()).stream()
              .filter(id -> arc.contains(id) && remembers(id))
              .limit(request.count())
              .toList());
    }
  }

  private static Content greater(Content one, Content other) {
    return one.nature().compareTo(other.nature()) >= 0 ? one : other;
  }

  private boolean remembers(Id id) {
    return agenda.nowNanos() - droppedAtNanos.get(id) < REMEMBERED_NANOS;
  }

  /** Whether the node may still know that it once had an item that it dropped. */
  boolean hasDroppedLately(Id id) {
    return droppedAtNanos.containsKey(id) && remembers(id);
  }

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

  private void lose(CopyKey key) {
    Optional.ofNullable(entries.remove(key)).map(Entry::info).ifPresent(heldPages::lose);
    bad.forgotten(key);
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
      CopyKey key = CopyKey.of(entry);
      if (!bad.isBad(key) && chance.nextDouble() < share && maySpoil.test(entry)) {
        bad.spoil(key);
        scrubWithin(SCRUB_NANOS_MAX, key);
      }
    }
  }

  /** After a crash: of what was written last, answered or not, some has a row and no bytes. */
  void tear(SplittableRandom chance) {
    for (CopyKey key : bad.lastWrites(agenda.nowNanos())) {
      if (entries.containsKey(key) && chance.nextBoolean()) {
        bad.spoil(key);
      }
    }
  }

  /** The copies of bytes that are bad are found within that time, in any order. */
  private void scrubWithin(long nanos, CopyKey key) {
    completions.meanwhile(random.nextLong(nanos), () -> sound(key));
  }

  /** Reads an entry: null when there is none, or its bytes are bad, which is known from now on. */
  private Entry sound(CopyKey key) {
    if (!bad.isBad(key)) {
      return entries.get(key);
    }
    EntryInfo info = entries.remove(key).info();
    bad.found(key, info);
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
    CopyKey key = CopyKey.of(entry);
    return entry.equals(entries.get(key)) && !unsynced.contains(key) && !bad.isBad(key);
  }

  /** Whether a fault of the disk took this copy once, and it is not there now. */
  boolean hasLost(Entry entry) {
    return bad.hasTaken(CopyKey.of(entry)) && !holdsDurably(entry);
  }

  /** Whether the node dropped its copy once, and has none now. */
  boolean hasDropped(Entry entry) {
    return dropped.contains(CopyKey.of(entry)) && !entries.containsKey(CopyKey.of(entry));
  }

  boolean holds(EntryInfo entry) {
    CopyKey key = CopyKey.of(entry);
    Entry held = entries.get(key);
    return held != null && held.info().equals(entry) && !bad.isBad(key);
  }

  private Optional<Entry> living(Id id) {
    NavigableMap<CopyKey, Entry> ofId =
        entries.subMap(CopyKey.first(id), true, CopyKey.last(id), true);
    return List.copyOf(ofId.keySet()).stream()
        .map(this::sound)
        .filter(entry -> entry != null && entry.alive())
        .findFirst();
  }

  /** The living entries of an arc, from its beginning (NEXT) or its end (PREV) on. */
  List<EntryInfo> list(Arc arc, Direction direction, int count) {
    return list(entries, Entry::info, StoreRequest.Scan.living(arc, direction, count));
  }

  private static <T> List<EntryInfo> list(
      NavigableMap<CopyKey, T> rows, Function<T, EntryInfo> info, StoreRequest.Scan request) {
    Arc arc = request.arc();
    CopyKey afterFrom = CopyKey.last(arc.from());
    CopyKey to = CopyKey.last(arc.to());
    List<NavigableMap<CopyKey, T>> pieces =
        arc.wraps()
            ? List.of(rows.tailMap(afterFrom, false), rows.headMap(to, true))
            : List.of(rows.subMap(afterFrom, false, to, true));
    List<EntryInfo> found = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      NavigableMap<CopyKey, T> piece =
          request.direction() == Direction.NEXT
              ? pieces.get(i)
              : pieces.get(pieces.size() - 1 - i).descendingMap();
      piece.values().stream()
          .map(info)
          .filter(each -> request.dead() || each.alive())
          .limit(request.count() - found.size())
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
