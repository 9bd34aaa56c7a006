package org.ringslice.messages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes messages as {@code PROTOCOL.md} says: MessagePack arrays for header and body, payloads
 * beside them. Reuses its buffers, so an encoder belongs to one thread.
 */
public final class Encoder {
  private static final Shape<Message.Failure> FAILURE = Message.Failure.body(0);

  private final BodyWriter out = new BodyWriter();

  /**
   * The frames of a message that keeps to {@link Limits}. Payload frames share the entries' bytes.
   */
  public Frames encode(Envelope envelope) {
    try {
      Bytes header = header(envelope);
      Bytes body = body(envelope.header().form(), envelope.message());
      return new Frames(header, body, payload(envelope.message()));
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  private Bytes header(Envelope envelope) throws IOException {
    Header header = envelope.header();
    out.begin();
    out.array(7);
    out.number(Header.VERSION);
    out.number(envelope.message().typeCode());
    out.unsigned(header.processingId());
    out.number(header.form().ordinal());
    out.id(header.requestor());
    out.id(header.target());
    out.number(header.hops());
    return out.take();
  }

  private Bytes body(Header.Form form, Message message) throws IOException {
    out.begin();
    write(shape(form, message.typeCode()), message);
    return out.take();
  }

  private static Shape<? extends Message> shape(Header.Form form, int typeCode) {
    return switch (form) {
      case REQUEST -> Type.ofCode(typeCode).request();
      case ANSWER -> Type.ofCode(typeCode).answer();
      case ERROR -> FAILURE;
      case SIGNAL -> throw new IllegalArgumentException("no signal is ever sent");
    };
  }

  /** A message of a form and a type has their shape; any other is a fault of the caller. */
  @SuppressWarnings("unchecked")
  private void write(Shape<? extends Message> shape, Message message) throws IOException {
    ((Shape<Message>) shape).write(message, out);
  }

  private static List<Bytes> payload(Message message) {
    List<Entry> entries = message.payload();
    if (entries.isEmpty()) {
      return List.of();
    }
    List<Bytes> frames = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.alive()) {
        frames.add(entry.bytes());
      }
    }
    return frames;
  }
}
