package org.ringslice.tools;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
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

  /** Fewer are a typing error rather than a name. */
  static final int NAME_DIGITS_MIN = 8;

  /** Those that are named when a prefix is that of several. */
  static final int NAMED_MAX = 5;

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

  /** Throws a misuse when there are too few digits to name something, as in {@code an item}. */
  void checkNames(String noun, Command command) {
    if (digits.length() < NAME_DIGITS_MIN) {
      throw command.misuse(noun + " is named by at least " + NAME_DIGITS_MIN + " digits of its id");
    }
  }

  /**
   * The only one of those that begin so, of which there are some.
   *
   * @param noun what they are, as in {@code item}
   */
  Id only(List<Id> found, String noun) {
    if (found.size() == 1) {
      return found.get(0);
    }
    String named = found.stream().limit(NAMED_MAX).map(Id::toHex).collect(Collectors.joining(", "));
    throw new CommandException(
        "several "
            + noun
            + "s begin with "
            + digits
            + "; give more digits of one of them: "
            + named
            + (found.size() > NAMED_MAX ? ", and more" : ""));
  }

  /** A sentence about there being none that begins so. */
  String nothing(String noun) {
    return "there is no " + noun + " whose id begins with " + digits;
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
