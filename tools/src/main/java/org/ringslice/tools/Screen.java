package org.ringslice.tools;

import java.util.Locale;
import java.util.Map;

/**
 * What a picture can be drawn with.
 *
 * @param columns the characters of a line
 * @param rich whether there is more than ASCII
 */
record Screen(int columns, boolean rich) {
  /** Where nobody tells. */
  static final int COLUMNS_DEFAULT = 80;

  private static final int COLUMNS_MIN = 40;
  private static final int COLUMNS_MAX = 200;

  /** Set by the launcher, which gives Java another locale where there is none. */
  private static final String ASCII_VARIABLE = "RINGSLICE_ASCII";

  static Screen of(Map<String, String> environment) {
    return new Screen(columns(environment.getOrDefault("COLUMNS", "")), isRich(environment));
  }

  private static int columns(String text) {
    try {
      return Math.max(COLUMNS_MIN, Math.min(Integer.parseInt(text), COLUMNS_MAX));
    } catch (NumberFormatException e) {
      return COLUMNS_DEFAULT;
    }
  }

  /** By the locale, as POSIX has it: the first of these that is set and not empty. */
  private static boolean isRich(Map<String, String> environment) {
    if (!environment.getOrDefault(ASCII_VARIABLE, "").isEmpty()) {
      return false;
    }
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = environment.getOrDefault(variable, "").toLowerCase(Locale.ROOT);
      if (!locale.isEmpty()) {
        return locale.contains("utf-8") || locale.contains("utf8");
      }
    }
    return false;
  }
}
