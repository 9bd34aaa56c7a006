package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, in a tree that is built, with a Java that tells what it was given. */
class LauncherTest {
  /** Tells its descriptors and its words; what makes the archive gets nothing. */
  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in *warm-up* | *-Xshare:dump*) exit 1 ;; esac
      for i in 0 1 2; do file=$(readlink /proc/$$/fd/$i); echo "$file" >>"$TOLD"; done
      printf '%s\\n' "LC_ALL=$LC_ALL ASCII=$RINGSLICE_ASCII" "$@" >>"$TOLD"
      """;

  @TempDir Path folder;

  private Path launcher;
  private Path told;

  @BeforeEach
  void makeATree() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors are seen on Linux");
    Path root = folder.resolve("tree");
    for (String module : List.of("messages", "sync", "node", "tools")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    launcher = executable(root.resolve("tools/ringslice"), Files.readString(Path.of("ringslice")));
    Files.createDirectory(root.resolve("tools/target"));
    Files.createFile(root.resolve("tools/target/ringslice.jar"));
    executable(Files.createDirectories(folder.resolve("jdk/bin")).resolve("java"), JAVA);
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
    told = folder.resolve("told");
  }

  private static Path executable(Path file, String content) throws IOException {
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int code, String out, List<String> told) {
    String option(String name) {
      return told.stream()
          .filter(line -> line.startsWith("-D" + name + "="))
          .findFirst()
          .map(line -> line.substring(name.length() + 3))
          .orElse("");
    }
  }

  /** Runs a line of Bash, to which $L is the launcher; stdout and stderr are one. */
  private Outcome run(String line) throws Exception {
    Files.deleteIfExists(told);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc", "-c", line).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().put("L", launcher.toString());
    builder.environment().put("TOLD", told.toString());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "RINGSLICE_ASCII"));
    builder.environment().put("LANG", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    List<String> lines = Files.exists(told) ? Files.readAllLines(told) : List.of();
    return new Outcome(process.exitValue(), out, lines);
  }

  @Test
  void streamsThatWereClosedAreNothingToJavaAndItIsTold() throws Exception {
    assertEquals("", run("exec $L id").option("ringslice.closed"));
    assertClosed("0", "exec $L id <&-");
    assertClosed("1", "exec $L id >&-");
    assertClosed("2", "exec $L id 2>&-");
    assertClosed("012", "exec $L id <&- >&- 2>&-");
  }

  private void assertClosed(String numbers, String line) throws Exception {
    Outcome outcome = run(line);
    assertEquals(numbers, outcome.option("ringslice.closed"), line);
    for (int i = 0; i < 3; i++) {
      boolean closed = numbers.contains(Integer.toString(i));
      assertEquals(closed, outcome.told().get(i).equals("/dev/null"), line + outcome.told());
    }
  }

  @Test
  void aLocaleThatIsNotInstalledIsNoTrouble() throws Exception {
    for (String locale : List.of("xx_XX.UTF-8", "xx_XX.utf8", "C.UTF-8")) {
      Outcome outcome = run("env LC_ALL=" + locale + " $L id");
      assertEquals("", outcome.out(), "nothing is complained of");
      assertTrue(outcome.told().contains("LC_ALL=C.UTF-8 ASCII="), locale);
    }
    for (String locale : List.of("C", "POSIX", "xx_XX", "de_DE.ISO-8859-1")) {
      assertTrue(run("env LC_ALL=" + locale + " $L id").told().contains("LC_ALL=C.UTF-8 ASCII=1"));
    }
    assertTrue(run("env -u LANG $L id").told().contains("LC_ALL=C.UTF-8 ASCII=1"));
  }

  @Test
  void tellsHowItWasCalled() throws Exception {
    Files.createSymbolicLink(folder.resolve("ring"), launcher);
    assertEquals(launcher.toString(), run("$L id").option("ringslice.command"));
    assertEquals(
        "tree/tools/ringslice", run("tree/tools/ringslice id").option("ringslice.command"));
    assertEquals("./ring", run("./ring id").option("ringslice.command"));
    assertEquals("ring", run("PATH=$PWD:$PATH; ring id").option("ringslice.command"));
  }

  @Test
  void needsNoHome() throws Exception {
    assertEquals(0, run("env -u HOME $L id").code());
    assertEquals(0, run("env HOME=/nowhere $L id").code());
  }

  @Test
  void saysThatTheCurrentFolderIsGone() throws Exception {
    Outcome outcome = run("mkdir gone; cd gone; rmdir ../gone; $L id");
    assertEquals(1, outcome.code());
    assertTrue(outcome.out().contains("ringslice: the current folder is gone"), outcome.out());
  }

  @Test
  void saysWhatIsWrongWithTheJava() throws Exception {
    Outcome nowhere = run("env JAVA_HOME=/nowhere $L id");
    assertEquals(1, nowhere.code());
    assertTrue(nowhere.out().startsWith("ringslice: JAVA_HOME is /nowhere, "), nowhere.out());

    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_292\"\n");
    Outcome old = run("$L id");
    assertEquals(1, old.code());
    assertTrue(old.out().startsWith("ringslice: this is Java 8, at "), old.out());
  }

  @Test
  void worksInATreeThatItMayNotWrite() throws Exception {
    Path target = launcher.resolveSibling("target");
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(target), "root may write everywhere");
      Outcome outcome = run("env HOME=" + folder + " $L id");
      assertEquals(0, outcome.code(), outcome.out());
      assertEquals("", outcome.out());
      Files.delete(launcher.resolveSibling("pom.xml"));
      Files.createFile(launcher.resolveSibling("pom.xml"));
      assertFalse(run("$L id").told().isEmpty(), "the old build is used");
    } finally {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
