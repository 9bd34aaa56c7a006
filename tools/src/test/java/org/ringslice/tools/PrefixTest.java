package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import picocli.CommandLine.TypeConversionException;

class PrefixTest {
  private static Id first(String digits) {
    return Prefix.parse(digits).first();
  }

  private static Id last(String digits) {
    return Prefix.parse(digits).last();
  }

  @Test
  void standsForAllIdsThatBeginWithIt() {
    Arc arc = Prefix.parse("3F").arc();

    assertTrue(arc.contains(first("3f")));
    assertTrue(arc.contains(last("3f")));
    assertFalse(arc.contains(last("3e")));
    assertFalse(arc.contains(first("40")));
  }

  @Test
  void ofAllDigitsStandsForOneId() {
    Prefix whole = Prefix.parse("ab".repeat(32));

    assertTrue(whole.isWholeId());
    assertEquals(whole.first(), whole.last());
    assertEquals("ab".repeat(32), whole.first().toHex());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "3g", "0x12", "-1", "\u0663"})
  void refusesWhatIsNoHex(String text) {
    assertThrows(TypeConversionException.class, () -> Prefix.parse(text));
  }

  @Test
  void refusesMoreDigitsThanAnIdHas() {
    assertThrows(TypeConversionException.class, () -> Prefix.parse("a".repeat(65)));
  }

  @Test
  void allIsEveryIdTheLeastFirst() {
    Arc all = Slice.parse("all").arc();

    assertTrue(all.isWholeRing());
    assertEquals(Id.ZERO, all.from().next());
  }

  @Test
  void aStarStandsForTheRest() {
    assertEquals(Prefix.parse("3f").arc(), Slice.parse("3f*").arc());
  }

  @Test
  void ofTwoPrefixesTheFirstIsExcludedAndTheLastIncluded() {
    Arc arc = Slice.parse("3f..41").arc();

    assertFalse(arc.contains(last("3f")));
    assertTrue(arc.contains(first("40")));
    assertTrue(arc.contains(last("41")));
    assertFalse(arc.contains(first("42")));
  }

  @Test
  void aSliceGoesRoundTheRing() {
    Arc arc = Slice.parse("f0..0f").arc();

    assertTrue(arc.contains(Id.ZERO));
    assertFalse(arc.contains(first("80")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "3f", "3f..", "..3f", "..", "x*", "3f..4*", "name:x"})
  void refusesWhatIsNoSlice(String text) {
    assertThrows(TypeConversionException.class, () -> Slice.parse(text));
  }
}
