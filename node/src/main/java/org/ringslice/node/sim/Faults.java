package org.ringslice.node.sim;

import java.util.SplittableRandom;

/** What the network does to messages at the moment, besides being split. */
final class Faults {
  /** A switched LAN, with a kernel at each end; measured on one machine: 84 us a round trip. */
  private static final long DELAY_NANOS_MIN = 50_000;

  private static final long DELAY_NANOS_MAX = 500_000;

  /** One message in so many takes longer, as when a thread is not scheduled. A guess. */
  private static final int LATE_ONE_IN = 100;

  private static final int LATENESS = 10;

  private final SplittableRandom random;
  private long delayNanosMin = DELAY_NANOS_MIN;
  private long delayNanosMax = DELAY_NANOS_MAX;
  private double loss;
  private double breaks;
  private double duplicates;

  Faults(SplittableRandom random) {
    this.random = random;
  }

  void delay(long leastNanos, long mostNanos) {
    delayNanosMin = leastNanos;
    delayNanosMax = mostNanos;
  }

  /** The share of messages that vanish while their connection stays. */
  void lose(double share) {
    loss = share;
  }

  /** The share of messages at which their connection breaks. */
  void breakAt(double share) {
    breaks = share;
  }

  /** The share of messages that arrive twice. */
  void duplicate(double share) {
    duplicates = share;
  }

  void heal() {
    delay(DELAY_NANOS_MIN, DELAY_NANOS_MAX);
    lose(0);
    breakAt(0);
    duplicate(0);
  }

  /** How long the next message is on its way. */
  long drawDelayNanos() {
    long delayNanos = random.nextLong(delayNanosMin, delayNanosMax + 1);
    return random.nextInt(LATE_ONE_IN) == 0 ? LATENESS * delayNanos : delayNanos;
  }

  boolean losesNext() {
    return loss > 0 && random.nextDouble() < loss;
  }

  boolean breaksNext() {
    return breaks > 0 && random.nextDouble() < breaks;
  }

  boolean duplicatesNext() {
    return duplicates > 0 && random.nextDouble() < duplicates;
  }
}
