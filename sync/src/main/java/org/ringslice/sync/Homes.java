package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

/**
 * The masked places of an item. With n mask bits, the homes of h are the 2^n points that agree with
 * h in all but the top n bits: h + k * 2^(256 - n) for k in [0, 2^n), in the bit-reversed order of
 * k, so that each further home falls into the middle of the widest gap that the earlier ones left:
 * h itself, half-way round, the quarters, and so on. Adding runs through the same points as XOR
 * does, and keeps an arc in one piece.
 */
public final class Homes {
  private final Id[] offsets;

  /**
   * @param maskBits n, in [0, {@link Limits#MASK_BITS_MAX}]
   */
  public Homes(int maskBits) {
    if (maskBits < 0 || maskBits > Limits.MASK_BITS_MAX) {
      throw new IllegalArgumentException(
          "mask bits of " + maskBits + ", not in [0, " + Limits.MASK_BITS_MAX + "]");
    }
    offsets = new Id[1 << maskBits];
    for (int mask = 0; mask < offsets.length; mask++) {
      long k = maskBits == 0 ? 0 : Integer.toUnsignedLong(Integer.reverse(mask));
      // Integer.reverse leaves the bit-reversed k in the top n bits of 32
      offsets[mask] = Id.ofWords(k << 32, 0, 0, 0);
    }
  }

  /** How many places each item has: 2^n. */
  public int count() {
    return offsets.length;
  }

  /**
   * The home of {@code id} under a mask in [0, {@link #count()}); that of mask 0 is the id itself.
   */
  public Id home(Id id, int mask) {
    return id.plus(offsets[mask]);
  }

  /** All homes in the order of growing masks. */
  public List<Id> homes(Id id) {
    List<Id> homes = new ArrayList<>(offsets.length);
    for (Id offset : offsets) {
      homes.add(id.plus(offset));
    }
    return homes;
  }
}
