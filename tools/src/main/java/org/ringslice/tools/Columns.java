package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lines of cells, each column as wide as its widest cell. */
final class Columns {
  private static final String GAP = "  ";

  private final String alignment;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param alignment a letter for each column: {@code l} for left, {@code r} for right
   */
  Columns(String alignment) {
    this.alignment = alignment;
  }

  Columns row(String... cells) {
    if (cells.length != alignment.length()) {
      throw new IllegalArgumentException(cells.length + " cells in " + alignment.length());
    }
    rows.add(cells);
    return this;
  }

  void print(Results results) throws IOException {
    for (String line : lines()) {
      results.line(line);
    }
  }

  List<String> lines() {
    int[] widths = new int[alignment.length()];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String blanks = " ".repeat(widths[i] - row[i].length());
      boolean right = alignment.charAt(i) == 'r';
      line.append(i == 0 ? "" : GAP).append(right ? blanks + row[i] : row[i] + blanks);
    }
    return line.toString().stripTrailing();
  }
}
