package org.ringslice.tools;

import java.util.Locale;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import picocli.CommandLine.TypeConversionException;

/**
 * The first hex digits of an id, or all of them. It stands for all ids that begin with it, so that
 * what is before or after a prefix is before or after all of those.
 *
 * @param digits 1 to 64 hex digits, lower case
 */
record Prefix(String digits) {
  private static final int DIGITS_MAX = 2 * Id.BYTES;

  static Prefix parse(String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    boolean hex = digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!hex || digits.isEmpty() || digits.length() > DIGITS_MAX) {
      throw new TypeConversionException(
          "'" + text + "' is no id; an id has 64 hex digits, of which the first ones may do");
    }
    return new Prefix(digits);
  }

  boolean isWholeId() {
    return digits.length() == DIGITS_MAX;
  }

  /** The least id that begins so. */
  Id first() {
    return Id.fromHex(digits + "0".repeat(DIGITS_MAX - digits.length()));
  }

  /** The greatest id that begins so. */
  Id last() {
    return Id.fromHex(digits + "f".repeat(DIGITS_MAX - digits.length()));
  }

  /** All ids that begin so. */
  Arc arc() {
    return new Arc(first().previous(), last());
  }

  @Override
  public String toString() {
    return digits;
  }
}
