package org.ringslice.node.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.ringslice.messages.Entry;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;

/**
 * The one queue of a node. Any thread puts; one thread, the loop, takes all there is at once. While
 * it is full a putting thread waits, so that a flood is held back at its source; the loop itself
 * never waits, for it would wait for itself.
 */
final class EventQueue implements EventSink {
  /** Events in the queue. A guess: a tenth of a second of small messages. */
  static final int EVENTS_MAX = 16_384;

  /** Payload of the events in the queue; small beside a 256 MB heap. One event may pass it. */
  static final long BYTES_MAX = 32L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notFull = lock.newCondition();
  private ArrayDeque<Event> events = new ArrayDeque<>();
  private ArrayDeque<Event> taken = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private boolean sleeping;
  private volatile Thread loop;

  @Override
  public void put(Event event) {
    boolean wake;
    lock.lock();
    try {
      while (isFull() && !closed && Thread.currentThread() != loop) {
        notFull.awaitUninterruptibly();
      }
      if (closed) {
        return;
      }
      events.add(event);
      bytes += payloadBytes(event);
      wake = sleeping;
      sleeping = false;
    } finally {
      lock.unlock();
    }
    if (wake) {
      LockSupport.unpark(loop);
    }
  }

  private boolean isFull() {
    return events.size() >= EVENTS_MAX || bytes >= BYTES_MAX;
  }

  private static long payloadBytes(Event event) {
    long sum = 0;
    if (event instanceof Event.Arrived arrived) {
      for (Entry entry : arrived.envelope().message().payload()) {
        sum += entry.bytes().size();
      }
    }
    return sum;
  }

  /**
   * Takes all events there are, waiting for one until a moment of {@link System#nanoTime}. The
   * queue's next call reuses what it returned. For the loop thread alone.
   */
  ArrayDeque<Event> takeAll(long untilNanos) {
    taken.clear();
    while (!swap() && untilNanos - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, untilNanos - System.nanoTime());
    }
    return taken;
  }

  /** Whether there was anything to take, or never will be; else whoever puts wakes the loop. */
  private boolean swap() {
    lock.lock();
    try {
      loop = Thread.currentThread();
      sleeping = events.isEmpty() && !closed;
      if (sleeping) {
        return false;
      }
      ArrayDeque<Event> all = events;
      events = taken;
      taken = all;
      bytes = 0;
      notFull.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits goes on; what comes from now on is dropped. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events.clear();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(loop);
  }
}
