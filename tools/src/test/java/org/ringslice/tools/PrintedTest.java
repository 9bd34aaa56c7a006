package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Id;

/** How things look when they are printed. */
class PrintedTest {
  @Test
  void jsonEscapesWhatItMust() {
    Json object =
        new Json()
            .put("name", "a\"b\\c\n\u0001\u00e9\ud83d\ude00\ud800")
            .put("size", 3)
            .put("ok", true)
            .put("endpoint", (String) null)
            .put("list", List.of("x", "y"))
            .putIds("none", List.of())
            .put("id", Id.ZERO);

    assertEquals(
        "{\"name\":\"a\\\"b\\\\c\\u000a\\u0001\u00e9\ud83d\ude00\\ud800\",\"size\":3,\"ok\":true,"
            + "\"endpoint\":null,\"list\":[\"x\",\"y\"],\"none\":[],\"id\":\""
            + "0".repeat(64)
            + "\"}",
        object.toString());
  }

  @Test
  void namesBringNoCodesToTheTerminal() {
    assertEquals("a?[31mb?c \u00e9", Words.plain("a\u001b[31mb\nc \u00e9"));
    assertEquals("plain", Words.plain("plain"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1048525, 1.0 MiB",
    "104857600, 100.0 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void sizesAreShort(long bytes, String text) {
    assertEquals(text, Sizes.of(bytes));
    assertEquals(10, Sizes.column(bytes).length());
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 0 s", "3599, 59 min 59 s", "7260, 2 h 1 min"})
  void durationsAreShort(long seconds, String text) {
    assertEquals(text, Sizes.ofSeconds(seconds));
  }

  @Test
  void theMeterTellsBytesRateAndTimeLeft() {
    assertEquals(
        "a  1.0 MiB of 4.0 MiB (25 %), 1.0 MiB/s, 3 s left",
        TransferMeter.describe("a", 1 << 20, 4 << 20, 1 << 20));
    assertEquals("a  1.0 MiB, 1.0 MiB/s", TransferMeter.describe("a", 1 << 20, -1, 1 << 20));
    assertEquals(
        "a  1.0 MiB of 4.0 MiB (25 %), waiting for the ring",
        TransferMeter.describe("a", 1 << 20, 4 << 20, 0));
  }

  @Test
  void endsQuietlyWhenTheReaderOfTheResultsIsGone() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertEquals(Main.DONE, Main.run(writingTo("Broken pipe", err), "--version"));
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void saysSoWhenTheResultsCanNotBeWritten() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = writingTo("No space left on device", err);

    assertEquals(Main.COULD_NOT, Main.run(console, "simulate", "--scenario", "one", "--json"));
    assertEquals(
        "ringslice: stdout: No space left on device" + System.lineSeparator(),
        err.toString(StandardCharsets.UTF_8));
  }

  private static Console writingTo(String trouble, ByteArrayOutputStream err) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(trouble);
          }
        };
    return new Console(
        InputStream.nullInputStream(),
        new Results(out),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of(),
        false,
        false);
  }
}
