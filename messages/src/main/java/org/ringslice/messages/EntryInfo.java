package org.ringslice.messages;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * What is known of an entry without its bytes.
 *
 * @param stamp hybrid logical clock, unsigned
 * @param size of the bytes, 0 when not alive
 */
public record EntryInfo(Id id, Kind kind, long stamp, boolean alive, int size) {
  static final Shape<EntryInfo> SHAPE =
      new Shape<>() {
        @Override
        void write(EntryInfo info, BodyWriter out) throws IOException {
          out.array(5);
          out.id(info.id);
          out.number(info.kind.code());
          out.unsigned(info.stamp);
          out.flag(info.alive);
          out.number(info.size);
        }

        @Override
        EntryInfo read(BodyReader in) throws ProtocolException, IOException {
          in.fields(5);
          Id id = in.id();
          Kind kind = Kind.SHAPE.read(in);
          long stamp = kind == Kind.RECORD ? in.unsigned() : in.upTo(Limits.STAMP_MAX, "stamp");
          boolean alive = in.flag();
          int size = in.number(0, alive ? Limits.BLOCK_BYTES_MAX : 0, "size");
          return new EntryInfo(id, kind, stamp, alive, size);
        }
      };

  static final Shape<List<EntryInfo>> LIST = Shape.list(SHAPE, Limits.ITEMS_MAX, Id.BYTES, "items");

  public EntryInfo {
    Objects.requireNonNull(id);
    Objects.requireNonNull(kind);
    if (size < 0) {
      throw new IllegalArgumentException("an entry of " + size + " bytes");
    }
  }
}
