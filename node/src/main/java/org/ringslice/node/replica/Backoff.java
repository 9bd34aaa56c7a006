package org.ringslice.node.replica;

/** How long to wait before what has failed is tried again: longer each time, until it succeeds. */
final class Backoff {
  /** A guess: longer than a connection takes. */
  static final long PAUSE_NANOS_MIN = 100_000_000L;

  /** A guess: as often as is knocked at the door of a peer that has gone. */
  static final long PAUSE_NANOS_MAX = 5_000_000_000L;

  private long pauseNanos = PAUSE_NANOS_MIN;
  private int failures;

  /** It failed once more. Returns how long to wait. */
  long failed() {
    failures++;
    long pause = pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    return pause;
  }

  void succeeded() {
    failures = 0;
    pauseNanos = PAUSE_NANOS_MIN;
  }

  /** Failures since it succeeded last. */
  int failures() {
    return failures;
  }
}
