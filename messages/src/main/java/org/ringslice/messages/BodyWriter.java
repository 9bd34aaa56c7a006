package org.ringslice.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes the values that messages are made of. Reuses its buffers; belongs to one thread. */
final class BodyWriter {
  private final MessageBufferPacker out = MessagePack.newDefaultBufferPacker();
  private final ByteBuffer scratch = ByteBuffer.allocate(Id.BYTES);

  /** Begins a frame; what was written before and not taken is forgotten. */
  void begin() {
    out.clear();
  }

  /** The frame that was written. */
  Bytes take() {
    return Bytes.wrap(out.toByteArray());
  }

  void array(int length) throws IOException {
    out.packArrayHeader(length);
  }

  void number(int number) throws IOException {
    out.packInt(number);
  }

  void flag(boolean flag) throws IOException {
    out.packBoolean(flag);
  }

  void unsigned(long value) throws IOException {
    if (value >= 0) {
      out.packLong(value);
    } else {
      // by hand, as the packer's own way leads through a BigInteger
      scratch.put(0, MessagePack.Code.UINT64).putLong(1, value);
      out.writePayload(scratch.array(), 0, 1 + Long.BYTES);
    }
  }

  void id(Id id) throws IOException {
    id.writeTo(scratch);
    out.packBinaryHeader(Id.BYTES).writePayload(scratch.array());
  }

  void guid(Guid guid) throws IOException {
    guid.writeTo(scratch);
    out.packBinaryHeader(Guid.BYTES).writePayload(scratch.array(), 0, Guid.BYTES);
  }

  void bytes(Bytes bytes) throws IOException {
    out.packBinaryHeader(bytes.size()).writePayload(bytes.unsafeArray());
  }

  /** As much of a text as fits, never cut inside a character. */
  void text(String text, int bytesMax) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = utf8.length;
    if (length > bytesMax) {
      length = bytesMax;
      // continuation bytes are 10xxxxxx (RFC 3629)
      while (length > 0 && (utf8[length] & 0xC0) == 0x80) {
        length--;
      }
    }
    out.packRawStringHeader(length).writePayload(utf8, 0, length);
  }
}
