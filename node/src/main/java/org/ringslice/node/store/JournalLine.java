package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Change;

/**
 * How a {@link Change} lies on disk. Its sequence is the key, 8 bytes big-endian, so that lines are
 * in their order; the value is the id (32), then what was there before and what is there since:
 * each one byte 0 for nothing, or 1 and {@link InfoBytes}.
 */
final class JournalLine {
  private static final byte NOTHING = 0;
  private static final byte SOMETHING = 1;

  private JournalLine() {}

  static byte[] key(long sequence) {
    return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
  }

  static byte[] value(Change line) {
    Id id = line.after().or(line::before).orElseThrow().id();
    ByteBuffer out =
        ByteBuffer.allocate(Id.BYTES + sizeBytes(line.before()) + sizeBytes(line.after()));
    out.put(id.toBytes());
    put(line.before(), out);
    put(line.after(), out);
    return out.array();
  }

  private static int sizeBytes(Optional<EntryInfo> info) {
    return 1 + (info.isPresent() ? InfoBytes.BYTES : 0);
  }

  private static void put(Optional<EntryInfo> info, ByteBuffer out) {
    out.put(info.isPresent() ? SOMETHING : NOTHING);
    info.ifPresent(each -> InfoBytes.put(each, each.alive() ? 1 : 0, out));
  }

  /**
   * Reads what {@link #key} and {@link #value} made.
   *
   * @throws IOException when they didn't
   */
  static Change decode(byte[] key, byte[] value) throws IOException {
    if (key.length != Long.BYTES || value.length < Id.BYTES) {
      throw new IOException("the journal makes no sense");
    }
    byte[] idBytes = new byte[Id.BYTES];
    ByteBuffer in = ByteBuffer.wrap(value).get(idBytes);
    Id id = Id.of(idBytes);
    Optional<EntryInfo> before = get(id, in);
    return new Change(ByteBuffer.wrap(key).getLong(), before, get(id, in));
  }

  private static Optional<EntryInfo> get(Id id, ByteBuffer in) throws IOException {
    if (!in.hasRemaining()) {
      throw new IOException("a line of the journal ends too early");
    }
    return in.get() == NOTHING ? Optional.empty() : Optional.of(InfoBytes.get(id, in));
  }
}
