package org.ringslice.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;
import org.msgpack.value.ValueType;

/**
 * Reads the values that messages are made of. Every count and length is held against its limit and
 * against the bytes that are there before anything is allocated for it. Reuses its buffers; belongs
 * to one thread.
 */
final class BodyReader {
  // text is no bytes and bytes are no text, so that each message has one reading
  private static final MessagePack.UnpackerConfig STRICT =
      new MessagePack.UnpackerConfig()
          .withAllowReadingStringAsBinary(false)
          .withAllowReadingBinaryAsString(false);

  private final ArrayBufferInput input = new ArrayBufferInput(new byte[0]);
  private final MessageUnpacker in = STRICT.newUnpacker(input);
  private final ByteBuffer scratch = ByteBuffer.allocate(Id.BYTES);
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final Sharing sharing;

  private int frameBytes;

  // beside the body, and how many of them were read
  private List<Bytes> payload = List.of();
  private int payloadRead;

  /**
   * @param sharing with other readers in the same memory
   */
  BodyReader(Sharing sharing) {
    this.sharing = sharing;
  }

  Sharing sharing() {
    return sharing;
  }

  /** Begins a frame, with the payload that belongs to it. */
  void begin(Bytes frame, int bytesMax, List<Bytes> itsPayload)
      throws ProtocolException, IOException {
    if (frame.size() > bytesMax) {
      throw new ProtocolException(
          ErrorCode.TOO_LARGE, "a frame of " + frame.size() + " bytes; at most " + bytesMax);
    }
    frameBytes = frame.size();
    payload = itsPayload;
    payloadRead = 0;
    input.reset(frame.unsafeArray());
    in.reset(input);
  }

  /**
   * Nothing may be left of a frame, nor of its payload.
   *
   * @param frame what it is, for people
   */
  void end(String frame) throws ProtocolException {
    if (remaining() != 0) {
      throw malformed("bytes after the end of the " + frame);
    }
    if (payloadRead != payload.size()) {
      throw malformed(payload.size() + " payload frames where the body tells of " + payloadRead);
    }
  }

  private long remaining() {
    return frameBytes - in.getTotalReadBytes();
  }

  /** The length of an array that may have any. */
  int array() throws IOException {
    return in.unpackArrayHeader();
  }

  /** An array of just so many fields begins. */
  void fields(int expected) throws ProtocolException, IOException {
    int fields = in.unpackArrayHeader();
    if (fields != expected) {
      throw malformed("an array of " + fields + " where the grammar has " + expected);
    }
  }

  /** The length of a list of which each element takes at least {@code elementBytesMin} bytes. */
  int count(int most, int elementBytesMin, String what) throws ProtocolException, IOException {
    int count = in.unpackArrayHeader();
    if (count > most) {
      throw new ProtocolException(ErrorCode.TOO_LARGE, count + " " + what + "; at most " + most);
    }
    if ((long) count * elementBytesMin > remaining()) {
      throw malformed("more " + what + " told of than there are bytes");
    }
    return count;
  }

  /** Whether an array comes next, and no number. */
  boolean isArrayNext() throws IOException {
    return in.getNextFormat().getValueType() == ValueType.ARRAY;
  }

  /** A number in [least, most]. */
  int number(int least, int most, String what) throws ProtocolException, IOException {
    int number = in.unpackInt();
    if (number < least || number > most) {
      throw malformed(what + " of " + number + ", not in [" + least + ", " + most + "]");
    }
    return number;
  }

  boolean flag() throws IOException {
    return in.unpackBoolean();
  }

  long incarnation() throws ProtocolException, IOException {
    return upTo(Limits.INCARNATION_MAX, "incarnation");
  }

  /** A number in [0, most]. */
  long upTo(long most, String what) throws ProtocolException, IOException {
    long number = unsigned();
    if (Long.compareUnsigned(number, most) > 0) {
      throw malformed(what + " of " + Long.toUnsignedString(number) + ", not in [0, " + most + "]");
    }
    return number;
  }

  long unsigned() throws ProtocolException, IOException {
    if (in.getNextFormat() == MessageFormat.UINT64) {
      // by hand, as the unpacker's own way leads through a BigInteger
      in.readPayload(scratch.array(), 0, 1 + Long.BYTES);
      return scratch.getLong(1);
    }
    long value = in.unpackLong();
    if (value < 0) {
      throw malformed("a number below zero where the grammar has none");
    }
    return value;
  }

  Id id() throws ProtocolException, IOException {
    return sharing.id(ownId());
  }

  /** An id that is shared with nobody yet. */
  Id ownId() throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length != Id.BYTES) {
      throw malformed("an id of " + length + " bytes");
    }
    in.readPayload(scratch.array());
    return Id.readFrom(scratch);
  }

  Guid guid() throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length != Guid.BYTES) {
      throw malformed("a guid of " + length + " bytes");
    }
    in.readPayload(scratch.array(), 0, Guid.BYTES);
    return Guid.readFrom(scratch);
  }

  Bytes bytes(int most) throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length > most || length > remaining()) {
      throw malformed(length + " bytes; at most " + most);
    }
    return Bytes.wrap(in.readPayload(length));
  }

  String text(int bytesMax) throws ProtocolException, IOException {
    return sharing.text(ownText(bytesMax));
  }

  /** A text that is shared with nobody yet. */
  String ownText(int bytesMax) throws ProtocolException, IOException {
    int length = in.unpackRawStringHeader();
    if (length > bytesMax || length > remaining()) {
      throw malformed("a text of " + length + " bytes; at most " + bytesMax);
    }
    try {
      return utf8.decode(ByteBuffer.wrap(in.readPayload(length))).toString();
    } catch (CharacterCodingException e) {
      throw malformed("a text that is not UTF-8");
    }
  }

  /** The next payload frame, which the body tells to be of this size. */
  Bytes payload(int sizeBytes) throws ProtocolException {
    if (payloadRead >= payload.size() || payload.get(payloadRead).size() != sizeBytes) {
      throw malformed("a payload frame is missing or not of the size that the body tells");
    }
    return payload.get(payloadRead++);
  }

  static ProtocolException malformed(String sentence) {
    return new ProtocolException(ErrorCode.MALFORMED, sentence);
  }
}
