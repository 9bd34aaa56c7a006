package org.ringslice.tools;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import org.ringslice.messages.Id;

/** Words as they are printed, the same ones everywhere. */
final class Words {
  /** Ids of one sort that are named in a line; the others are counted. */
  private static final int NAMED_MAX = 3;

  private Words() {}

  /** {@code active}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** {@code 1 node}, {@code 1,234 nodes}. */
  static String count(long count, String noun) {
    return count(count, noun, noun + "s");
  }

  /** {@code 1 copy}, {@code 2 copies}. */
  static String count(long count, String one, String several) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : several);
  }

  /**
   * {@code 3f2a81c0, 77aa0123 and 17 others}.
   *
   * @param count how many there are, of which these are the first
   */
  static String some(List<Id> first, long count) {
    List<Id> named = first.subList(0, Math.min(first.size(), NAMED_MAX));
    String names = named.stream().map(Id::toString).collect(joining(", "));
    long others = count - named.size();
    return others <= 0 ? names : names + " and " + count(others, "other");
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
