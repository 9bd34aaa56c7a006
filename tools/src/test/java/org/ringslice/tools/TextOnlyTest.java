package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextOnlyTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final TextOnly out = new TextOnly(terminal);

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsTextAsItIsWhereverItIsCut() throws IOException {
    String text = "zwei\tWörter\r\nund ein \ud83c\udf89\f\n";
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      out.write(each);
    }
    assertEquals(text, shown());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "\u001b[2J", "\u0007", "\u009b2J", "\u007f"})
  void showsNothingOfWhatCommandsATerminal(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    CommandException refusal = assertThrows(CommandException.class, () -> out.write(bytes));

    assertTrue(refusal.getMessage().startsWith("this is no text"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("-o -"), refusal.getMessage());
    assertEquals("", shown());
  }

  @Test
  void showsNoBytesThatAreNoText() {
    byte[] latin = "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(CommandException.class, () -> out.write(latin));
    assertEquals("", shown());
  }

  @Test
  void stopsAtThePieceThatIsNoText() throws IOException {
    out.write("a head\n".getBytes(StandardCharsets.UTF_8));

    CommandException refusal =
        assertThrows(CommandException.class, () -> out.write(new byte[] {'x', 0}));

    assertTrue(refusal.getMessage().startsWith("the rest is no text"), refusal.getMessage());
    assertEquals("a head\n", shown());
  }
}
