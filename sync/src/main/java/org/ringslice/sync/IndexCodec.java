package org.ringslice.sync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;

/**
 * The bytes of an index, big-endian: the letters RSIX, a version, a digest that tells the key, the
 * numbers of leaves and of entries; of each leaf its first id, how many digests, and the digests;
 * and at the end the CRC-32C (RFC 3720, B.4) of all before it. Stateless.
 */
final class IndexCodec {
  private static final int MAGIC = 0x52534958;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 24;
  private static final int LEAF_BYTES = Id.BYTES + Integer.BYTES;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  /** An entry that no store has; its digest under a key tells that key from others. */
  private static final EntryInfo NOBODY = new EntryInfo(Id.ZERO, Kind.BLOB, -1, false, 0);

  private IndexCodec() {}

  private static long sizeBytes(int leaves, int entries) {
    return HEADER_BYTES + (long) leaves * LEAF_BYTES + (long) entries * Long.BYTES + CHECKSUM_BYTES;
  }

  static Bytes encode(long keyCheck, List<Leaf> leaves, int entries) {
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(sizeBytes(leaves.size(), entries)));
    out.putInt(MAGIC).putInt(VERSION).putLong(keyCheck).putInt(leaves.size()).putInt(entries);
    for (Leaf leaf : leaves) {
      for (int word = 0; word < 4; word++) {
        out.putLong(leaf.first.word(word));
      }
      out.putInt(leaf.count);
      out.asLongBuffer().put(leaf.digests, 0, leaf.count);
      out.position(out.position() + leaf.count * Long.BYTES);
    }
    out.putInt(checksum(out.array(), out.position()));
    return Bytes.wrap(out.array());
  }

  static long keyCheck(EntryDigest key) {
    return key.of(NOBODY);
  }

  /**
   * The leaves, in order.
   *
   * @throws IllegalArgumentException when the bytes are not those of a whole index under the key
   */
  static List<Leaf> decode(EntryDigest key, Bytes bytes) {
    ByteBuffer in = bytes.asBuffer();
    require(in.remaining() >= sizeBytes(0, 0), "it is too short");
    require(in.getInt() == MAGIC, "it is something else");
    int version = in.getInt();
    require(version == VERSION, "it has version " + version + ", not " + VERSION);
    int end = bytes.size() - CHECKSUM_BYTES;
    require(in.getInt(end) == checksum(bytes.unsafeArray(), end), "its checksum does not match");
    require(in.getLong() == keyCheck(key), "it is under the key of another network");
    int leaves = in.getInt();
    int entries = in.getInt();
    boolean counted = leaves > 0 && entries >= 0 && sizeBytes(leaves, entries) == bytes.size();
    require(counted, "its length is not what its counts say");
    return leaves(in, leaves, entries);
  }

  private static List<Leaf> leaves(ByteBuffer in, int leaves, int entries) {
    List<Leaf> ascending = new ArrayList<>(leaves);
    int left = entries;
    Id before = null;
    for (int i = 0; i < leaves; i++) {
      Id first = Id.ofWords(in.getLong(), in.getLong(), in.getLong(), in.getLong());
      int count = in.getInt();
      boolean ordered = before == null ? first.equals(Id.ZERO) : first.compareTo(before) > 0;
      require(ordered && count >= 0 && count <= left, "its leaves are not in order");
      long[] digests = new long[count];
      in.asLongBuffer().get(digests);
      in.position(in.position() + count * Long.BYTES);
      ascending.add(new Leaf(first, digests, count));
      before = first;
      left -= count;
    }
    require(left == 0, "its leaves have fewer entries than it says");
    return ascending;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(
          "the saved index is of no use, " + sentence + ": build it from the store");
    }
  }
}
