package org.ringslice.node.zmq;

import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;

/** The events of a transport, for a test to take one by one; and the messages that tests send. */
final class Inbox implements EventSink {
  private static final int PATIENCE_SECONDS = 10;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @Override
  public void put(Event event) {
    events.add(event);
  }

  /** The next event, which must be of this type. */
  <T extends Event> T next(Class<T> type) {
    Event event = poll(PATIENCE_SECONDS * 1000L);
    if (event == null) {
      throw new AssertionError("no event came; expected " + type.getSimpleName());
    }
    if (!type.isInstance(event)) {
      throw new AssertionError("expected " + type.getSimpleName() + ", came " + event);
    }
    return type.cast(event);
  }

  /** The next event, or null when none comes. */
  Event poll(long millis) {
    try {
      return events.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int size() {
    return events.size();
  }

  static Envelope request(long processingId) {
    Header header = new Header(processingId, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    return new Envelope(header, new Message.Heartbeat(processingId, 0));
  }

  static Envelope store(long processingId, Entry... entries) {
    Header header = new Header(processingId, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    return new Envelope(header, new Message.Store(List.of(entries), Message.Intent.REPLICATE));
  }

  static Envelope answer(Envelope request) {
    return request.reply(new Message.Alive(request.header().processingId(), 0));
  }

  static Entry blob(int sizeBytes, int seed) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return Entry.blob(Bytes.wrap(bytes));
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
