package org.ringslice.tools;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The time of day as it is printed: in UTC, and it says so. Lines of several machines can be laid
 * beside each other, and a service whose TZ is another than a person's tells the same.
 */
final class TimeOfDay {
  /** The same for Logback. */
  static final String LOG_PATTERN = "%d{\"HH:mm:ss'Z'\", UTC}";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TimeOfDay() {}

  /** {@code 09:05:07Z}. */
  static String toTheSecond() {
    return SECONDS.format(Instant.now());
  }

  /** {@code 09:05:07.123456Z}. */
  static String toTheMicrosecond() {
    return MICROS.format(Instant.now());
  }
}
