package org.ringslice.node.ring;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/**
 * What was lately found round places far off, so that what is done there needs to look once. Who
 * was found stays known for as long as what is done with it may take.
 */
final class Visits {
  /** How long those found stay known: longer than a read or a store takes. */
  static final long STAY_NANOS = 20_000_000_000L;

  /** Places; past that the oldest is forgotten. Each has up to 33 peers, most have 17. */
  static final int PLACES_MAX = 256;

  private record Visit(Arc arc, List<Id> found, long atNanos) {}

  private final ArrayDeque<Visit> visits = new ArrayDeque<>();

  /** At how many places each was found. */
  private final TreeMap<Id, Integer> found = new TreeMap<>();

  void add(Arc arc, List<Id> peers, long now) {
    visits.add(new Visit(arc, List.copyOf(peers), now));
    peers.forEach(peer -> found.merge(peer, 1, Integer::sum));
    if (visits.size() > PLACES_MAX) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    for (Id peer : visits.remove().found()) {
      found.computeIfPresent(peer, (id, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Forgets what is too old by now. */
  void forget(long now) {
    while (!visits.isEmpty() && now - visits.peek().atNanos() > STAY_NANOS) {
      forgetOldest();
    }
  }

  boolean contains(Id peer) {
    return found.containsKey(peer);
  }

  /** Whether everybody in an arc was found, all at a time, at that moment or later. */
  boolean cover(Arc arc, long sinceNanos) {
    return visits.stream()
        .anyMatch(visit -> visit.atNanos() >= sinceNanos && visit.arc().covers(arc));
  }
}
