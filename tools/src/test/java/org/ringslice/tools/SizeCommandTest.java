package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.ringslice.messages.Estimate;

class SizeCommandTest {
  @Test
  void saysHowSureItIs() {
    assertEquals("1,234, exactly", SizeCommand.words(Estimate.exactly(1234)));
    assertEquals(
        "about 1,040 (95 %: 980 to 1,100)",
        SizeCommand.words(new Estimate(1040, 980, 1100, false)));
    assertEquals(
        "not known: no node told in time; ask again",
        SizeCommand.words(new Estimate(0, 0, Long.MAX_VALUE, false)));
  }
}
