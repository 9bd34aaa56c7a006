package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Ids against whole numbers modulo 2^256. */
@Domain(AnyMessage.class)
@Domain(DomainContext.Global.class)
class IdTest {
  static final BigInteger RING = BigInteger.ONE.shiftLeft(Id.BITS);

  static BigInteger number(Id id) {
    return new BigInteger(1, id.toBytes());
  }

  @Property
  void plusIsAdditionOnTheRing(@ForAll Id x, @ForAll Id y) {
    assertEquals(number(x).add(number(y)).mod(RING), number(x.plus(y)));
  }

  @Property
  void minusIsTheWayFromTheOtherClockwise(@ForAll Id x, @ForAll Id y) {
    assertEquals(number(x).subtract(number(y)).mod(RING), number(x.minus(y)));
    assertEquals(x, y.plus(x.minus(y)));
  }

  @Property
  void nextAndPreviousAreOneStep(@ForAll Id x) {
    assertEquals(number(x).add(BigInteger.ONE).mod(RING), number(x.next()));
    assertEquals(number(x).subtract(BigInteger.ONE).mod(RING), number(x.previous()));
  }

  @Property
  void powersOfTwoAreThoseOfTwo(@ForAll @IntRange(min = 0, max = Id.BITS - 1) int exponent) {
    assertEquals(BigInteger.ONE.shiftLeft(exponent), number(Id.powerOfTwo(exponent)));
  }

  @Example
  void powersOutsideOfTheRingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Id.powerOfTwo(-1));
    assertThrows(IllegalArgumentException.class, () -> Id.powerOfTwo(Id.BITS));
  }

  @Property
  void theOrderIsThatOfUnsignedNumbers(@ForAll Id x, @ForAll Id y) {
    assertEquals(number(x).compareTo(number(y)), Integer.signum(x.compareTo(y)));
    assertEquals(x.compareTo(y) == 0, x.equals(y));
    assertTrue(!x.equals(y) || x.hashCode() == y.hashCode());
  }

  @Property
  void bytesHexAndWordsSayTheSame(@ForAll Id x) {
    assertEquals(x, Id.of(x.toBytes()));
    assertEquals(x, Id.fromHex(x.toHex()));
    assertEquals(String.format(java.util.Locale.ROOT, "%064x", number(x)), x.toHex());
    assertEquals(x.toHex().substring(0, 8), x.toString());
    assertEquals(number(x).shiftRight(Id.BITS - 64).longValue(), x.topBits());
  }

  @Property
  void theFractionIsTheNumberOverTheRing(@ForAll Id x, @ForAll @IntRange(max = 255) int shift) {
    // divided by a power of two, so that short arcs come too
    Id small = Id.of(leftPadded(number(x).shiftRight(shift)));
    BigDecimal exact = new BigDecimal(number(small)).divide(new BigDecimal(RING));
    BigDecimal error = exact.subtract(new BigDecimal(small.toFraction())).abs();
    assertTrue(error.multiply(BigDecimal.valueOf(1L << 51)).compareTo(exact) <= 0);
    assertEquals(small.equals(Id.ZERO), small.toFraction() == 0);
  }

  private static byte[] leftPadded(BigInteger number) {
    return Id.fromHex(String.format(java.util.Locale.ROOT, "%064x", number)).toBytes();
  }

  @Example
  void theKeyOfABlobIsWhatSha256sumPrints() {
    // FIPS 180-4, the example of one block
    Bytes abc = Bytes.wrap("abc".getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Id.sha256(abc).toHex());
  }

  @Example
  void idsOfAnotherLengthAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Id.of(new byte[31]));
    assertThrows(IllegalArgumentException.class, () -> Id.of(new byte[33]));
    assertThrows(IllegalArgumentException.class, () -> Id.fromHex("0".repeat(63)));
    assertThrows(IllegalArgumentException.class, () -> Id.fromHex("g".repeat(64)));
  }
}
