package org.ringslice.node.sim;

import java.util.PriorityQueue;

/**
 * Virtual time, and what is to happen in it. Deeds of the same moment happen in the order in which
 * they were planned, so that one seed gives one run. Time moves only when a deed is taken.
 */
final class Agenda {

  /** Something that happens at a moment. */
  @FunctionalInterface
  interface Deed {
    void happen();
  }

  private record Planned(long at, long sequence, Deed deed) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Planned> planned = new PriorityQueue<>();
  private long nowNanos;
  private long nextSequence;

  /** Nanoseconds since the simulation began. */
  long nowNanos() {
    return nowNanos;
  }

  /** Plans a deed; one for a moment that has passed happens as soon as possible. */
  void at(long atNanos, Deed deed) {
    planned.add(new Planned(Math.max(atNanos, nowNanos), nextSequence++, deed));
  }

  void after(long delayNanos, Deed deed) {
    at(nowNanos + delayNanos, deed);
  }

  /**
   * Has the next deed happen, if that is no later than {@code untilNanos}; else it becomes {@code
   * untilNanos} and nothing happens. Returns whether something did.
   */
  boolean step(long untilNanos) {
    Planned next = planned.peek();
    if (next == null || next.at > untilNanos) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    planned.poll();
    nowNanos = next.at;
    next.deed.happen();
    return true;
  }
}
