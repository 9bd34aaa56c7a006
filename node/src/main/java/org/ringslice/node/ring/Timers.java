package org.ringslice.node.ring;

import java.util.PriorityQueue;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Turn;

/**
 * What is to happen later, over the one timer that the world offers. Alarms of the same moment ring
 * in the order in which they were set. A cancelled alarm never rings.
 */
public final class Timers {

  /** What to do when the time has come. */
  @FunctionalInterface
  public interface Alarm {
    void ring(Turn turn);
  }

  /** An alarm that is set; the handle to cancel it. */
  public static final class Handle implements Comparable<Handle> {
    private final long at;
    private final long sequence;

    /** Null once it has rung or was cancelled. */
    private Alarm alarm;

    private Handle(long at, long sequence, Alarm alarm) {
      this.at = at;
      this.sequence = sequence;
      this.alarm = alarm;
    }

    @Override
    public int compareTo(Handle other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  private static final long NEVER = Long.MAX_VALUE;

  /**
   * Those that are set, and those cancelled that nobody has come across since: most alarms are the
   * deadlines of calls, and are cancelled long before their time.
   */
  private final PriorityQueue<Handle> alarms = new PriorityQueue<>();

  /** How many of those are cancelled; at most half. */
  private int cancelled;

  private long nextSequence;
  private long armedAt = NEVER;

  /** Sets an alarm {@code delayNanos} after this turn. */
  public Handle after(long delayNanos, Turn turn, Alarm alarm) {
    return at(turn.now() + delayNanos, alarm);
  }

  /** Sets an alarm at a moment; one that has passed rings at the next turn of the timer. */
  public Handle at(long atNanos, Alarm alarm) {
    Handle handle = new Handle(atNanos, nextSequence++, alarm);
    alarms.add(handle);
    return handle;
  }

  /** Nothing happens when it has rung, or is null. */
  public void cancel(Handle handle) {
    if (handle == null || !isSet(handle)) {
      return;
    }
    handle.alarm = null;
    cancelled++;
    if (cancelled > alarms.size() / 2) {
      alarms.removeIf(alarm -> !isSet(alarm));
      cancelled = 0;
    }
  }

  /** Whether an alarm has neither rung nor been cancelled. */
  public boolean isSet(Handle handle) {
    return handle.alarm != null;
  }

  /** The timer fired: rings all alarms whose time has come. */
  public void fired(Turn turn) {
    armedAt = NEVER;
    for (Handle first = first(); first != null && first.at <= turn.now(); first = first()) {
      alarms.remove();
      Alarm alarm = first.alarm;
      first.alarm = null;
      alarm.ring(turn);
    }
  }

  /** The next to ring, or null. */
  private Handle first() {
    while (!alarms.isEmpty() && !isSet(alarms.peek())) {
      alarms.remove();
      cancelled--;
    }
    return alarms.peek();
  }

  /**
   * The last thing in each turn: sees to it that the timer fires no later than the first alarm. It
   * may fire earlier than needed after a cancellation, which costs less than moving it each time.
   */
  public void arm(Turn turn) {
    Handle first = first();
    if (first != null && first.at < armedAt) {
      armedAt = first.at;
      turn.emit(new Effect.SetTimer(armedAt));
    }
  }
}
