package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Timers;
import org.ringslice.sync.Session;
import org.ringslice.sync.Step;

/**
 * One side of a comparison, carried out: gives the {@link Session} the ids that it asks for, and
 * packs what it gives and says into parcels. Invariant: at most one parcel's bytes are in memory,
 * and what the session says goes with the last of the entries that are given before it.
 */
final class Exchange {
  /** Bytes of a parcel; the largest block fits. What was answered last is kept in memory. */
  static final long PARCEL_BYTES_MAX = 2 << 20;

  /** What the session has come to. */
  sealed interface End {
    /**
     * What one side had and the other lacked was given, or nothing was.
     *
     * @param proved that both then had the same; else believed by fingerprints, or entries came and
     *     went all the time
     */
    record Equal(boolean proved) implements End {}

    /** The arc is to be compared by these. */
    record Split(List<Arc> arcs) implements End {}

    /** What the other side gave could not be kept here; what it lacks may not be given yet. */
    record NotKept(String sentence) implements End {}

    record Failed(String sentence) implements End {}
  }

  /** What to do with what the session found that only this side has. */
  @FunctionalInterface
  interface Findings {
    void onlyHere(List<EntryInfo> entries);
  }

  /**
   * What goes to the other side in one message.
   *
   * @param says empty while entries follow
   * @param toGoBytes of the entries that follow
   */
  record Parcel(
      List<Entry> entries, List<EntryInfo> infos, Bytes says, boolean more, long toGoBytes) {}

  /** What to do with a parcel. */
  @FunctionalInterface
  interface Then {
    void go(Parcel parcel, Turn turn);
  }

  private final Catalogue catalogue;
  private final Shelf shelf;
  private final Session session;
  private final boolean givesBytes;
  private final Findings findings;

  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private final ArrayDeque<EntryInfo> toGive = new ArrayDeque<>();
  private long toGiveBytes;
  private Bytes says = Bytes.EMPTY;
  private End end;

  /**
   * @param givesBytes whether what the other lacks is given with its bytes, or told of only
   */
  Exchange(
      Catalogue catalogue, Shelf shelf, Session session, boolean givesBytes, Findings findings) {
    this.catalogue = catalogue;
    this.shelf = shelf;
    this.session = session;
    this.givesBytes = givesBytes;
    this.findings = findings;
  }

  /** Empty while it goes on. */
  Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Bytes that are to be given before what is said next. */
  long toGiveBytes() {
    return toGiveBytes;
  }

  /** Whether there is something to send. */
  boolean hasParcel() {
    return !toGive.isEmpty() || says.size() > 0;
  }

  void start(boolean prove, Turn turn, Timers.Alarm then) {
    end = null;
    steps.addAll(session.start(prove));
    proceed(turn, then);
  }

  /** Takes what the other side said; what it gave before is durable here by now. */
  void receive(Bytes said, Turn turn, Timers.Alarm then) {
    end = null;
    steps.addAll(session.receive(said));
    proceed(turn, then);
  }

  private void proceed(Turn turn, Timers.Alarm then) {
    while (!steps.isEmpty()) {
      Step step = steps.poll();
      if (step instanceof Step.NeedIds need) {
        new Listing(need.arcs(), then).next(turn);
        return;
      } else if (step instanceof Step.Push push) {
        findings.onlyHere(push.entries());
        toGive.addAll(push.entries());
        push.entries().forEach(entry -> toGiveBytes += entry.size());
      } else if (step instanceof Step.Lacks lacks) {
        findings.onlyHere(lacks.entries());
      } else if (step instanceof Step.Send send) {
        says = send.body();
      } else if (step instanceof Step.Split split) {
        end = new End.Split(split.arcs());
      } else if (step instanceof Step.Done done) {
        end = new End.Equal(done.proved());
      } else if (step instanceof Step.GaveUp gaveUp) {
        end = gaveUp.restless() ? new End.Equal(false) : new End.Failed(gaveUp.sentence());
      } else if (step instanceof Step.Stale) {
        end = new End.Failed("what the other side said belongs to nothing under way: start again");
      }
    }
    then.ring(turn);
  }

  /** Reads the arcs that the session asked for, one after the other. */
  private final class Listing {
    private final ArrayDeque<Arc> arcs;
    private final Timers.Alarm then;
    private final List<EntryInfo> found = new ArrayList<>();

    Listing(List<Arc> arcs, Timers.Alarm then) {
      this.arcs = new ArrayDeque<>(arcs);
      this.then = then;
    }

    void next(Turn turn) {
      if (arcs.isEmpty()) {
        steps.addAll(session.supply(found));
        proceed(turn, then);
      } else {
        catalogue.list(arcs.poll(), turn, this::listed);
      }
    }

    private void listed(Event.Scanned scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        steps.clear();
        end = new End.Failed(scanned.failure().get());
        then.ring(turn);
        return;
      }
      found.addAll(scanned.items());
      next(turn);
    }
  }

  /** Packs the next parcel; in this turn when nothing must be read for it. */
  void pack(Turn turn, Then then) {
    if (givesBytes) {
      load(turn, then);
      return;
    }
    List<EntryInfo> infos = new ArrayList<>();
    while (!toGive.isEmpty() && infos.size() < Limits.ITEMS_MAX) {
      infos.add(toGive.poll());
    }
    then.go(parcel(List.of(), infos), turn);
  }

  private Parcel parcel(List<Entry> entries, List<EntryInfo> infos) {
    boolean more = !toGive.isEmpty();
    Bytes said = more ? Bytes.EMPTY : says;
    if (!more) {
      says = Bytes.EMPTY;
      toGiveBytes = 0;
    }
    return new Parcel(entries, infos, said, more, toGiveBytes);
  }

  /** Reads the entries of a parcel: until it is full, or there are no more. */
  private void load(Turn turn, Then then) {
    List<EntryInfo> taken = new ArrayList<>();
    long sizeBytes = 0;
    while (!toGive.isEmpty()
        && taken.size() < Limits.BATCH_ENTRIES_MAX
        && sizeBytes + toGive.peek().size() <= PARCEL_BYTES_MAX) {
      EntryInfo next = toGive.poll();
      sizeBytes += next.size();
      taken.add(next);
    }
    toGiveBytes -= sizeBytes;
    List<Id> living = taken.stream().filter(EntryInfo::alive).map(EntryInfo::id).toList();
    if (living.isEmpty()) {
      then.go(parcel(entries(taken, List.of()), List.of()), turn);
    } else {
      shelf.loadAll(
          living,
          turn,
          (loaded, later) -> then.go(parcel(entries(taken, loaded.entries()), List.of()), later));
    }
  }

  /** What is not there any more, or can't be read, is not given; the proof tells. */
  private static List<Entry> entries(List<EntryInfo> taken, List<Entry> loaded) {
    ArrayDeque<Entry> left = new ArrayDeque<>(loaded);
    List<Entry> entries = new ArrayList<>(taken.size());
    for (EntryInfo info : taken) {
      if (!info.alive()) {
        entries.add(new Entry(info.id(), info.kind(), info.stamp(), false, Bytes.EMPTY));
      } else if (!left.isEmpty() && left.peek().id().equals(info.id())) {
        Entry entry = left.poll();
        if (entry.info().equals(info)) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }
}
