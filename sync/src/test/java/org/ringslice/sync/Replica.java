package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Merge;

/** A side of a session with a store of its own, and the link to the other one. */
final class Replica {
  static final EntryDigest NETWORK = new EntryDigest(7, 9);

  final TreeMap<Id, EntryInfo> store = new TreeMap<>();
  final Index index;
  private final LongSupplier salts;
  private final Giving giving;
  private final int pieceEntries;
  Session session;
  final List<Bytes> outbox = new ArrayList<>();
  final List<Step.GaveUp> sentences = new ArrayList<>();
  Replica peer;
  int bytes;
  int pushed;
  int pushedInVain;

  /** Exactly as they were there already. */
  int pushedAgain;

  private final List<String> outcome = new ArrayList<>();
  boolean done;
  boolean proved;
  boolean gaveUp;
  boolean stale;

  /** What the other side lacks and is not given. */
  final Set<EntryInfo> lacking = new HashSet<>();

  /** What an arc is split into. */
  List<Arc> arcs = List.of();

  Replica(long seed) {
    this(Arc.wholeRing(Id.ZERO), seed);
  }

  Replica(Arc arc, long seed) {
    this(arc, seed, NETWORK::of);
  }

  Replica(long seed, Giving giving, int pieceEntries) {
    this(Arc.wholeRing(Id.ZERO), seed, NETWORK::of, giving, pieceEntries);
  }

  /** A side whose index digests as somebody who crafts ids would like it. */
  Replica(Arc arc, long seed, ToLongFunction<EntryInfo> digest) {
    this(arc, seed, digest, Giving.BOTH, Session.PIECE_ENTRIES);
  }

  Replica(Arc arc, long seed, ToLongFunction<EntryInfo> digest, Giving giving, int pieceEntries) {
    this.giving = giving;
    this.pieceEntries = pieceEntries;
    index = new Index(digest);
    salts = new SplittableRandom(seed)::nextLong;
    session = session(arc);
  }

  private Session session(Arc arc) {
    return new Session(index, arc, salts, giving, pieceEntries);
  }

  /** Forgets the session, and has another one for this arc. */
  void turnTo(Arc arc) {
    session = session(arc);
    done = false;
    proved = false;
    arcs = List.of();
  }

  static void join(Replica a, Replica b) {
    a.peer = b;
    b.peer = a;
  }

  static Id id(SplittableRandom random) {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static EntryInfo blob(Id id) {
    return new EntryInfo(id, Kind.BLOB, 0, true, 1);
  }

  /** The merge rule; whether it changed anything. */
  boolean put(EntryInfo entry) {
    EntryInfo before = store.get(entry.id());
    EntryInfo joined = before == null ? entry : Merge.join(before, entry);
    if (joined.equals(before)) {
      return false;
    }
    if (before != null) {
      index.remove(before);
    }
    store.put(joined.id(), joined);
    index.add(joined);
    index.crowded().ifPresent(leaf -> index.split(leaf, in(List.of(leaf))));
    return true;
  }

  void drop(Id id) {
    EntryInfo before = store.remove(id);
    if (before != null) {
      index.remove(before);
    }
  }

  List<EntryInfo> in(List<Arc> arcs) {
    List<EntryInfo> entries = new ArrayList<>();
    for (Arc arc : arcs) {
      Id first = arc.from().next();
      if (first.equals(Id.ZERO) && arc.isWholeRing()) {
        entries.addAll(store.values());
      } else if (first.compareTo(arc.to()) > 0) {
        entries.addAll(store.tailMap(first, true).values());
        entries.addAll(store.headMap(arc.to(), true).values());
      } else {
        entries.addAll(store.subMap(first, true, arc.to(), true).values());
      }
    }
    return entries;
  }

  void begin(boolean prove) {
    done = false;
    proved = false;
    arcs = List.of();
    lacking.clear();
    outcome.clear();
    act(session.start(prove));
  }

  /** Takes a message, which must have an outcome that a request can be answered by. */
  void hear(Bytes body) {
    outcome.clear();
    act(session.receive(body));
    String all = String.join(" ", outcome);
    assertTrue(all.matches("Send( Done)?|Done|Split|GaveUp|Stale"), () -> "it came to " + all);
  }

  private void act(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.NeedIds need) {
        act(session.supply(in(need.arcs())));
      } else if (step instanceof Step.Push push) {
        push.entries().forEach(this::push);
      } else if (step instanceof Step.Lacks lacks) {
        lacking.addAll(lacks.entries());
      } else {
        outcome.add(step.getClass().getSimpleName());
        end(step);
      }
    }
  }

  private void push(EntryInfo entry) {
    pushed++;
    EntryInfo before = peer.store.get(entry.id());
    if (!peer.put(entry)) {
      pushedInVain++;
      pushedAgain += entry.equals(before) ? 1 : 0;
      if (!entry.equals(before)) {
        peer.session.superseded(entry);
      }
    }
  }

  private void end(Step step) {
    if (step instanceof Step.Send send) {
      bytes += send.body().size();
      outbox.add(send.body());
    } else if (step instanceof Step.Done end) {
      done = true;
      proved = end.proved();
    } else if (step instanceof Step.GaveUp end) {
      gaveUp = true;
      sentences.add(end);
    } else if (step instanceof Step.Stale) {
      stale = true;
    } else if (step instanceof Step.Split split) {
      arcs = split.arcs();
    }
  }

  /** Delivers in turn until nobody says anything more; how many messages that took. */
  static int run(Replica a, Replica b) {
    int messages = 0;
    while (!a.outbox.isEmpty() || !b.outbox.isEmpty()) {
      Replica from = a.outbox.isEmpty() ? b : a;
      from.peer.hear(from.outbox.remove(0));
      messages++;
    }
    return messages;
  }
}
