package org.ringslice.node.talk;

import java.util.ArrayDeque;
import java.util.TreeSet;
import org.ringslice.messages.Guid;

/**
 * The guids of the general messages that this node has taken in lately, so that it takes in each
 * once; and how many new ones it takes in at all, so that a flood ends at the next node.
 */
public final class SeenGuids {
  /**
   * A guid is remembered for so long: longer than a broadcast lives, of which each step takes at
   * most some seconds, and which passes {@link org.ringslice.messages.Limits#HOPS_MAX} nodes.
   */
  static final long AGE_NANOS = 120_000_000_000L;

  /** New ones in a second, at the most. A guess: more than people send, less than hurts. */
  static final int RATE_PER_SECOND = 500;

  /** New ones at once after a pause: those of a second. */
  private static final long BURST_NANOS = 1_000_000_000L;

  private static final long INTERVAL_NANOS = BURST_NANOS / RATE_PER_SECOND;

  /** All that come in the time for which they are remembered; past that the oldest is forgotten. */
  static final int SEEN_MAX = 65_536;

  private record Seen(Guid guid, long atNanos) {}

  private final TreeSet<Guid> guids = new TreeSet<>();
  private final ArrayDeque<Seen> inOrder = new ArrayDeque<>();

  /** When what was taken in would have come, had it come at the rate. */
  private long paceNanos = Long.MIN_VALUE;

  boolean has(Guid guid) {
    return guids.contains(guid);
  }

  /**
   * Takes a new one in, unless they come too fast. Returns whether it did. The pace is that of a
   * leaky bucket (the generic cell rate algorithm, ITU-T I.371).
   */
  boolean note(Guid guid, long nowNanos) {
    forget(nowNanos);
    long pace = Math.max(paceNanos, nowNanos) + INTERVAL_NANOS;
    if (pace - nowNanos > BURST_NANOS) {
      return false;
    }
    paceNanos = pace;
    guids.add(guid);
    inOrder.add(new Seen(guid, nowNanos));
    return true;
  }

  private void forget(long nowNanos) {
    while (inOrder.size() >= SEEN_MAX
        || (!inOrder.isEmpty() && nowNanos - inOrder.peek().atNanos() > AGE_NANOS)) {
      guids.remove(inOrder.remove().guid());
    }
  }
}
