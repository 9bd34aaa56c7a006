package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/** Entries for tests. */
final class Samples {
  static final int SMALL_BYTES = 100;
  static final int LARGE_BYTES = 20_000;

  private Samples() {}

  static Entry blob(Random random, int sizeBytes) {
    return Entry.blob(bytes(random, sizeBytes));
  }

  static Bytes bytes(Random random, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  static Id id(Random random) {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static Entry record(Id id, long stamp, Bytes bytes) {
    return new Entry(id, Kind.RECORD, stamp, true, bytes);
  }

  static Entry dead(Entry entry, long stamp) {
    return new Entry(entry.id(), entry.kind(), stamp, false, Bytes.EMPTY);
  }

  static void flipAByte(Path path, long position) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, position);
      one.put(0, (byte) ~one.get(0));
      file.write(one.rewind(), position);
    }
  }
}
