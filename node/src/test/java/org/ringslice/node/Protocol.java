package org.ringslice.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tables of {@code PROTOCOL.md} that tell of nodes, and not of bytes. */
public final class Protocol {
  private Protocol() {}

  /** The rows of the one table whose head begins with this word; quotes of code are left out. */
  public static List<List<String>> table(String firstColumn) {
    String text = text();
    int begin = text.indexOf("\n| " + firstColumn + " ");
    if (begin < 0 || text.indexOf("\n| " + firstColumn + " ", begin + 1) >= 0) {
      throw new AssertionError("not one table begins with " + firstColumn);
    }
    return text.substring(begin, text.indexOf("\n\n", begin))
        .lines()
        .skip(3)
        .map(line -> line.substring(1).replace("`", "").split("\\|", -1))
        .map(cells -> Arrays.stream(cells).map(String::strip).toList())
        .toList();
  }

  private static String text() {
    Path module = Path.of(System.getProperty("basedir", "."));
    try {
      return Files.readString(module.resolve("../messages/PROTOCOL.md"));
    } catch (IOException e) {
      throw new AssertionError("the specification belongs to the module of the messages", e);
    }
  }
}
