package org.ringslice.tools;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A length of time as people write it: a whole number with its unit, {@code 90s} or {@code 7d}. */
record Span(Duration time) {
  /** Nine digits: of days, more than anything here takes. */
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

  static Span parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no length of time; write a number with s, m, h or d, as in 90s or 7d");
    }
    long count = Long.parseLong(parts.group(1));
    return new Span(
        switch (parts.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
