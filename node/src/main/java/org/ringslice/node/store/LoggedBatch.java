package org.ringslice.node.store;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A record of a {@link WriteAheadLog}: a batch of changes, as RocksDB writes it (write_batch.cc). A
 * number of 8 bytes and a count of 4, then for each change a tag, the number of the family unless
 * it is 0, the key, and a second string where the tag says so; numbers are varints, strings have
 * their length before them.
 */
final class LoggedBatch {
  private static final int HEADER_BYTES = 12;

  private static final int DELETE = 0x0;
  private static final int PUT = 0x1;
  private static final int NOTE = 0x3;
  private static final int DELETE_IN_FAMILY = 0x4;
  private static final int PUT_IN_FAMILY = 0x5;
  private static final int NOTHING = 0xD;
  private static final int DELETE_RANGE_IN_FAMILY = 0xE;
  private static final int DELETE_RANGE = 0xF;

  /** Gets the changes in their order; those of ranges are left out. */
  interface Changes {
    void put(int family, byte[] key, byte[] value) throws IOException;

    void delete(int family, byte[] key) throws IOException;
  }

  private LoggedBatch() {}

  /** Reads a batch up to its end, or to the first change that this store never makes. */
  static void read(ByteBuffer in, Changes changes) throws IOException {
    if (in.remaining() < HEADER_BYTES) {
      return; // no batch, but something that the database notes for itself
    }
    in.position(in.position() + HEADER_BYTES);
    try {
      while (in.hasRemaining() && change(in, changes)) {
        // the next
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return; // what follows makes no sense
    }
  }

  private static boolean change(ByteBuffer in, Changes changes) throws IOException {
    int tag = in.get();
    switch (tag) {
      case NOTHING -> {}
      case NOTE -> string(in);
      case PUT -> changes.put(0, string(in), string(in));
      case PUT_IN_FAMILY -> changes.put(varint(in), string(in), string(in));
      case DELETE -> changes.delete(0, string(in));
      case DELETE_IN_FAMILY -> changes.delete(varint(in), string(in));
      case DELETE_RANGE -> {
        string(in);
        string(in);
      }
      case DELETE_RANGE_IN_FAMILY -> {
        varint(in);
        string(in);
        string(in);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static byte[] string(ByteBuffer in) {
    int sizeBytes = varint(in);
    if (sizeBytes < 0 || sizeBytes > in.remaining()) {
      throw new IllegalArgumentException("a string of " + sizeBytes + " bytes");
    }
    byte[] bytes = new byte[sizeBytes];
    in.get(bytes);
    return bytes;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int part = in.get();
      value |= (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number without end");
  }
}
