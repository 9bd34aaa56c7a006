package org.ringslice.node.sim;

import java.util.Locale;

/** So many of those that there are: a number, a percentage, or all. */
record Share(int count, double fraction) {
  /** Nodes that come may be so many times as many as there are. */
  private static final int MORE_MAX = 100;

  Share {
    if (count < 0 || !(fraction >= 0 && fraction <= MORE_MAX)) {
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

  /** Reads the same of those that come, which may be more than there are: {@code 900%}. */
  static Share ofMore(String word) {
    return word.endsWith("%")
        ? new Share(0, Double.parseDouble(word.substring(0, word.length() - 1)) / 100)
        : new Share(Words.number(word, 1, Words.COUNT_MAX), 0);
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
    return Math.min(ofMore(total), total);
  }

  /** The same, which may be more than there are. */
  int ofMore(int total) {
    return fraction > 0 ? Math.max(1, (int) Math.round(fraction * total)) : count;
  }

  @Override
  public String toString() {
    return fraction > 0 ? String.format(Locale.ROOT, "%.0f%%", 100 * fraction) : "" + count;
  }
}
