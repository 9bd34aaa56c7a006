package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of segments: their numbers in eight ASCII digits or more. Versions that formatted them
 * in the locale of their process left names in its digits, Persian ones under fa_IR; these are
 * found by what the digits are worth, and renamed.
 */
final class SegmentNames {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentNames.class);

  /** Names have at least so many digits. */
  private static final int DIGITS = 8;

  private SegmentNames() {}

  static String of(int number) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
  }

  /** The number that a name is, in whatever digits; nothing when it is none of a segment. */
  static OptionalInt number(String name) {
    long number = 0;
    for (int codePoint : name.codePoints().toArray()) {
      int digit = Character.digit(codePoint, 10);
      if (digit < 0 || number > Integer.MAX_VALUE) {
        return OptionalInt.empty();
      }
      number = 10 * number + digit;
    }
    boolean fits = name.codePointCount(0, name.length()) >= DIGITS && number > 0;
    return fits && number <= Integer.MAX_VALUE ? OptionalInt.of((int) number) : OptionalInt.empty();
  }

  /** All segments of a folder, each renamed to what it is called here. */
  static NavigableMap<Integer, Path> in(Path folder) throws IOException {
    NavigableMap<Integer, Path> found = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        OptionalInt number = number(file.getFileName().toString());
        if (number.isPresent() && Files.isRegularFile(file)) {
          put(file, number.getAsInt(), found);
        }
      }
    }
    return found;
  }

  private static void put(Path file, int number, NavigableMap<Integer, Path> found)
      throws IOException {
    Path named = file.resolveSibling(of(number));
    if (!named.equals(file)) {
      if (Files.exists(named)) {
        LOG.warn("{} is not used, because {} has the same number", file, named);
        return;
      }
      Files.move(file, named);
      LOG.info("the segment {} is called {} from now on", file, named.getFileName());
    }
    found.put(number, named);
  }
}
