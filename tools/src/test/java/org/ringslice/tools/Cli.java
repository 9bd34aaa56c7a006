package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringslice.messages.Bytes;

/** Runs a command in this process, as its own process would. */
final class Cli {
  private Cli() {}

  /** What came of a command. */
  record Outcome(int code, Bytes content, String err) {
    byte[] bytes() {
      return content.toArray();
    }

    String out() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    List<String> lines() {
      return out().lines().toList();
    }

    Outcome expectDone() {
      assertEquals(Main.DONE, code, err);
      assertEquals("", err);
      return this;
    }

    /** One sentence on stderr, nothing on stdout. */
    void expectCouldNot(String sentence) {
      assertEquals("ringslice: " + sentence + System.lineSeparator(), err);
      assertEquals(Main.COULD_NOT, code);
      assertEquals("", out());
    }

    void expectWrongUsage(String beginning) {
      assertTrue(err.startsWith("ringslice: " + beginning), err);
      assertTrue(err.contains("--help'."), err);
      assertEquals(Main.WRONG_USAGE, code);
      assertEquals("", out());
    }

    /** A member of the one line of JSON. */
    String member(String key) {
      assertEquals(1, lines().size(), out());
      return memberOf(lines().get(0), key);
    }
  }

  static Outcome run(String... args) {
    return run(new byte[0], Map.of(), args);
  }

  static Outcome run(byte[] stdin, Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(stdin),
            new Results(out),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            false,
            false);
    int code = Main.run(console, args);
    return new Outcome(code, Bytes.wrap(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  /** The text of a member of an object on one line: of a string what is between the quotes. */
  static String memberOf(String json, String key) {
    Pattern member = Pattern.compile("\"" + key + "\":(?:\"([^\"]*)\"|(\\[[^\\]]*\\]|[^,}]+))");
    Matcher matcher = member.matcher(json);
    assertTrue(matcher.find(), () -> "no " + key + " in " + json);
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }
}
