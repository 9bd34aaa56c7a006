package org.ringslice.node.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.ring.Guests;

/**
 * The line of the program in whose process a core runs: its questions are events like any other's.
 */
final class LocalLine implements Line {
  private final Id self;
  private final EventSink sink;
  private final AtomicLong nextProcessingId = new AtomicLong(1);
  private final ConcurrentHashMap<Long, CompletableFuture<Message.Answer>> waiting =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  LocalLine(Id self, EventSink sink) {
    this.self = self;
    this.sink = sink;
  }

  @Override
  public CompletableFuture<Message.Answer> ask(Message.Request request) {
    long processingId = nextProcessingId.getAndIncrement();
    CompletableFuture<Message.Answer> future = new CompletableFuture<>();
    waiting.put(processingId, future);
    Header header = new Header(processingId, Header.Form.REQUEST, self, Id.ZERO, 0);
    sink.put(new Event.Arrived(Guests.LOCAL_LINK, Lane.CONTROL, new Envelope(header, request)));
    if (closed) {
      close();
    }
    return future;
  }

  /** The core answers. */
  void answered(Envelope envelope) {
    CompletableFuture<Message.Answer> future = waiting.remove(envelope.header().processingId());
    if (future == null) {
      return;
    }
    if (envelope.message() instanceof Message.Answer answer) {
      future.complete(answer);
    } else if (envelope.message() instanceof Message.Failure failure) {
      future.completeExceptionally(RefusedException.of(failure));
    }
  }

  /** Refuses all that wait. */
  void close() {
    closed = true;
    for (Long processingId : waiting.keySet()) {
      CompletableFuture<Message.Answer> future = waiting.remove(processingId);
      if (future != null) {
        future.completeExceptionally(
            RefusedException.forGood(ErrorCode.STOPPING, "this node has stopped"));
      }
    }
  }
}
