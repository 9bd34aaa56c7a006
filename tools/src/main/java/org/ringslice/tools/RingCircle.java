package org.ringslice.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ring as a circle, the least id at the top, clockwise. Each node's letter stands where its id
 * is; where several would stand in one place, they move apart and keep their order.
 */
final class RingCircle {
  private static final int RADIUS_ROWS = 8;

  /** A character is about twice as high as it is wide. */
  private static final int COLUMNS_PER_ROW = 2;

  /** So many stand apart at this radius, and no two side by side. */
  private static final int PLACES = 44;

  private static final int MARGIN = 4;

  private record Place(int row, int column) {}

  private final List<RingNode> nodes;
  private final Screen screen;

  RingCircle(List<RingNode> nodes, Screen screen) {
    this.nodes = nodes;
    this.screen = screen;
  }

  List<String> lines() {
    char[][] grid = new char[2 * RADIUS_ROWS + 1][2 * (MARGIN + COLUMNS_PER_ROW * RADIUS_ROWS) + 1];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    List<Place> circle = circle();
    circle.forEach(place -> grid[place.row()][place.column()] = screen.rich() ? '·' : '.');
    int[] places = places(circle.size());
    for (int i = 0; i < nodes.size(); i++) {
      Place place = circle.get(places[i]);
      grid[place.row()][place.column()] = name(i);
      if (nodes.get(i).asked()) {
        grid[place.row()][place.column() - 1] = '*';
      }
    }
    label(grid);
    return Arrays.stream(grid).map(row -> new String(row).stripTrailing()).toList();
  }

  /** The letter of a node, by its index. */
  static char name(int index) {
    return (char) ('A' + index);
  }

  /** The places of the circle, from the top clockwise. */
  private static List<Place> circle() {
    List<Place> circle = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      double angle = 2 * Math.PI * i / PLACES;
      int row = (int) Math.round(RADIUS_ROWS * (1 - Math.cos(angle)));
      int column = (int) Math.round(COLUMNS_PER_ROW * RADIUS_ROWS * (1 + Math.sin(angle)));
      circle.add(new Place(row, MARGIN + column));
    }
    return circle;
  }

  /** For each node, which place of the circle: in the order of the nodes, none twice. */
  private int[] places(int count) {
    int[] places = new int[nodes.size()];
    for (int i = 0; i < places.length; i++) {
      int own = Math.min((int) (nodes.get(i).id().toFraction() * count), count - 1);
      places[i] = i == 0 ? own : Math.max(own, places[i - 1] + 1);
    }
    for (int i = places.length - 1; i >= 0; i--) {
      int most = i == places.length - 1 ? count - 1 : places[i + 1] - 1;
      places[i] = Math.min(places[i], most);
    }
    return places;
  }

  private void label(char[][] grid) {
    long copies = nodes.stream().mapToLong(RingNode::items).sum();
    long sizeBytes = nodes.stream().mapToLong(RingNode::sizeBytes).sum();
    String[] words = {
      Words.count(nodes.size(), "node"),
      copies == 1 ? "1 copy" : String.format(Locale.ROOT, "%,d copies", copies),
      Sizes.of(sizeBytes)
    };
    for (int i = 0; i < words.length; i++) {
      char[] row = grid[RADIUS_ROWS - words.length / 2 + i];
      write(row, (row.length - words[i].length()) / 2, words[i]);
    }
  }

  private static void write(char[] row, int column, String text) {
    text.getChars(0, text.length(), row, column);
  }
}
