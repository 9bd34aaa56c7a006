package org.ringslice.node.sim;

import java.util.Arrays;
import java.util.List;

/**
 * One line of a scenario. Each method throws IllegalArgumentException when the line is not of the
 * grammar.
 */
record Words(List<String> all) {
  /** Nodes, clients, or items of one line. */
  static final int COUNT_MAX = 1_000_000;

  private static final double NANOS_MAX = 1e15;

  Words {
    all = List.copyOf(all);
  }

  static Words of(String line) {
    return new Words(Arrays.asList(line.split("\\s+")));
  }

  String verb() {
    return all.get(0);
  }

  List<String> afterVerb() {
    return all.subList(1, all.size());
  }

  /** The words after the verb, of which some are given: {@code null} stands for any. */
  boolean areLike(String... pattern) {
    if (pattern.length != all.size() - 1) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i] != null && !pattern[i].equals(all.get(i + 1))) {
        return false;
      }
    }
    return true;
  }

  /** Refuses all lines that are not like that. */
  void mustBeLike(String grammar, String... pattern) {
    if (!areLike(pattern)) {
      throw new IllegalArgumentException(grammar);
    }
  }

  /** What follows the first word. */
  String only() {
    if (all.size() != 2) {
      throw new IllegalArgumentException("one word follows '" + verb() + "'");
    }
    return all.get(1);
  }

  /** What follows the first word, as a time. */
  long onlyNanos() {
    return nanos(only());
  }

  /** What follows the first word, as a count. */
  int onlyCount() {
    return number(only(), 1, COUNT_MAX);
  }

  /** One of the words as a count. */
  int count(int place) {
    return number(all.get(place), 1, COUNT_MAX);
  }

  /** One of the words as a time. */
  long nanos(int place) {
    return nanos(all.get(place));
  }

  static int number(String word, int least, int most) {
    int number = Integer.parseInt(word);
    if (number < least || number > most) {
      throw new IllegalArgumentException("not in [" + least + ", " + most + "]");
    }
    return number;
  }

  static long nanos(String word) {
    double factor;
    int unit;
    if (word.endsWith("us")) {
      factor = 1e3;
      unit = 2;
    } else if (word.endsWith("ms")) {
      factor = 1e6;
      unit = 2;
    } else if (word.endsWith("s")) {
      factor = 1e9;
      unit = 1;
    } else {
      throw new IllegalArgumentException("a time has a unit, us, ms or s: " + word);
    }
    double nanos = Double.parseDouble(word.substring(0, word.length() - unit)) * factor;
    if (!(nanos >= 0 && nanos <= NANOS_MAX)) {
      throw new IllegalArgumentException("not a time: " + word);
    }
    return (long) nanos;
  }
}
