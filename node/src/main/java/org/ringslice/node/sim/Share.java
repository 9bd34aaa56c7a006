package org.ringslice.node.sim;

import java.util.Locale;

/** So many of those that there are: a number, a percentage, or all. */
record Share(int count, double fraction) {
  Share {
    if (count < 0 || !(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("neither so many nor such a share: " + count);
    }
  }

  /** Reads {@code 3}, {@code 10%} or {@code all}. */
  static Share parse(String word) {
    if (word.equals("all")) {
      return new Share(0, 1);
    }
    if (word.endsWith("%")) {
      return new Share(0, percent(word));
    }
    return new Share(Integer.parseInt(word), 0);
  }

  /** Reads {@code 10%} as 0.1. */
  static double percent(String word) {
    double percent = Double.parseDouble(word.substring(0, word.length() - 1));
    if (!word.endsWith("%") || !(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("not a percentage: " + word);
    }
    return percent / 100;
  }

  /** How many that is of {@code total}, at least 1 of a percentage above 0. */
  int of(int total) {
    int many = fraction > 0 ? Math.max(1, (int) Math.round(fraction * total)) : count;
    return Math.min(many, total);
  }

  @Override
  public String toString() {
    return fraction > 0 ? String.format(Locale.ROOT, "%.0f%%", 100 * fraction) : "" + count;
  }
}
