package org.ringslice.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.node.files.FileName;
import picocli.CommandLine.TypeConversionException;

/**
 * The words of the command line as the bytes that they are, whatever the locale. Java's own strings
 * of them lose what the charset of the locale can't read, so that a file with such a name is not
 * found; Linux tells the bytes. What is no UTF-8 is kept as lone surrogates, U+DC80 to U+DCFF for
 * 0x80 to 0xFF, as Python does (PEP 383), until it is a path.
 */
final class Argument {
  private static final Path BYTES_OF_ALL = Path.of("/proc/self/cmdline");

  private static final int LONE = 0xdc00;

  private Argument() {}

  /** The words of this process, of which Java has given so many to the main method. */
  static String[] ofProcess(String[] given) {
    boolean plain = List.of(given).stream().allMatch(Argument::isUndoubted);
    if (plain) {
      return given;
    }
    try {
      List<String> all = split(Files.readAllBytes(BYTES_OF_ALL));
      return all.size() <= given.length
          ? given
          : all.subList(all.size() - given.length, all.size()).toArray(String[]::new);
    } catch (IOException e) {
      // another system, where they are Unicode
      return given;
    }
  }

  /** Java gives a question mark for what ASCII does not have. */
  private static boolean isUndoubted(String word) {
    return word.chars().allMatch(c -> c < 0x80 && c != '?');
  }

  /** Each word ends with a NUL. */
  private static List<String> split(byte[] all) {
    List<String> words = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        words.add(textOf(ByteBuffer.wrap(all, begin, i - begin)));
        begin = i + 1;
      }
    }
    return words;
  }

  static String textOf(ByteBuffer bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CoderResult result = decoder.decode(bytes, text, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        text.put((char) (LONE | (bytes.get() & 0xff)));
      }
      result = decoder.reset().decode(bytes, text, true);
    }
    return text.flip().toString();
  }

  private static byte[] bytesOf(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isLone(c)) {
                bytes.write(c & 0xff);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }

  private static boolean isLone(int codePoint) {
    return codePoint >= (LONE | 0x80) && codePoint <= (LONE | 0xff);
  }

  /** The path that a word names; a fault of usage when this system can't have it. */
  static Path path(String word) {
    try {
      return FileName.pathOf(bytesOf(word));
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'" + printable(word) + "' is no name of a file here: " + e.getReason());
    }
  }

  /** For people and in JSON: what is no text is shown as %XX. */
  static String printable(String word) {
    return word.codePoints().anyMatch(Argument::isLone) ? FileName.printable(bytesOf(word)) : word;
  }
}
