package org.ringslice.node.ring;

import java.util.ArrayDeque;
import org.ringslice.node.event.Turn;

/**
 * Where what people ask waits while a node that was just started does not know yet who else there
 * is: it would say of what others hold that nobody has it, and acknowledge a store on its own.
 */
public final class Threshold {
  /** After that it answers by what it knows. A guess: longer than to dial who was remembered. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  /** Questions that wait; one more is answered by what is known. A guess. */
  private static final int WAITING_MAX = 1024;

  private final Membership membership;
  private final Timers timers;
  private final ArrayDeque<Timers.Alarm> waiting = new ArrayDeque<>();
  private boolean isOpen;

  public Threshold(Membership membership, Timers timers) {
    this.membership = membership;
    this.timers = timers;
  }

  public void started(Turn turn) {
    timers.after(PATIENCE_NANOS, turn, this::open);
  }

  /** Goes on when it is known who else there is. */
  public void pass(Turn turn, Timers.Alarm then) {
    if (isOpen || waiting.size() >= WAITING_MAX) {
      then.ring(turn);
    } else {
      waiting.add(then);
    }
  }

  /** Somebody came, went, or changed, or told whom it knows. */
  public void viewChanged(Turn turn) {
    if (!isOpen && membership.knowsTheRing()) {
      // what else hangs on the change comes first
      timers.after(0, turn, this::open);
    }
  }

  private void open(Turn turn) {
    isOpen = true;
    while (!waiting.isEmpty()) {
      waiting.remove().ring(turn);
    }
  }
}
