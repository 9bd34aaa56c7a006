package org.ringslice.node.sim;

import java.util.SplittableRandom;

/**
 * The monotonic clock of one machine: it began to count at some moment of its own, and runs a
 * little too fast or too slow.
 */
final class Drift {
  /** The machine has been up for at most so long: a year. */
  private static final long OFFSET_NANOS_MAX = 365L * 24 * 3600 * 1_000_000_000L;

  private final Agenda agenda;
  private final long offsetNanos;
  private final long partsPerMillion;

  /**
   * @param share how far its rate may be off
   */
  Drift(Agenda agenda, double share, SplittableRandom random) {
    this.agenda = agenda;
    offsetNanos = random.nextLong(OFFSET_NANOS_MAX);
    int most = (int) Math.round(share * 1_000_000);
    partsPerMillion = random.nextInt(-most, most + 1);
  }

  /** What it shows now. */
  long nanos() {
    return at(agenda.nowNanos());
  }

  private long at(long virtualNanos) {
    return offsetNanos + virtualNanos + Math.floorDiv(virtualNanos * partsPerMillion, 1_000_000L);
  }

  /** The first moment of virtual time at which this clock shows {@code nanos} or more. */
  long whenItShows(long nanos) {
    long virtualNanos = (long) ((nanos - offsetNanos) / (1 + partsPerMillion / 1e6));
    while (at(virtualNanos) < nanos) {
      virtualNanos++;
    }
    return virtualNanos;
  }
}
