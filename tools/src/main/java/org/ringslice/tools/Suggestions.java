package org.ringslice.tools;

import java.util.List;

/** What somebody may have meant who named a command that there is not. */
final class Suggestions {
  /** Letters that are wrong: more is another word. A guess. */
  private static final int DISTANCE_MAX = 2;

  private Suggestions() {}

  /**
   * The nearest of the names, those that are as near; none when none is near. Half of the letters
   * at least are as they were.
   */
  static List<String> of(String word, List<String> names) {
    int nearest = names.stream().mapToInt(name -> distance(word, name)).min().orElse(word.length());
    return nearest <= DISTANCE_MAX && 2 * nearest <= word.length()
        ? names.stream().filter(name -> distance(word, name) == nearest).toList()
        : List.of();
  }

  /**
   * How many letters have to be put in, taken out, replaced or swapped with the next one (Damerau
   * 1964, Levenshtein 1966; no letter twice).
   */
  private static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int step(int[][] cost, String from, String to, int i, int j) {
    int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least = Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
