package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Limits;

/**
 * The slices that somebody watches here: those that were asked for lately. A watcher needs no
 * farewell, and one that is away for a moment is not forgotten.
 */
final class Interests {
  /** Without a question a watcher is taken for gone. A guess: longer than a restart takes. */
  static final long LINGER_NANOS = 600_000_000_000L;

  /** Different slices, and pieces of the ring that all together come to: what one Watch can ask. */
  static final int SLICES_MAX = 1024;

  /**
   * How long a slice that could not be watched is refused without another look. A guess: rings
   * shrink slowly, and a look asks hundreds of nodes.
   */
  static final long REFUSED_NANOS = 60_000_000_000L;

  private static final class Interest {
    final Arcs arcs;
    final long sinceNanos;
    long askedAtNanos;

    Interest(Arcs arcs, long nowNanos) {
      this.arcs = arcs;
      sinceNanos = nowNanos;
      askedAtNanos = nowNanos;
    }
  }

  // in the order in which they were asked for first
  private final List<Interest> interests = new ArrayList<>();

  // those that were given up lately, the latest last; past SLICES_MAX the first is forgotten
  private final ArrayDeque<Interest> refused = new ArrayDeque<>();
  private Arcs union = Arcs.NONE;

  /** All that is watched. */
  Arcs union() {
    return union;
  }

  /** Somebody asks for a slice. Returns whether there is room for it. */
  boolean note(Arcs arcs, long nowNanos) {
    for (Interest known : interests) {
      if (known.arcs.equals(arcs)) {
        known.askedAtNanos = nowNanos;
        return true;
      }
    }
    Arcs more = union.plus(arcs);
    if (interests.size() >= SLICES_MAX || more.toList().size() > Limits.WATCHED_ARCS_MAX) {
      return false;
    }
    interests.add(new Interest(arcs, nowNanos));
    union = more;
    return true;
  }

  /**
   * All that were watched at a moment are too much together: of those the one that was asked for
   * first after the others is watched no more. Returns it; nothing when they all have gone by now.
   */
  Optional<Arcs> refuseNewest(long thenNanos, long nowNanos) {
    int newest = interests.size() - 1;
    while (newest >= 0 && interests.get(newest).sinceNanos > thenNanos) {
      newest--;
    }
    if (newest < 0) {
      return Optional.empty();
    }
    Arcs arcs = interests.remove(newest).arcs;
    union = unionOfAll();
    refused.add(new Interest(arcs, nowNanos));
    if (refused.size() > SLICES_MAX) {
      refused.remove();
    }
    return Optional.of(arcs);
  }

  /** Whether a slice was lately too much. */
  boolean isRefused(Arcs arcs, long nowNanos) {
    refused.removeIf(interest -> nowNanos - interest.askedAtNanos >= REFUSED_NANOS);
    return refused.stream().anyMatch(interest -> interest.arcs.equals(arcs));
  }

  /** Forgets those that were not asked for lately. Returns whether less is watched now. */
  boolean forget(long nowNanos) {
    interests.removeIf(interest -> nowNanos - interest.askedAtNanos >= LINGER_NANOS);
    Arcs before = union;
    union = unionOfAll();
    return !union.equals(before);
  }

  private Arcs unionOfAll() {
    return interests.stream().map(interest -> interest.arcs).reduce(Arcs.NONE, Arcs::plus);
  }
}
