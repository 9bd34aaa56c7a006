package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.ForeignArc;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Timers;

/**
 * Since when this node has been no holder of each point of the ring, without a break, while it ran.
 * Moments are rounded up to a step, so that there are few, and nothing is ever older here than it
 * is. It is noted for the next start at each step and at a stop, so a kill makes it younger by a
 * step.
 */
final class ForeignAges {
  /** Steps of the time for which copies are kept: to the hour, of a day. */
  private static final int STEPS = 24;

  /** Between two notes for the next start, at least. A guess. */
  private static final long NOTE_NANOS_MIN = 60_000_000_000L;

  /** Arcs that are noted; the youngest past that begin anew at the next start. */
  private static final int ARCS_MAX = Limits.ARCS_MAX;

  private final Timers timers;
  private final Retention retention;
  private final long stepNanos;

  // by the moment, apart from each other and none of them empty
  private TreeMap<Long, Arcs> since = new TreeMap<>();

  private boolean hasResumed;
  private boolean isNoted;
  private Timers.Handle note;

  ForeignAges(Timers timers, Retention retention) {
    this.timers = timers;
    this.retention = retention;
    stepNanos = Math.max(1, retention.nanos() / STEPS);
    isNoted = !retention.foreign().isEmpty();
  }

  /**
   * From now on this is foreign and nothing else. Only said by a node that is on the ring: before,
   * it knows of too few others, and takes what is theirs for its own.
   */
  void become(Arcs foreign, Turn turn) {
    if (!hasResumed) {
      hasResumed = true;
      resume(turn.now());
    }
    long ripeNanos = turn.now() - retention.nanos();
    TreeMap<Long, Arcs> next = new TreeMap<>();
    Arcs fresh = foreign;
    for (Map.Entry<Long, Arcs> each : since.entrySet()) {
      Arcs still = fresh.and(each.getValue());
      fresh = fresh.minus(still);
      if (!still.isEmpty()) {
        // what is ripe stays so, and need not be told apart
        next.merge(Math.max(each.getKey(), ripeNanos), still, Arcs::plus);
      }
    }
    if (!fresh.isEmpty()) {
      next.merge(roundedUp(turn.now()), fresh, Arcs::plus);
    }
    since = next;
    if (!since.isEmpty() && (note == null || !timers.isSet(note))) {
      noteLater(turn);
    }
  }

  private void resume(long now) {
    for (ForeignArc each : retention.foreign()) {
      long atNanos = now - Math.min(each.nanos(), retention.nanos());
      since.merge(atNanos, Arcs.of(List.of(each.arc())), Arcs::plus);
    }
  }

  private long roundedUp(long moment) {
    return -Math.floorDiv(-moment, stepNanos) * stepNanos;
  }

  private void noteLater(Turn turn) {
    note =
        timers.after(
            Math.max(NOTE_NANOS_MIN, stepNanos),
            turn,
            later -> {
              note(later);
              if (!since.isEmpty()) {
                noteLater(later);
              }
            });
  }

  /** Has it noted for the next start. */
  void note(Turn turn) {
    if (hasResumed && (isNoted || !since.isEmpty())) {
      isNoted = !since.isEmpty();
      turn.emit(new Effect.RememberForeign(toList(turn.now())));
    }
  }

  /** The oldest first. */
  private List<ForeignArc> toList(long now) {
    List<ForeignArc> all = new ArrayList<>();
    since.forEach(
        (moment, arcs) -> {
          for (Arc arc : arcs.toList()) {
            if (all.size() < ARCS_MAX) {
              all.add(new ForeignArc(arc, Math.max(0, now - moment)));
            }
          }
        });
    return all;
  }

  /** What has been foreign for as long as copies are kept. */
  Arcs ripe(Turn turn) {
    Arcs ripe = Arcs.NONE;
    for (Arcs arcs : since.headMap(turn.now() - retention.nanos(), true).values()) {
      ripe = ripe.plus(arcs);
    }
    return ripe;
  }

  /** In how long more comes to be so. */
  OptionalLong nanosUntilMore(Turn turn) {
    Long next = since.higherKey(turn.now() - retention.nanos());
    return next == null
        ? OptionalLong.empty()
        : OptionalLong.of(next + retention.nanos() - turn.now());
  }
}
