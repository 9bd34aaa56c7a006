package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.ForeignArc;

/**
 * Since when this node has been no holder of each point of the ring, without a break. Moments are
 * rounded up to a step, so that there are few, and nothing is ever older here than it is.
 */
final class ForeignAges {
  /** Steps of the time for which copies are kept: to the hour, of a day. */
  private static final int STEPS = 24;

  /** Arcs that are remembered over a restart; the youngest past that begin anew. */
  private static final int ARCS_MAX = Limits.ARCS_MAX;

  private final long stepNanos;

  // by the moment, apart from each other and none of them empty
  private TreeMap<Long, Arcs> since = new TreeMap<>();

  ForeignAges(long keepNanos) {
    stepNanos = Math.max(1, keepNanos / STEPS);
  }

  long stepNanos() {
    return stepNanos;
  }

  /** Takes up what was remembered; before all else. */
  void resume(List<ForeignArc> remembered, long now) {
    for (ForeignArc each : remembered) {
      since.merge(roundedUp(now - each.nanos()), Arcs.of(List.of(each.arc())), Arcs::plus);
    }
  }

  private long roundedUp(long moment) {
    return -Math.floorDiv(-moment, stepNanos) * stepNanos;
  }

  /** From now on this is foreign and nothing else. */
  void become(Arcs foreign, long now) {
    TreeMap<Long, Arcs> next = new TreeMap<>();
    Arcs fresh = foreign;
    for (Map.Entry<Long, Arcs> each : since.entrySet()) {
      Arcs still = fresh.and(each.getValue());
      fresh = fresh.minus(still);
      if (!still.isEmpty()) {
        next.put(each.getKey(), still);
      }
    }
    if (!fresh.isEmpty()) {
      next.merge(roundedUp(now), fresh, Arcs::plus);
    }
    since = next;
  }

  /** What has been foreign for so long. */
  Arcs olderThan(long nanos, long now) {
    Arcs old = Arcs.NONE;
    for (Arcs arcs : since.headMap(now - nanos, true).values()) {
      old = old.plus(arcs);
    }
    return old;
  }

  /** The next moment at which something more has been foreign for so long. */
  OptionalLong nextOlderThan(long nanos, long now) {
    Long next = since.higherKey(now - nanos);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next + nanos);
  }

  /** What is to be remembered, the oldest first. */
  List<ForeignArc> toList(long now) {
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
}
