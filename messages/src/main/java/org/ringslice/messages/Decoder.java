package org.ringslice.messages;

import java.io.IOException;
import java.util.List;
import org.msgpack.core.MessagePackException;

/**
 * Reads messages that {@link Encoder} wrote, or that a stranger made up: nothing is read
 * recursively, and whatever departs from the grammar is a {@link ProtocolException} or a {@link
 * Message.Unreadable}, never another exception. Reuses its buffers, so a decoder belongs to one
 * thread.
 */
public final class Decoder {
  private final BodyReader in;

  public Decoder() {
    this(Sharing.NONE);
  }

  /**
   * @param sharing with other decoders in the same memory
   */
  public Decoder(Sharing sharing) {
    in = new BodyReader(sharing);
  }

  /** What the first fields of a header say; they are the same in every version. */
  private record Preamble(int version, int typeCode, long processingId, Header.Form form) {}

  /**
   * The message in these frames. When the header can be read and the body cannot, it is {@link
   * Message.Unreadable}, so that a request can still be answered.
   *
   * @throws ProtocolException when not even the header can be read
   */
  public Envelope decode(Frames frames) throws ProtocolException {
    Preamble preamble;
    Header header;
    try {
      in.begin(frames.header(), Limits.HEADER_BYTES_MAX, List.of());
      preamble = preamble();
      header = header(preamble);
    } catch (MessagePackException | IOException e) {
      throw BodyReader.malformed("the header is not MessagePack as the grammar has it");
    }
    return new Envelope(header, message(preamble, frames));
  }

  private Message message(Preamble preamble, Frames frames) {
    int type = preamble.typeCode();
    if (preamble.version() != Header.VERSION) {
      String why =
          "version " + preamble.version() + " of the protocol; this node speaks " + Header.VERSION;
      return new Message.Unreadable(type, ErrorCode.UNSUPPORTED_VERSION, why);
    }
    try {
      Shape<? extends Message> shape = shape(preamble);
      in.begin(frames.body(), Limits.BODY_BYTES_MAX, frames.payload());
      Message message = shape.read(in);
      in.end("body");
      return message;
    } catch (ProtocolException e) {
      return new Message.Unreadable(type, e.code(), e.getMessage());
    } catch (MessagePackException | IOException e) {
      return new Message.Unreadable(
          type, ErrorCode.MALFORMED, "the body is not MessagePack as the grammar has it");
    }
  }

  private static Shape<? extends Message> shape(Preamble preamble) throws ProtocolException {
    int code = preamble.typeCode();
    if (preamble.form() == Header.Form.ERROR) {
      return Message.Failure.body(code);
    }
    Type type = Type.ofCode(code);
    if (type == null) {
      throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "no message has the type " + code);
    }
    if (preamble.form() == Header.Form.SIGNAL) {
      throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "no signal has the type " + code);
    }
    return preamble.form() == Header.Form.REQUEST ? type.request() : type.answer();
  }

  private Preamble preamble() throws ProtocolException, IOException {
    int fields = in.array();
    int version = in.number(0, Integer.MAX_VALUE, "version");
    if (version == Header.VERSION ? fields != 7 : fields < 4) {
      throw BodyReader.malformed("a header of " + fields + " fields");
    }
    int type = in.number(0, Integer.MAX_VALUE, "type");
    long processingId = in.unsigned();
    Header.Form form = Header.Form.ofCode(in.unsigned());
    if (form == null) {
      throw BodyReader.malformed("neither a request nor an answer, an error or a signal");
    }
    return new Preamble(version, type, processingId, form);
  }

  private Header header(Preamble preamble) throws ProtocolException, IOException {
    if (preamble.version() != Header.VERSION) {
      return new Header(preamble.processingId(), preamble.form(), Id.ZERO, Id.ZERO, 0);
    }
    Id requestor = in.id();
    Id target = in.id();
    int hops = in.number(0, Limits.HOPS_MAX, "hops");
    in.end("header");
    return new Header(preamble.processingId(), preamble.form(), requestor, target, hops);
  }
}
