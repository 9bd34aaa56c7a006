package org.ringslice.node.files;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The names of files as the bytes that they are, whatever the locale. On Unix a name is any bytes
 * but '/' and NUL, and Java's strings lose those that its locale can't read; its URIs tell them
 * all, and take them all. So names of ASCII alone go by strings, and others by URIs. Elsewhere a
 * name is text, here in UTF-8. Pure but for a look at a path below {@code /dev/null}, where there
 * is nothing.
 */
public final class FileName {
  private static final boolean UNIX = File.separatorChar == '/';

  /** A path below this is of no folder, so that its URI gets no slash at the end. */
  private static final Path NOWHERE = Path.of("/dev/null");

  private static final String NOWHERE_URI = "/dev/null/";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private FileName() {}

  /** The bytes of a path, relative or not. */
  static byte[] bytesOf(Path path) {
    String text = path.toString();
    if (!UNIX || isAscii(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String raw = NOWHERE.resolve(path).toUri().getRawPath();
    if (!path.isAbsolute()) {
      raw = raw.substring(NOWHERE_URI.length());
    } else if (raw.endsWith("/") && !text.endsWith("/")) {
      raw = raw.substring(0, raw.length() - 1);
    }
    return percentDecoded(raw);
  }

  /**
   * The name that the bytes are, of one file in a folder.
   *
   * @throws InvalidPathException when this system can't have such a name, or it would not stay in
   *     its folder
   */
  static Path nameOf(byte[] bytes) {
    Path name = pathOf(bytes);
    String text = name.toString();
    boolean plain = !name.isAbsolute() && name.getRoot() == null && name.getNameCount() == 1;
    boolean here = text.isEmpty() || text.equals(".") || text.equals("..");
    if (!plain || here || !Arrays.equals(bytes, bytesOf(name))) {
      throw new InvalidPathException(printable(bytes), "it is no plain name on this system");
    }
    return name;
  }

  /** The path that the bytes are. */
  public static Path pathOf(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!UNIX || isAscii(text)) {
      return Path.of(text);
    }
    if (bytes[0] == '/') {
      return Path.of(URI.create("file://" + percentEncoded(bytes)));
    }
    return NOWHERE.relativize(Path.of(URI.create("file://" + NOWHERE_URI + percentEncoded(bytes))));
  }

  /** For people, on one line: what is no text, or would command a terminal, is shown as %XX. */
  public static String printable(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean isText = text.chars().noneMatch(c -> c == '\ufffd' || Character.isISOControl(c));
    return isText ? text : percentEncoded(bytes);
  }

  public static String printable(Path path) {
    return printable(bytesOf(path));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static byte[] percentDecoded(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static String percentEncoded(byte[] bytes) {
    StringBuilder raw = new StringBuilder(3 * bytes.length);
    for (byte b : bytes) {
      boolean plain = b == '/' || b == '.' || b == '-' || b == '_' || isLetterOrDigit(b);
      if (plain) {
        raw.append((char) b);
      } else {
        raw.append('%').append(HEX.toHexDigits(b));
      }
    }
    return raw.toString();
  }

  private static boolean isLetterOrDigit(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
