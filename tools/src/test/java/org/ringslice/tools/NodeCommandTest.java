package org.ringslice.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node as a process: how it starts, and how it ends. */
class NodeCommandTest {
  private static final String ID = "3f2a81c0".repeat(8);

  @TempDir Path folder;

  @Test
  void tellsWhenItIsReadyAndStopsWithinTwoSeconds() throws Exception {
    try (RealProcess node = RealProcess.node(folder, "a", "stops", "--json", "--id", ID)) {
      String ready = node.line();
      assertEquals("ready", Cli.memberOf(ready, "event"));
      assertEquals(ID, Cli.memberOf(ready, "id"));
      assertTrue(Cli.memberOf(ready, "endpoint").startsWith("127.0.0.1:"), ready);
      assertEquals(folder.resolve("a").toString(), Cli.memberOf(ready, "dir"));

      long begin = System.nanoTime();
      node.terminate();
      String stopping = node.line();
      assertEquals(Main.DONE, node.exitCode());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

      assertEquals("stopping", Cli.memberOf(stopping, "event"));
      assertTrue(millis < 2_000, "it took " + millis + " ms");
      assertEquals("", node.err());
    }
    Cli.run("id", "--dir", folder.resolve("a").toString())
        .expectCouldNot(
            "no node runs in "
                + folder.resolve("a")
                + "; start one with 'ringslice node --dir "
                + folder.resolve("a")
                + "', or name another with --node HOST:PORT");
  }

  @Test
  void hasItsIdPortAndItemsAgainAfterARestart() throws Exception {
    String dir = folder.resolve("a").toString();
    String before;
    String item;
    try (RealProcess node = RealProcess.node(folder, "a", "again")) {
      assertTrue(node.line().matches("Node [0-9a-f]{8} is ready at 127.0.0.1:\\d+, .*"));
      before = Cli.run("id", "--dir", dir).expectDone().out();
      item = Cli.run("store", "--dir", dir, "-", "--json").expectDone().member("id");
      node.terminate();
      assertEquals(Main.DONE, node.exitCode());
    }
    try (RealProcess node = RealProcess.node(folder, "a", "again")) {
      node.line();

      assertEquals(before, Cli.run("id", "--dir", dir).expectDone().out());
      assertEquals("", Cli.run("get", "--dir", dir, item).expectDone().out());
    }
  }

  @Test
  void saysThatItsFolderIsInUse() throws Exception {
    try (RealProcess node = RealProcess.node(folder, "a", "twice", "--json")) {
      String endpoint = node.readyEndpoint();

      expectNoStart(
          "is in use by another node, process \\d+, at " + endpoint + ": stop it, or choose .*",
          RealProcess.node(folder, "a", "twice"));
    }
  }

  @Test
  void saysThatItsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      expectNoStart(
          "Can't listen on 127.0.0.1:" + port + ".* the port is taken.*",
          RealProcess.node(folder, "a", "taken", "--port", port));
    }
  }

  @Test
  void saysThatItsFolderIsNoFolder() throws Exception {
    Files.writeString(folder.resolve("a"), "x", US_ASCII);

    expectNoStart("is not a folder: choose .*", RealProcess.node(folder, "a", "file"));
  }

  @Test
  void saysThatItsFolderCanNotBeWritten() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    assertTrue(locked.toFile().setWritable(false));
    // root may write everywhere but there
    Path place = Files.isWritable(locked) ? Path.of("/proc") : locked;
    assumeFalse(Files.notExists(place), "this user may write everywhere");

    expectNoStart(
        "The folder " + place.resolve("a") + " can't be .*with --dir.*",
        RealProcess.start(folder, "node", "--dir", place.resolve("a").toString()));
  }

  @Test
  void saysThatItsFolderHasANameThatTheDatabaseCanNotBeTold() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "names are bytes on Linux");
    expectNoStart(
        ".*can't be used .* choose another folder with --dir.",
        RealProcess.shell(
            folder,
            "LC_ALL=C.UTF-8 exec \"$@\" '" + folder + "/\ud83c\udf89'",
            "node",
            "--no-mdns",
            "--bind",
            "127.0.0.1",
            "--dir"));
  }

  @Test
  void saysThatItMayOpenTooFewFiles() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/limits")), "only Linux tells");
    expectNoStart(
        "This process may have 64 files and connections open, .*'ulimit -n 4096'.*",
        RealProcess.shell(
            folder, "ulimit -n 64; exec \"$@\"", "node", "--dir", folder.resolve("a").toString()));
  }

  @Test
  void saysThatItHasNoSuchAddress() throws Exception {
    expectNoStart(
        "192.0.2.77 is no address or interface of this machine; it has .*",
        RealProcess.start(
            folder, "node", "--dir", folder.resolve("a").toString(), "--bind", "192.0.2.77"));
  }

  private static void expectNoStart(String sentence, RealProcess started)
      throws IOException, InterruptedException {
    try (started) {
      assertEquals(Main.COULD_NOT, started.exitCode(), started.err());
      assertEquals(1, started.err().lines().count(), started.err());
      assertTrue(started.err().strip().matches("ringslice: .*" + sentence), started.err());
    }
  }
}
