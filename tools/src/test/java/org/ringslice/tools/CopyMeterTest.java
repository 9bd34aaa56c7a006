package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The line of copies that are under way. */
class CopyMeterTest {
  private static final long SECOND = 1_000_000_000L;

  private final CopyMeter meter = new CopyMeter();

  @Test
  void tellsHowFarTheCopiesHaveComeHowFastAndHowLongYet() {
    meter.line(100 << 20, 0);

    assertEquals(
        "copied  75.0 MiB of 100.0 MiB (75 %), 25.0 MiB/s, 1 s left",
        meter.line(25 << 20, 3 * SECOND));
  }

  @Test
  void saysNothingWhenNothingIsToGoAndBeginsAnewThen() {
    meter.line(100 << 20, 0);

    assertEquals("", meter.line(0, SECOND));
    assertEquals(
        "copied  0 B of 10.0 MiB (0 %), waiting for the ring", meter.line(10 << 20, 2 * SECOND));
  }

  @Test
  void moreThatIsFoundToGoIsTheNewWhole() {
    meter.line(10 << 20, 0);

    assertEquals(
        "copied  0 B of 20.0 MiB (0 %), waiting for the ring", meter.line(20 << 20, SECOND));
  }
}
