package org.ringslice.node.zmq;

/**
 * Whether a worker that has put something into the sink should stay awake for the answer. Where the
 * loop thread has a core to itself the answer comes within microseconds, and staying awake spares
 * both threads a system call and a wake-up. Where it has to share the worker's core, staying awake
 * is in its way. So each try that fails makes the next ones rarer, and one that succeeds makes them
 * frequent again.
 *
 * <p>It never yields: on a loaded machine that gives the core away for a whole slice, which is 4
 * ms.
 */
final class Spin {
  /** The longest that it pays off to stay awake. Measured by TransportBench with 0 to 80 us. */
  static final long SPIN_NANOS = 30_000;

  /** Bursts let pass after a failure, at most; doubled at each from 1 on. A guess. */
  private static final int PASSED_MAX = 255;

  private boolean on;
  private long untilNanos;
  private int passed;
  private int toPass;

  /** Something was put into the sink. */
  void received(long nowNanos) {
    if (on) {
      untilNanos = nowNanos + SPIN_NANOS;
    } else if (toPass > 0) {
      toPass--;
    } else {
      on = true;
      untilNanos = nowNanos + SPIN_NANOS;
    }
  }

  /** An answer, or anything else to send, has come. */
  void sent() {
    if (on) {
      on = false;
      passed = 0;
    }
  }

  /** Whether to stay awake for now. */
  boolean goesOn(long nowNanos) {
    if (on && untilNanos - nowNanos <= 0) {
      on = false;
      passed = Math.min(PASSED_MAX, 2 * passed + 1);
      toPass = passed;
    }
    return on;
  }
}
