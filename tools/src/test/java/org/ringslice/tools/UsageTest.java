package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.node.sim.Scenario;

/** What is said without any node. */
class UsageTest {
  static List<String> names() {
    return Commands.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandHasAHelpWithAnExample(String name) {
    Cli.Outcome outcome = Cli.run(name, "--help").expectDone();

    assertTrue(outcome.out().startsWith("Usage: ringslice " + name), outcome.out());
    assertTrue(name.equals("warm-up") || outcome.out().contains("Example:"), outcome.out());
  }

  @Test
  void theHelpNamesEveryCommand() {
    String help = Cli.run("--help").expectDone().out();

    Commands.names().stream()
        .filter(name -> !name.equals("warm-up"))
        .forEach(name -> assertTrue(help.contains("\n  " + name + " "), name));
  }

  @Test
  void tellsItsVersion() {
    assertTrue(Cli.run("--version").expectDone().out().matches("ringslice [0-9.]+\\R"));
  }

  @ParameterizedTest
  @CsvSource({
    "stor, there is no command 'stor'",
    "id --frob, Unknown option: '--frob'",
    "id 3f, '3f' is one word too many",
    "store, Missing required parameter: 'FILE'",
    "store --min-copies 0 x, --min-copies: '0' is no number of copies; give one from 1 to",
    "store --min-copies -1 x, --min-copies: '-1' is no number of copies",
    "store --min-copies x x, --min-copies: 'x' is no number of copies",
    "store --min-copies 1e3 x, --min-copies: '1e3' is no number of copies",
    "store --min-copies 99999999999 x, --min-copies: '99999999999' is no number of copies",
    "store --min-copies \u0663 x, --min-copies: '\u0663' is no number of copies",
    "status --watch --check, --check asks once and --watch does not end",
    "get, Missing required parameter: 'ID'",
    "get xyz, 'xyz' is no id",
    "get 1234567, an item is named by at least 8 digits",
    "get 12345678 --json, --json needs -o PATH",
    "get 12345678 --mask 16, --mask: 0 to 15",
    "next-item zz, 'zz' is no id",
    "next-peer -n 0, -n: at least 1",
    "next-peer -n many, -n: 'many' is no number",
    "list 3f, '3f' is no slice",
    "list -n 0, -n: at least 1",
    "watch, Missing required parameter: 'SLICE'",
    "watch all --since here, --since: 'here' is no cursor",
    "watch all --count 0, --count: at least 1",
    "id --node here, --node: 'here' is no place of a node",
    "node --port 65536, there is no port 65536",
    "node --mask-bits 5, mask bits of 5; use 0 to 4",
    "node --id 3f2a, --id: the id of a node has 64 hex digits",
    "node --id zz, --id: 'zz' is no id",
    "explain 1234567, an item is named by at least 8 digits",
    "explain xyz, 'xyz' is no id",
    "route xyz, 'xyz' is no id",
    "route, Missing required parameter: 'ID'",
    "node --view-capacity 513, a view of 513 peers; it is for 0 to 512",
    "node --geometry cube, --geometry: ring",
    "node --keep-copies-for 5, --keep-copies-for: '5' is no length of time",
    "node --keep-copies-for -1s, --keep-copies-for: '-1s' is no length of time",
    "node --keep-copies-for 10001d, copies are kept for 0 s to 10000 days",
    "size --calls 0, --calls: 1 to 64",
    "size --calls 65, --calls: 1 to 64",
    "message 1234567 hello, a node is named by at least 8 digits",
    "message 12345678, Missing required parameter: 'TEXT'",
    "broadcast, Missing required parameter: 'TEXT'",
    "broadcast tea now, 'now' is one word too many",
    "messages --count 0, --count: at least 1",
    "cluster, Missing required parameter: 'N'",
    "cluster 0, N: 1 to 64 nodes",
    "cluster 65, N: 1 to 64 nodes",
    "cluster many, 'many' is no number",
    "simulate --scenario nowhere, --scenario: there is no file nowhere",
    "simulate --geometry square, '--geometry: ring, prefix or xor'",
    "simulate --view-capacity 513, a view of 513 peers; it is for 0 to 512",
  })
  void tellsWhatIsWrongWithTheWords(String words, String sentence) {
    Cli.run(words.split(" ")).expectWrongUsage(sentence);
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    assertTrue(Cli.run("stor").err().contains("Did you mean: ringslice store?"));
    assertTrue(Cli.run("id", "--jsom").err().contains("Did you mean: --json?"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"leav", "delete", "forget", "warm-u"})
  void suggestsNothingToWhoNamesWhatThereIsNot(String word) {
    Cli.Outcome outcome = Cli.run(word);

    outcome.expectWrongUsage("there is no command '" + word + "'");
    assertFalse(outcome.err().contains("Did you mean"), outcome.err());
  }

  @Test
  void helpsWhoNamesNoCommandAndWhoAsksForHelp() {
    String help = Cli.run("--help").expectDone().out();

    assertEquals(help, Cli.run().expectDone().out());
    assertEquals(help, Cli.run("help").expectDone().out());
    assertEquals(
        Cli.run("get", "--help").expectDone().out(), Cli.run("help", "get").expectDone().out());
    assertEquals(
        Cli.run("bench", "rtt", "--help").expectDone().out(),
        Cli.run("help", "bench", "rtt").expectDone().out());
    Cli.run("help", "stor").expectWrongUsage("there is no command 'stor'");
  }

  @Test
  void namesTheCommandAsItWasCalled(@TempDir Path folder) {
    System.setProperty("ringslice.command", "../tools/ringslice");
    try {
      String none = Cli.run("id", "--dir", folder.resolve("none").toString()).err();
      assertTrue(none.contains("start one with '../tools/ringslice node --dir "), none);
      String wrong = Cli.run("stor").err();
      assertTrue(wrong.contains("Did you mean: ../tools/ringslice store?"), wrong);
      assertTrue(wrong.contains("Try '../tools/ringslice --help'."), wrong);
      for (String name : Commands.names()) {
        String help = Cli.run(name, "--help").out();
        assertTrue(help.startsWith("Usage: ../tools/ringslice " + name), help);
        assertFalse(help.matches("(?s).*(?<!/)ringslice [a-z].*"), help);
      }
    } finally {
      System.clearProperty("ringslice.command");
    }
  }

  @Test
  void tellsWhatIsWrongWithTheVariable() {
    Cli.run(new byte[0], Map.of("RINGSLICE_NODE", "here"), "id")
        .expectWrongUsage("RINGSLICE_NODE: 'here' is no place of a node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "x", " 2", "2.0"})
  void tellsWhatIsWrongWithTheVariableOfCopies(String value) {
    Cli.run(new byte[0], Map.of("RINGSLICE_MIN_COPIES", value), "store", "x")
        .expectWrongUsage("RINGSLICE_MIN_COPIES: '" + value + "' is no number of copies");
  }

  @Test
  void tellsHowToStartANodeWhereThereIsNone(@TempDir Path folder) {
    Path dir = folder.resolve("none");

    Cli.run("id", "--dir", dir.toString())
        .expectCouldNot(
            "no node runs in "
                + dir
                + "; start one with 'ringslice node --dir "
                + dir
                + "', or name another with --node HOST:PORT");
  }

  @Test
  void namesAllScenariosThatComeWithIt() {
    String help = Cli.run("simulate", "--help").out();
    for (String name : Scenario.shippedNames()) {
      assertTrue(help.contains(name), name);
    }
  }

  @Test
  void simulatesWhatDoesNotKnowEverybodyAndCountsTheHops() {
    Cli.Outcome outcome =
        Cli.run(
            "simulate",
            "--scenario",
            "twins",
            "--nodes",
            "50",
            "--seed",
            "3",
            "--json",
            "--geometry",
            "xor");

    // of those that asked some stopped before they were answered, and are not counted
    int right = Integer.parseInt(outcome.expectDone().member("lookups_right"));
    assertTrue(right > 1950 && right <= 2000, "right " + right);
    assertEquals("0", outcome.member("lookups_wrong"));
    assertEquals(1.4, Double.parseDouble(outcome.member("hops_mean")), 0.3);
  }

  @Test
  void simulatesTheSameForTheSameSeed() {
    Cli.Outcome first = Cli.run("simulate", "--scenario", "two", "--seed", "7", "--json");
    Cli.Outcome again = Cli.run("simulate", "--scenario", "two", "--seed", "7", "--json");

    assertEquals("7", first.expectDone().member("seed"));
    assertEquals("true", first.member("ok"));
    assertTrue(Integer.parseInt(first.member("checks")) > 0);
    assertEquals(first.member("trace_hash"), again.member("trace_hash"));
  }
}
