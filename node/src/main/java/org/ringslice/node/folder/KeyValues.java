package org.ringslice.node.folder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The content of a small file: lines of {@code key=value} in UTF-8, in order, keys possibly
 * repeated, and a last line {@code check=} with the CRC-32C (RFC 3720, appendix B.4) of all bytes
 * before it. The check tells a damaged file from a sound one; it is no guard against forgers.
 * Belongs to one thread.
 *
 * <p>Client commands read one before all else: no lambdas, streams or string templates here, whose
 * first use costs a fresh JVM tens of milliseconds.
 */
final class KeyValues {
  private static final String CHECK = "check=";

  private record Line(String key, String value) {}

  private final List<Line> lines = new ArrayList<>();

  /** Appends a line. A value holds no line break. */
  KeyValues add(String key, Object value) {
    String text = value.toString();
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a line break in the value of " + key);
    }
    lines.add(new Line(key, text));
    return this;
  }

  /** The values of a key, in order. */
  List<String> all(String key) {
    List<String> values = new ArrayList<>();
    for (Line line : lines) {
      if (line.key.equals(key)) {
        values.add(line.value);
      }
    }
    return values;
  }

  /** The first value of a key. */
  Optional<String> first(String key) {
    List<String> values = all(key);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  String required(String key) throws DamagedException {
    List<String> values = all(key);
    if (values.isEmpty()) {
      throw new DamagedException("it has no ".concat(key));
    }
    return values.get(0);
  }

  /** A number in [least, most]. */
  long requiredNumber(String key, long least, long most) throws DamagedException {
    String text = required(key);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new DamagedException("its " + key + " is out of range");
  }

  byte[] toBytes() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line.key).append('=').append(line.value).append('\n');
    }
    return text.append(checkLine(text.toString())).toString().getBytes(StandardCharsets.UTF_8);
  }

  static KeyValues parse(byte[] bytes) throws DamagedException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int checkAt = text.lastIndexOf(CHECK);
    if (checkAt < 0 || !text.substring(checkAt).equals(checkLine(text.substring(0, checkAt)))) {
      throw new DamagedException("its check does not fit its content");
    }
    KeyValues read = new KeyValues();
    int from = 0;
    while (from < checkAt) {
      int end = text.indexOf('\n', from);
      int equals = text.indexOf('=', from);
      if (equals <= from || equals > end) {
        throw new DamagedException("a line of it is no key=value");
      }
      read.lines.add(new Line(text.substring(from, equals), text.substring(equals + 1, end)));
      from = end + 1;
    }
    return read;
  }

  private static String checkLine(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return CHECK.concat(Long.toHexString(crc.getValue())).concat("\n");
  }
}
