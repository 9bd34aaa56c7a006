package org.ringslice.node.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
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

  /**
   * How long the loop looks for events before it goes to sleep. Waking it costs about as much, and
   * is on the way of every message.
   */
  private static final long SPIN_NANOS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private ArrayDeque<Event> events = new ArrayDeque<>();
  private ArrayDeque<Event> taken = new ArrayDeque<>();
  private long bytes;
  private volatile boolean empty = true;
  private boolean closed;
  private boolean sleeping;
  private Thread loop;

  @Override
  public void put(Event event) {
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
      empty = false;
      if (sleeping) {
        notEmpty.signal();
      }
    } finally {
      lock.unlock();
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
    spin(untilNanos);
    lock.lock();
    try {
      loop = Thread.currentThread();
      taken.clear();
      sleeping = true;
      while (events.isEmpty() && !closed) {
        long waitNanos = untilNanos - System.nanoTime();
        if (waitNanos <= 0) {
          break;
        }
        notEmpty.awaitNanos(waitNanos);
      }
      ArrayDeque<Event> all = events;
      events = taken;
      taken = all;
      bytes = 0;
      empty = true;
      notFull.signalAll();
      return all;
    } catch (InterruptedException e) {
      // nobody has a reason to interrupt the loop; what is there is taken at the next call
      Thread.currentThread().interrupt();
      return taken;
    } finally {
      sleeping = false;
      lock.unlock();
    }
  }

  private void spin(long untilNanos) {
    long end = Math.min(untilNanos, System.nanoTime() + SPIN_NANOS);
    while (empty && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** Whoever waits goes on; what comes from now on is dropped. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events.clear();
      notFull.signalAll();
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
