package org.ringslice.sync;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.ringslice.messages.Bytes;

/**
 * The groups of a plan that did not decode yet, as both sides know them: the finder, who gets the
 * other's sketches and decodes them, and the giver, who sends sketches and is told what decoded.
 * They stay in step, for each sketch is answered before the next one.
 */
final class OpenGroups {
  private final Plan plan;
  private final int entries;
  private final Groups groups;
  private final int parameter;
  private final long[][] differences;
  private int[] open;
  private int[] undecoded;
  private int rowsBefore;
  private int rows;
  private long[] found = new long[0];

  OpenGroups(Plan plan, long[] entries, long salt) {
    this.plan = plan;
    this.entries = entries.length;
    groups = new Groups(plan, entries, salt);
    parameter = Wanted.gapParameter(entries.length / plan.groups());
    open = IntStream.range(0, plan.groups()).toArray();
    undecoded = open;
    differences = new long[plan.groups()][0];
    rows = plan.rows();
  }

  /** Giver: the rows of the open groups that the finder does not have. */
  Bytes sketch() {
    Bits out = new Bits();
    for (int group : open) {
      long[] sketch = new long[rows];
      groups.sketch(group, rowsBefore, sketch);
      for (int row = rowsBefore; row < rows; row++) {
        out.write(sketch[row], plan.bits());
      }
    }
    return Bytes.wrap(out.toBytes());
  }

  /** Finder: decodes what it can, and returns what it wants, for the giver. */
  Bytes find(Bytes sketch) {
    Bits in = Bits.reading(sketch.unsafeArray());
    Bits wants = new Bits();
    wants.write(parameter, Wanted.PARAMETER_BITS);
    LongStream.Builder own = LongStream.builder();
    int[] closed = new int[open.length];
    int count = 0;
    for (int group : open) {
      Groups.Found result = groups.find(group, difference(group, in));
      wants.write(result == null ? 0 : 1, 1);
      if (result != null) {
        LongStream.of(result.own).forEach(own);
        differences[group] = null;
        closed[count++] = group;
        if (plan.kind() == Plan.Kind.PIN) {
          Wanted.write(wants, result.wanted, parameter);
        }
      }
    }
    found = own.build().sorted().toArray();
    close(Arrays.copyOf(closed, count));
    return Bytes.wrap(wants.toBytes());
  }

  private long[] difference(int group, Bits in) {
    long[] difference = Arrays.copyOf(differences[group], rows);
    for (int row = rowsBefore; row < rows; row++) {
      difference[row] = in.read(plan.bits());
    }
    groups.sketch(group, rowsBefore, difference);
    differences[group] = difference;
    return difference;
  }

  /** Giver: what the finder wants, as hashes. */
  void give(Bytes wants) {
    Bits in = Bits.reading(wants.unsafeArray());
    int gap = (int) in.read(Wanted.PARAMETER_BITS);
    LongStream.Builder wanted = LongStream.builder();
    int[] closed = new int[open.length];
    int count = 0;
    for (int group : open) {
      if (in.read(1) == 1) {
        closed[count++] = group;
        if (plan.kind() == Plan.Kind.PIN) {
          LongStream.of(groups.ranked(group, Wanted.read(in, gap))).forEach(wanted);
        }
      }
    }
    found = wanted.build().sorted().toArray();
    close(Arrays.copyOf(closed, count));
  }

  private void close(int[] closed) {
    undecoded =
        IntStream.of(open).filter(group -> Arrays.binarySearch(closed, group) < 0).toArray();
    rowsBefore = rows;
    rows = plan.rowsAfter(rows);
    open = rows == 0 ? new int[0] : undecoded;
  }

  /** The hashes of what is to be pushed after the last find or give, sorted. */
  long[] found() {
    return found;
  }

  /** Whether no group is open: all decoded, or were given up until the next round. */
  boolean complete() {
    return open.length == 0;
  }

  /** How many groups the last sketch did not decode. */
  int failed() {
    return undecoded.length;
  }

  /** The hashes of the groups that the last sketch did not decode. */
  long[] undecoded() {
    LongStream.Builder hashes = LongStream.builder();
    for (int group : undecoded) {
      groups.forEach(group, hashes);
    }
    return hashes.build().toArray();
  }

  /** Whether all groups that did not decode were too large for the rows they had. */
  boolean wantsMoreRows() {
    return IntStream.of(undecoded).allMatch(group -> groups.isTooLarge(group, rowsBefore));
  }

  Plan plan() {
    return plan;
  }

  /** How many differences are expected to be left: hidden, or in groups that did not decode. */
  double expectedRest() {
    return plan.expectedRest(entries) + (double) rowsBefore * failed();
  }

  boolean isSureToFail() {
    return plan.isSureToFail(entries);
  }

  /** Whether more rows were asked for before. */
  boolean hasGrown() {
    return rowsBefore > plan.rows();
  }
}
