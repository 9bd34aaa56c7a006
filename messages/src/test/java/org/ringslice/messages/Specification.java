package org.ringslice.messages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code PROTOCOL.md} as the tests read it: its tables, and the frames of its examples.
 *
 * @param examples by the name in their headings
 * @param tables in the order of the document
 */
record Specification(String text, Map<String, Frames> examples, List<Table> tables) {
  private static final Pattern EXAMPLE =
      Pattern.compile("\\*\\*Example: (.+?)\\*\\*\\n\\n```text\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TABLE = Pattern.compile("(?:^\\|.*\\|\\n)+", Pattern.MULTILINE);

  /** The word that begins a frame or blanks, then bytes, then two spaces and a comment. */
  private static final Pattern LINE =
      Pattern.compile("(\\w+)? +([0-9a-f]+(?: [0-9a-f]+)*)(?:  .*)?");

  /** A table: the words of its head, and its rows. */
  record Table(List<String> columns, List<List<String>> rows) {
    /** The cells of one column, without the quotes of code. */
    List<String> column(String name) {
      int at = columns.indexOf(name);
      return rows.stream().map(row -> row.get(at).replace("`", "")).toList();
    }
  }

  static Specification read() {
    try {
      String text = Files.readString(Path.of(System.getProperty("basedir", "."), "PROTOCOL.md"));
      return new Specification(text, examples(text), tables(text));
    } catch (IOException e) {
      throw new AssertionError("the specification belongs to this module's folder", e);
    }
  }

  /** The one table whose head begins with this word. */
  Table table(String firstColumn) {
    List<Table> found =
        tables.stream().filter(table -> table.columns().get(0).equals(firstColumn)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " tables begin with " + firstColumn);
    }
    return found.get(0);
  }

  private static Map<String, Frames> examples(String text) {
    Map<String, Frames> examples = new LinkedHashMap<>();
    Matcher matcher = EXAMPLE.matcher(text);
    while (matcher.find()) {
      if (examples.put(matcher.group(1), frames(matcher.group(2))) != null) {
        throw new AssertionError("two examples are named " + matcher.group(1));
      }
    }
    return examples;
  }

  private static Frames frames(String block) {
    List<StringBuilder> frames = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String line : block.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new AssertionError("no line of an example: " + line);
      }
      if (matcher.group(1) != null) {
        words.add(matcher.group(1));
        frames.add(new StringBuilder());
      }
      frames.get(frames.size() - 1).append(matcher.group(2).replace(" ", ""));
    }
    if (!words.subList(0, 2).equals(List.of("header", "body"))
        || !words.subList(2, words.size()).stream().allMatch("payload"::equals)) {
      throw new AssertionError("frames in the order " + words);
    }
    List<Bytes> bytes =
        frames.stream().map(hex -> Bytes.wrap(HexFormat.of().parseHex(hex))).toList();
    return new Frames(bytes.get(0), bytes.get(1), bytes.subList(2, bytes.size()));
  }

  private static List<Table> tables(String text) {
    List<Table> tables = new ArrayList<>();
    Matcher matcher = TABLE.matcher(text);
    while (matcher.find()) {
      List<List<String>> rows = matcher.group().lines().map(Specification::cells).toList();
      tables.add(new Table(rows.get(0), rows.subList(2, rows.size())));
    }
    return tables;
  }

  private static List<String> cells(String line) {
    String inside = line.substring(1, line.length() - 1);
    return Arrays.stream(inside.split("\\|", -1)).map(String::strip).toList();
  }
}
