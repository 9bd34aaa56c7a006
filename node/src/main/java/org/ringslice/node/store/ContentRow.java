package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Content;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Nature;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * How a {@link Content} lies on disk: the key is the id (32 bytes) and the nature (1), the value
 * the size (8, big-endian). So each of what is told of a blob is written without a look at what was
 * told before, in any order, and the greatest nature is found last. A row outlives the copies: what
 * a manifest tells of its parts stays true.
 */
final class ContentRow {
  private static final int KEY_BYTES = Id.BYTES + 1;

  private ContentRow() {}

  static void put(Content content, Tables.Batch batch) throws RocksDBException {
    byte[] key =
        ByteBuffer.allocate(KEY_BYTES)
            .put(content.id().toBytes())
            .put((byte) content.nature().code())
            .array();
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(content.size()).array();
    batch.put(Family.CONTENTS, key, value);
  }

  /**
   * What is known of the blobs of an arc, of each what counts most.
   *
   * @param countMax past which the others are left out
   */
  static List<Content> find(Tables tables, Arc arc, int countMax)
      throws RocksDBException, IOException {
    List<Content> found = new ArrayList<>();
    try (RocksIterator rows = tables.iterate(Family.CONTENTS)) {
      for (Interval interval : Interval.of(arc, Direction.NEXT)) {
        rows.seek(interval.least().toBytes());
        while (rows.isValid() && found.size() < countMax) {
          Content content = decode(rows.key(), rows.value());
          if (!interval.contains(content.id())) {
            break;
          }
          int last = found.size() - 1;
          if (last >= 0 && found.get(last).id().equals(content.id())) {
            found.set(last, content);
          } else {
            found.add(content);
          }
          rows.next();
        }
        rows.status();
      }
    }
    return found;
  }

  private static Content decode(byte[] key, byte[] value) throws IOException {
    if (key.length != KEY_BYTES || value.length != Long.BYTES) {
      throw new IOException("what is known of an item makes no sense");
    }
    ByteBuffer in = ByteBuffer.wrap(key);
    byte[] id = new byte[Id.BYTES];
    Nature nature = Nature.ofCode(in.get(id).get());
    long size = ByteBuffer.wrap(value).getLong();
    if (nature == null || nature == Nature.UNKNOWN || size < 0) {
      throw new IOException("what is known of an item makes no sense");
    }
    return new Content(Id.of(id), nature, size);
  }
}
