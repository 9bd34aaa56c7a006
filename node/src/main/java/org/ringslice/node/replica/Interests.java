package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
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

  private static final class Interest {
    final Arcs arcs;
    long askedAtNanos;

    Interest(Arcs arcs) {
      this.arcs = arcs;
    }
  }

  private final List<Interest> interests = new ArrayList<>();
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
    Interest interest = new Interest(arcs);
    interest.askedAtNanos = nowNanos;
    interests.add(interest);
    union = more;
    return true;
  }

  /** Forgets those that were not asked for lately. Returns whether less is watched now. */
  boolean forget(long nowNanos) {
    interests.removeIf(interest -> nowNanos - interest.askedAtNanos >= LINGER_NANOS);
    Arcs before = union;
    union = interests.stream().map(interest -> interest.arcs).reduce(Arcs.NONE, Arcs::plus);
    return !union.equals(before);
  }
}
