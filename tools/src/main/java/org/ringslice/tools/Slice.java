package org.ringslice.tools;

import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import picocli.CommandLine.TypeConversionException;

/**
 * A part of the ring as people write it: {@code all}, {@code 3f*}, or {@code FROM..TO} with ids or
 * prefixes of them, from excluded, to included.
 */
record Slice(Arc arc) {
  static final String HELP =
      "A SLICE is 'all', a hex prefix and a star ('3f*'), or FROM..TO (two ids or prefixes; FROM"
          + " excluded, TO included, round the ring when FROM is the greater one).";

  /** All of it, the least id first. */
  static final Slice ALL = new Slice(Arc.wholeRing(Id.MAX));

  static Slice parse(String text) {
    int dots = text.indexOf("..");
    if (text.equals("all")) {
      return ALL;
    } else if (text.endsWith("*")) {
      return new Slice(prefix(text, text.substring(0, text.length() - 1)).arc());
    } else if (dots >= 0) {
      Id from = prefix(text, text.substring(0, dots)).last();
      return new Slice(new Arc(from, prefix(text, text.substring(dots + 2)).last()));
    }
    throw notOne(text);
  }

  private static Prefix prefix(String slice, String text) {
    try {
      return Prefix.parse(text);
    } catch (TypeConversionException e) {
      throw notOne(slice);
    }
  }

  private static TypeConversionException notOne(String text) {
    return new TypeConversionException(
        "'" + text + "' is no slice; write all, a hex prefix with a star as in '3f*', or FROM..TO");
  }
}
