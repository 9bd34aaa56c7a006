package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;

/**
 * Nothing that is printed or written depends on the locale or the time zone: with digits of its
 * own, with another calendar, with a dotless i.
 */
class LocaleTest {
  private static final List<String> LOCALES =
      List.of("fa-IR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "tr-TR", "de-DE");

  @TempDir Path folder;

  private final Locale locale = Locale.getDefault();
  private final TimeZone zone = TimeZone.getDefault();

  @AfterEach
  void isAsItWas() {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
  }

  private static void become(String name, String zone) {
    Locale.setDefault(Locale.forLanguageTag(name));
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
  }

  private Node node() throws Exception {
    return Node.start(
        NodeConfig.in(folder.resolve("node"))
            .network("locales-" + folder.getFileName())
            .bind("127.0.0.1")
            .mdns(false));
  }

  private String run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--dir", folder.resolve("node").toString()));
    return Cli.run(all.toArray(String[]::new)).expectDone().out();
  }

  private String everythingPrinted(String id) {
    return String.join(
        "\n",
        run("list", "--json"),
        run("list"),
        run("status"),
        run("status", "--json"),
        run("explain", id),
        run("explain", id, "--json"),
        run("ring"),
        run("size"),
        run("size", "--json"),
        run("id", "--json"),
        Cli.run("get", "--help").expectDone().out(),
        Cli.run("simulate", "--scenario", "two", "--seed", "7", "--json")
            .expectDone()
            .out()
            .replaceAll("\"real_ms\":[0-9]+", ""));
  }

  @Test
  void everyCommandPrintsTheSameEverywhere() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[1_234_567]);
    become("en", "UTC");
    try (Node node = node()) {
      assertEquals(1, node.endpoints().size());
      String id = Cli.memberOf(run("store", "--json", file.toString()), "id");
      String printed = everythingPrinted(id);
      assertTrue(printed.contains("1.2 MiB"), printed);
      for (String each : LOCALES) {
        become(each, "Asia/Kathmandu");
        assertEquals(printed, everythingPrinted(id), each);
      }
    }
  }

  @Test
  void whatWasStoredInOneLocaleIsThereInAnother() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[300_000]);
    String id;
    become("fa-IR", "Asia/Tehran");
    try (Node node = node()) {
      assertEquals(1, node.endpoints().size());
      id = Cli.memberOf(run("store", "--json", file.toString()), "id");
    }
    become("ar-EG-u-nu-arab", "Africa/Cairo");
    try (Node node = node()) {
      assertEquals(1, node.endpoints().size());
      run("get", id, "-o", folder.resolve("copy").toString());
      assertEquals(-1, Files.mismatch(file, folder.resolve("copy")));
    }
    List<Path> odd = new ArrayList<>();
    try (var all = Files.walk(folder)) {
      all.filter(path -> !path.toString().chars().allMatch(c -> c < 0x80)).forEach(odd::add);
    }
    assertEquals(List.of(), odd);
  }

  @Test
  void jsonEscapesWithAsciiDigits() {
    become("fa-IR", "Asia/Tehran");
    assertEquals("{\"a\":\"\\u001b\\udcff\"}", new Json().put("a", "\u001b\udcff").toString());
  }

  @Test
  void timesAreInUtcAndSaySo() {
    become("fa-IR", "Asia/Tehran");
    assertTrue(TimeOfDay.toTheSecond().matches("[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
    String utc = java.time.Instant.now().toString().substring(11, 13);
    String next = java.time.Instant.now().plusSeconds(1).toString().substring(11, 13);
    String told = TimeOfDay.toTheMicrosecond();
    assertTrue(told.startsWith(utc) || told.startsWith(next), told);
  }

  @Test
  void argumentsAreTheBytesThatTheyAre() throws Exception {
    String store = "touch $'caf\\xe9' 'ünï' && printf x > $'caf\\xe9' && exec \"$@\"";
    try (Node node = node()) {
      assertEquals(1, node.endpoints().size());
      String dir = folder.resolve("node").toString();
      for (String locale : List.of("C", "C.UTF-8", "xx_XX.UTF-8")) {
        String line = "cd '" + folder + "'; export LC_ALL=" + locale + " 2>/dev/null; " + store;
        try (RealProcess process =
            RealProcess.shell(
                folder, line + " $'caf\\xe9' 'ünï'", "store", "--json", "--dir", dir)) {
          assertEquals("caf%E9", Cli.memberOf(process.line(), "name"), locale);
          assertEquals("ünï", Cli.memberOf(process.line(), "name"), locale);
          assertEquals(Main.DONE, process.exitCode(), process.err());
        }
      }
    }
  }

  @Test
  void aClosedStdinIsNotStored() throws Exception {
    try (Node node = node()) {
      assertEquals(1, node.endpoints().size());
      String dir = folder.resolve("node").toString();
      try (RealProcess process =
          RealProcess.shell(folder, "exec \"$@\" <&-", "store", "-", "--dir", dir)) {
        assertEquals(Main.COULD_NOT, process.exitCode(), process.err());
        assertTrue(process.err().contains("stdin is closed"), process.err());
      }
      assertEquals("0", Cli.memberOf(run("status", "--json"), "items"));
    }
  }
}
