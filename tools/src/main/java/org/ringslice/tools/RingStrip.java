package org.ringslice.tools;

import java.util.List;

/** The ring cut open at the least id and laid flat: how many nodes there are in each stretch. */
final class RingStrip {
  private static final String DIGITS = "0123456789abcdef";
  private static final int MANY = 10;

  private final List<RingNode> nodes;
  private final Screen screen;

  RingStrip(List<RingNode> nodes, Screen screen) {
    this.nodes = nodes;
    this.screen = screen;
  }

  List<String> lines() {
    int width = screen.columns();
    int[] counts = new int[width];
    StringBuilder asked = new StringBuilder(" ".repeat(width));
    for (RingNode node : nodes) {
      int place = Math.min((int) (node.id().toFraction() * width), width - 1);
      counts[place]++;
      if (node.asked()) {
        asked.setCharAt(place, '*');
      }
    }
    StringBuilder strip = new StringBuilder();
    for (int count : counts) {
      strip.append(mark(count));
    }
    StringBuilder scale = new StringBuilder(" ".repeat(width));
    for (int digit = 0; digit < DIGITS.length(); digit++) {
      scale.setCharAt(digit * width / DIGITS.length(), DIGITS.charAt(digit));
    }
    return List.of(
        Words.count(nodes.size(), "node")
            + ", how many in each stretch of the ring; below, the first digit of the ids",
        asked.toString().stripTrailing(),
        strip.toString(),
        scale.toString().stripTrailing());
  }

  private char mark(int count) {
    if (count == 0) {
      return screen.rich() ? '─' : '-';
    }
    return count < MANY ? (char) ('0' + count) : '#';
  }
}
