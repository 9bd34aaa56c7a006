package org.ringslice.node.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

/**
 * The blob that tells of which parts a file consists, and nothing else: the same content has the
 * same manifest, wherever it lies and whatever it is called. At depth 0 the parts are blocks; at
 * depth d they are manifests of depth d - 1. All parts but the last of a level are full, so that
 * there is one manifest for one content.
 *
 * @param depth how many levels of manifests are below this one, in [0, {@link #DEPTH_MAX}]
 * @param parts at least one, at most {@link #PARTS_MAX}
 */
record Manifest(int depth, List<Part> parts) {
  /**
   * A part of the file.
   *
   * @param size bytes of the file that it stands for, at least 1; 0 only for the one block of an
   *     empty file
   */
  record Part(Id id, long size) {}

  /** Parts of one manifest: 8192 times 41 bytes stay well below a block. */
  static final int PARTS_MAX = 8192;

  /** Three levels reach 2^59 bytes. */
  static final int DEPTH_MAX = 2;

  /**
   * What a manifest begins with. A file that does so too is stored under a manifest, so that nobody
   * errs.
   */
  static final byte[] MAGIC = {(byte) 0x89, 'R', 'S', 'M', 'F', '\r', '\n', 1};

  Manifest {
    parts = List.copyOf(parts);
    if (depth < 0 || depth > DEPTH_MAX || parts.isEmpty() || parts.size() > PARTS_MAX) {
      throw new IllegalArgumentException(
          "a manifest of depth " + depth + " with " + parts.size() + " parts");
    }
    long partBytesMax = partBytesMax(depth);
    for (Part part : parts) {
      if (part.size() < 0 || part.size() > partBytesMax || (part.size() == 0 && parts.size() > 1)) {
        throw new IllegalArgumentException("a part of " + part.size() + " bytes at depth " + depth);
      }
    }
  }

  /** How much of a file one part of a manifest of this depth stands for at most. */
  static long partBytesMax(int depth) {
    long max = Limits.BLOCK_BYTES_MAX;
    for (int i = 0; i < depth; i++) {
      max *= PARTS_MAX;
    }
    return max;
  }

  /** Bytes of the whole file. */
  long size() {
    return parts.stream().mapToLong(Part::size).sum();
  }

  /** Whether a blob begins like a manifest. */
  static boolean looksLikeOne(Bytes blob) {
    return blob.size() >= MAGIC.length
        && Arrays.equals(blob.unsafeArray(), 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  Bytes toBytes() {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      out.addPayload(MAGIC);
      out.packArrayHeader(2).packInt(depth).packArrayHeader(parts.size());
      for (Part part : parts) {
        out.packArrayHeader(2).packBinaryHeader(Id.BYTES).addPayload(part.id().toBytes());
        out.packLong(part.size());
      }
      return Bytes.wrap(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException when the bytes are no manifest
   */
  static Manifest parse(Bytes blob) {
    try (MessageUnpacker in =
        MessagePack.newDefaultUnpacker(
            blob.unsafeArray(), MAGIC.length, blob.size() - MAGIC.length)) {
      check(in.unpackArrayHeader() == 2);
      int depth = in.unpackInt();
      int count = in.unpackArrayHeader();
      check(count <= PARTS_MAX);
      List<Part> parts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        check(in.unpackArrayHeader() == 2 && in.unpackBinaryHeader() == Id.BYTES);
        parts.add(new Part(Id.of(in.readPayload(Id.BYTES)), in.unpackLong()));
      }
      check(!in.hasNext());
      return new Manifest(depth, parts);
    } catch (IOException | MessagePackException e) {
      throw new IllegalArgumentException("this item begins like a manifest and is none", e);
    }
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("this item begins like a manifest and is none");
    }
  }
}
