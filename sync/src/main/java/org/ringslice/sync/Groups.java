package org.ringslice.sync;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * The hashes of a side's entries, dealt to the groups of a plan by a salt, and the sketches of the
 * groups. Both sides deal alike, so that an entry of both is in the same group on both.
 */
final class Groups {
  /** What a sketch of a group's difference told. */
  static final class Found {
    /** Hashes that only this side has. */
    final long[] own;

    /** Ascending ranks, by short id among the other side's of the group, of what only it has. */
    final int[] wanted;

    Found(long[] own, int[] wanted) {
      this.own = own;
      this.wanted = wanted;
    }
  }

  private final Plan plan;
  private final Field field;
  private final PinSketch pins;
  private final int[] begins;
  private final long[] hashes;
  private final long[] mixed;
  private final int[] shorts;

  Groups(Plan plan, long[] entries, long salt) {
    this.plan = plan;
    this.field = new Field(Math.min(plan.bits(), Field.BITS_MAX));
    this.pins = new PinSketch(field);
    begins = new int[plan.groups() + 1];
    for (long entry : entries) {
      begins[groupOf(Mix.of(entry ^ salt)) + 1]++;
    }
    for (int group = 0; group < plan.groups(); group++) {
      begins[group + 1] += begins[group];
    }
    boolean pin = plan.kind() == Plan.Kind.PIN;
    hashes = new long[entries.length];
    shorts = new int[pin ? entries.length : 0];
    mixed = new long[pin ? 0 : entries.length];
    int[] next = begins.clone();
    for (long entry : entries) {
      long mix = Mix.of(entry ^ salt);
      int at = next[groupOf(mix)]++;
      hashes[at] = entry;
      if (pin) {
        shorts[at] = (int) Math.max(1, mix & field.mask());
      } else {
        mixed[at] = mix;
      }
    }
  }

  private int groupOf(long mix) {
    return (int) (((mix >>> 32) * plan.groups()) >>> 32);
  }

  int size(int group) {
    return begins[group + 1] - begins[group];
  }

  void forEach(int group, LongConsumer then) {
    for (int i = begins[group]; i < begins[group + 1]; i++) {
      then.accept(hashes[i]);
    }
  }

  /** Whether a group has more entries than an erasure sketch of so many rows can be sure of. */
  boolean isTooLarge(int group, int rows) {
    return size(group) > rows * Long.SIZE - ErasureSketch.SPARE_BITS;
  }

  /** Adds this side's entries of a group to the rows of a sketch from some row on. */
  void sketch(int group, int firstRow, long[] sketch) {
    if (plan.kind() == Plan.Kind.PIN) {
      pins.add(shorts, begins[group], begins[group + 1], firstRow, sketch);
    } else {
      ErasureSketch.add(mixed, begins[group], begins[group + 1], firstRow, sketch);
    }
  }

  /** What a difference of two sketches tells, or null when it is too small to tell. */
  Found find(int group, long[] difference) {
    if (plan.kind() == Plan.Kind.PIN) {
      long[] elements = pins.decode(difference);
      return elements == null ? null : attribute(group, elements);
    }
    int[] missing = ErasureSketch.solve(mixed, begins[group], begins[group + 1], difference);
    if (missing == null) {
      return null;
    }
    long[] own = Arrays.stream(missing).mapToLong(i -> hashes[i]).toArray();
    return new Found(own, new int[0]);
  }

  /** Tells this side's elements from the other's, and ranks the others. */
  private Found attribute(int group, long[] elements) {
    if (elements.length == 0) {
      return new Found(new long[0], new int[0]);
    }
    Arrays.sort(elements);
    ShortIds ours = shortIds(group);
    LongStream.Builder own = LongStream.builder();
    int[] wanted = new int[elements.length];
    int wants = 0;
    // the rank among the other side's: this side's without its own, and with what it lacks
    int shift = 0;
    for (long element : elements) {
      int rank = ours.rankOf(element);
      if (ours.contains(element)) {
        own.add(hashes[ours.indexOf(rank)]);
        shift--;
        continue;
      }
      int[] alike = ours.cancelled(element);
      // two of ours have this short id, and the other side may lack either: it gets both
      Arrays.stream(alike).forEach(i -> own.add(hashes[i]));
      if (alike.length == 0) {
        wanted[wants++] = rank + shift;
      }
      shift++;
    }
    return new Found(own.build().toArray(), Arrays.copyOf(wanted, wants));
  }

  private ShortIds shortIds(int group) {
    return new ShortIds(shorts, begins[group], begins[group + 1], field.bits());
  }

  /** The hashes of a group at some ascending ranks by short id; ranks past the end are left out. */
  long[] ranked(int group, int[] ranks) {
    if (ranks.length == 0) {
      return new long[0];
    }
    ShortIds ours = shortIds(group);
    return Arrays.stream(ranks)
        .filter(rank -> rank < ours.size())
        .mapToLong(rank -> hashes[ours.indexOf(rank)])
        .toArray();
  }
}
