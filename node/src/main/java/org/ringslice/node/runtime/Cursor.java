package org.ringslice.node.runtime;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in what a node tells of a slice: whoever goes on from it misses nothing and is told
 * nothing twice. It holds at the node and for the slice that it was given for, across restarts of
 * both sides, and as long as the node's data folder is not put back to before it was given.
 *
 * @param journal random: tells that node, that slice, and that time of the node
 * @param sequence of the last change that is behind it
 */
public record Cursor(long journal, long sequence) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16})");

  /**
   * The cursor that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException when it wrote no such thing, with a sentence for people
   */
  public static Cursor parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no cursor; it is what watch prints behind each change");
    }
    return new Cursor(
        Long.parseUnsignedLong(matcher.group(1), 16), Long.parseUnsignedLong(matcher.group(2), 16));
  }

  /** {@code JOURNAL-SEQUENCE}, both in hex, the first of 16 digits. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%016x-%x", journal, sequence);
  }
}
