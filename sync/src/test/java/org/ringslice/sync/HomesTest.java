package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

class HomesTest {
  private static final Id H = Id.ofWords(0x1122334455667788L, 2, 3, 4);

  @Test
  void goThroughTheHalfBeforeTheQuarters() {
    List<Id> homes = new Homes(2).homes(H);

    assertEquals(
        List.of(
            H,
            Id.ofWords(0x9122334455667788L, 2, 3, 4),
            Id.ofWords(0x5122334455667788L, 2, 3, 4),
            Id.ofWords(0xd122334455667788L, 2, 3, 4)),
        homes);
  }

  @Test
  void areTheItemItselfAloneWithoutMaskBits() {
    assertEquals(List.of(H), new Homes(0).homes(H));
  }

  @Test
  void areOfAsManyMaskBitsAsTheLimitAllows() {
    assertEquals(1 << Limits.MASK_BITS_MAX, new Homes(Limits.MASK_BITS_MAX).count());
    assertThrows(IllegalArgumentException.class, () -> new Homes(Limits.MASK_BITS_MAX + 1));
    assertThrows(IllegalArgumentException.class, () -> new Homes(-1));
  }

  @Property
  void agreeInAllButTheTopBitsAndDifferInThose(
      @ForAll long a, @ForAll long b, @ForAll @IntRange(max = Limits.MASK_BITS_MAX) int bits) {
    Id id = Id.ofWords(a, b, ~a, ~b);
    BigInteger rest = BigInteger.ONE.shiftLeft(Id.BITS - bits);
    TreeSet<BigInteger> tops = new TreeSet<>();
    Homes homes = new Homes(bits);
    for (int mask = 0; mask < homes.count(); mask++) {
      Id home = homes.home(id, mask);
      assertEquals(homes.homes(id).get(mask), home);
      assertEquals(number(id).mod(rest), number(home).mod(rest));
      tops.add(number(home).divide(rest));
    }
    assertEquals(1 << bits, tops.size());
  }

  @Property
  void leaveNoGapWiderThanTwiceTheNarrowestAfterAnyNumberOfThem(
      @ForAll long top, @ForAll @IntRange(min = 1, max = 1 << Limits.MASK_BITS_MAX) int count) {
    BigInteger ring = BigInteger.ONE.shiftLeft(Id.BITS);
    List<Id> all = new Homes(Limits.MASK_BITS_MAX).homes(Id.ofWords(top, 0, 0, 7));
    TreeSet<BigInteger> points = new TreeSet<>();
    all.subList(0, count).forEach(id -> points.add(number(id)));
    TreeSet<BigInteger> gaps = new TreeSet<>();
    BigInteger before = points.last().subtract(ring);
    for (BigInteger point : points) {
      gaps.add(point.subtract(before));
      before = point;
    }
    assertEquals(true, gaps.last().compareTo(gaps.first().shiftLeft(1)) <= 0);
  }

  private static BigInteger number(Id id) {
    return new BigInteger(1, id.toBytes());
  }
}
