package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;

/** The arcs of the last cover: a row of the state, the two ends of each arc one after the other. */
final class Covered {
  private static final byte[] KEY = "covered".getBytes(US_ASCII);
  private static final int ARC_BYTES = 2 * Id.BYTES;

  private Covered() {}

  static void put(List<Arc> arcs, Tables.Batch batch) throws RocksDBException {
    ByteBuffer row = ByteBuffer.allocate(arcs.size() * ARC_BYTES);
    for (Arc arc : arcs) {
      row.put(arc.from().toBytes()).put(arc.to().toBytes());
    }
    batch.put(Family.STATE, KEY, row.array());
  }

  static List<Arc> get(Tables tables) throws RocksDBException, IOException {
    byte[] row = tables.get(Family.STATE, KEY);
    if (row == null) {
      return List.of();
    }
    if (row.length % ARC_BYTES != 0) {
      throw new IOException("the list of the arcs that are covered makes no sense");
    }
    List<Arc> arcs = new ArrayList<>();
    for (ByteBuffer in = ByteBuffer.wrap(row); in.hasRemaining(); ) {
      arcs.add(new Arc(id(in), id(in)));
    }
    return arcs;
  }

  private static Id id(ByteBuffer in) {
    byte[] bytes = new byte[Id.BYTES];
    in.get(bytes);
    return Id.of(bytes);
  }
}
