package org.ringslice.node.zmq;

import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;
import zmq.poll.IPollEvents;

/**
 * Keeps ZeroMQ's I/O threads from spinning. A thread that has something for an I/O thread writes a
 * byte to the pipe that wakes it, and only then counts it; an I/O thread that takes the core in
 * between sees a pipe with a byte and a count without, and polls again, at once, until its time
 * slice is over. With few cores that is the rule rather than the exception: it was seen to take
 * most of two cores, and to keep those who were to count for 4 ms at a time. So an I/O thread that
 * is woken for nothing naps for a moment.
 *
 * <p>JeroMQ 0.6.0 has no door for this, so it is done by reflection; where that is not possible all
 * works, more slowly.
 */
final class SignalNaps implements IPollEvents {
  private static final Logger LOG = LoggerFactory.getLogger(SignalNaps.class);

  /** Long enough for another thread to finish one instruction; timers make it 50 us or so. */
  private static final long NAP_NANOS = 1_000;

  /**
   * Looks before a nap: where the other thread has a core of its own, it counts within a
   * microsecond. GetID took 142 instead of 155 us with them.
   */
  private static final int LOOKS_MAX = 200;

  private final IPollEvents ioThread;
  private final Object signaler;
  private final Field received;

  private SignalNaps(IPollEvents ioThread, Object signaler, Field received) {
    this.ioThread = ioThread;
    this.signaler = signaler;
    this.received = received;
  }

  /** Applies to the I/O threads of a context, which must have made a socket: they begin with it. */
  static void teach(ZContext context) {
    try {
      Object core = get(context.getContext(), "ctx");
      for (Object ioThread : (List<?>) get(core, "ioThreads")) {
        Object signaler = get(get(ioThread, "mailbox"), "signaler");
        Field handler = field(get(ioThread, "mailboxHandle"), "handler");
        SignalNaps naps =
            new SignalNaps((IPollEvents) ioThread, signaler, field(signaler, "rcursor"));
        handler.set(get(ioThread, "mailboxHandle"), naps);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("ZeroMQ's threads may spin: {}", e.toString());
    }
  }

  private static Object get(Object holder, String name) throws ReflectiveOperationException {
    return field(holder, name).get(holder);
  }

  private static Field field(Object holder, String name) throws ReflectiveOperationException {
    Field field = holder.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @Override
  public void inEvent() {
    try {
      long before = received.getLong(signaler);
      ioThread.inEvent();
      for (int i = 0; i < LOOKS_MAX && received.getLong(signaler) == before; i++) {
        Thread.onSpinWait();
        ioThread.inEvent();
      }
      if (received.getLong(signaler) == before) {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a field that was accessible is not any more", e);
    }
  }

  // the handle is in a hash set under the I/O thread's hash
  @Override
  public int hashCode() {
    return ioThread.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }
}
