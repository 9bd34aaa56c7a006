package org.ringslice.tools;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ringslice.messages.Id;

/** One JSON object (RFC 8259) on one line, its members in the order in which they were put. */
final class Json {
  private final StringBuilder text = new StringBuilder("{");

  Json put(String key, String value) {
    key(key);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  Json put(String key, long value) {
    key(key);
    text.append(value);
    return this;
  }

  Json put(String key, double value) {
    key(key);
    text.append(String.format(Locale.ROOT, "%.6f", value));
    return this;
  }

  Json put(String key, boolean value) {
    key(key);
    text.append(value);
    return this;
  }

  Json put(String key, Id id) {
    return put(key, id.toHex());
  }

  Json putIds(String key, List<Id> ids) {
    return put(key, ids.stream().map(Id::toHex).toList());
  }

  Json put(String key, List<String> values) {
    key(key);
    text.append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      quote(values.get(i));
    }
    text.append(']');
    return this;
  }

  Json putObjects(String key, List<Json> values) {
    key(key);
    text.append(values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
    return this;
  }

  private void key(String key) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(key);
    text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || (Character.isSurrogate(c) && !isPaired(value, i))) {
        text.append("\\u" + HexFormat.of().toHexDigits(c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static boolean isPaired(String value, int i) {
    char c = value.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
  }

  /** The object so far, closed. */
  @Override
  public String toString() {
    return text + "}";
  }
}
