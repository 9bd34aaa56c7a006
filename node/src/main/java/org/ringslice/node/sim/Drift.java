package org.ringslice.node.sim;

import java.util.SplittableRandom;

/**
 * The monotonic clock of one machine: it began to count at some moment of its own, and runs a
 * little too fast or too slow.
 */
final class Drift {
  /** How far a quartz may be off: twice the 50 ppm that their data sheets allow. */
  private static final int PARTS_PER_MILLION_MAX = 100;

  /** The machine has been up for at most so long: a year. */
  private static final long OFFSET_NANOS_MAX = 365L * 24 * 3600 * 1_000_000_000L;

  private final Agenda agenda;
  private final long offsetNanos;
  private final long partsPerMillion;

  Drift(Agenda agenda, SplittableRandom random) {
    this.agenda = agenda;
    offsetNanos = random.nextLong(OFFSET_NANOS_MAX);
    partsPerMillion = random.nextInt(-PARTS_PER_MILLION_MAX, PARTS_PER_MILLION_MAX + 1);
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
