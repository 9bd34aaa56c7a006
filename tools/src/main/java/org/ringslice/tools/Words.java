package org.ringslice.tools;

import java.util.Locale;

/** Words as they are printed, the same ones everywhere. */
final class Words {
  private Words() {}

  /** {@code active}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** {@code 1 node}, {@code 1,234 nodes}. */
  static String count(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  /** On one line, and with no codes for the terminal: names of files come from anybody. */
  static String plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return text.replaceAll("\\p{Cntrl}", "?");
      }
    }
    return text;
  }
}
