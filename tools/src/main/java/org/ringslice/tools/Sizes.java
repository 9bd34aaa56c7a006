package org.ringslice.tools;

import java.util.Locale;

/** Sizes, rates and durations as people read them. */
final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final int COLUMN = "1023.9 MiB".length();

  private Sizes() {}

  /** {@code 100.0 MiB}. */
  static String of(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    // a size that would be rounded to 1024.0 is shown in the next unit
    double size = bytes;
    int unit = 0;
    while (size >= 1023.95 && unit < UNITS.length - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }

  /** The same, to the right of a column as wide as the widest, {@code 1023.9 MiB}. */
  static String column(long bytes) {
    String size = of(bytes);
    return " ".repeat(Math.max(0, COLUMN - size.length())) + size;
  }

  /** {@code 45 s}, {@code 2 min 10 s}, {@code 3 h 5 min}. */
  static String ofSeconds(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
