package org.ringslice.sync;

import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * A keyed 64-bit digest of what is compared of an entry: its id, kind, stamp and whether it lives.
 * SipHash-2-4 (Aumasson, Bernstein: SipHash, a fast short-input PRF, 2012) over six little-endian
 * words: who does not know the key cannot aim at a digest or at a sum of digests. Immutable.
 *
 * @param key0 the first half of the key
 * @param key1 the second half
 */
public record EntryDigest(long key0, long key1) {
  private static final long LENGTH_BYTES = 48;

  /** The digest of an entry; its size is no part of it, for the id binds the bytes. */
  public long of(EntryInfo entry) {
    Id id = entry.id();
    long rest = ((long) entry.kind().code() << 1) | (entry.alive() ? 1 : 0);
    return new Rounds(key0, key1)
        .absorb(id.word(0))
        .absorb(id.word(1))
        .absorb(id.word(2))
        .absorb(id.word(3))
        .absorb(entry.stamp())
        .absorb(rest)
        .absorb(LENGTH_BYTES << 56)
        .finish();
  }

  /** The four words of SipHash's state. */
  private static final class Rounds {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    Rounds(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    Rounds absorb(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
      return this;
    }

    long finish() {
      v2 ^= 0xff;
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
