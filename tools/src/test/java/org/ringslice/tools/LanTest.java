package org.ringslice.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.tools.bench.Lan;

/** Nodes on hosts of their own: network namespaces, joined by bridges. */
class LanTest {
  /** Two missed heartbeats and a race for another connection. */
  private static final long BACK_MILLIS_MAX = 3_000;

  private static final String PORT = "7400";

  @TempDir Path folder;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @BeforeAll
  static void assumeThatHostsCanBeMade() {
    Optional<String> whyNot = Lan.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.push(each);
    return each;
  }

  private RealProcess node(Lan lan, int host) throws Exception {
    String dir = folder.resolve("node" + host).toString();
    return opened(
        RealProcess.on(lan, host, folder, "node", "--json", "--dir", dir, "--port", PORT));
  }

  private RealProcess onlooker(Lan lan, int host, String... endpoints) throws Exception {
    return opened(RealProcess.onlooker(lan, host, folder, endpoints));
  }

  private static String at(int host, int network) {
    return Lan.address(host, network) + ":" + PORT;
  }

  @Test
  void threeHostsFindEachOtherByMulticastDnsAlone() throws Exception {
    Lan lan = opened(new Lan(3, 1)).numbered();
    RealProcess onlooker = onlooker(lan, 0, at(0, 0), at(1, 0), at(2, 0));
    for (int host = 0; host < 3; host++) {
      node(lan, host);
    }
    onlooker.awaitCounts(3, 3);
  }

  @Test
  void hostsWithNothingButLinkLocalAddressesFindEachOther() throws Exception {
    Lan lan = opened(new Lan(3, 2));
    String[] endpoints = new String[3];
    for (int host = 0; host < 3; host++) {
      String endpoint = node(lan, host).readyEndpoint();
      assertTrue(endpoint.startsWith("[fe80:") && endpoint.contains("%eth"), endpoint);
      endpoints[host] = endpoint;
    }
    for (int host = 0; host < 3; host++) {
      onlooker(lan, host, endpoints[host]).awaitCounts(1, 3);
    }
  }

  @Test
  void stayTogetherWhileOneOfTwoNetworksIsSilent() throws Exception {
    Lan lan = opened(new Lan(2, 2)).numbered();
    node(lan, 0);
    node(lan, 1);
    RealProcess zero = onlooker(lan, 0, at(0, 1));
    RealProcess one = onlooker(lan, 1, at(1, 1));
    zero.awaitCounts(1, 2);
    one.awaitCounts(1, 2);

    lan.silence(1, 0);
    String id = store(lan, 0, "while one network is silent");
    long millis = Math.max(zero.millisBelow(2, 6_000), one.millisBelow(2, 10));
    assertTrue(millis < BACK_MILLIS_MAX, "apart for " + millis + " ms");
    assertEquals("while one network is silent", get(lan, 1, id));

    lan.mend(1, 0);
    assertEquals(0, zero.millisBelow(2, 3_000));
  }

  @Test
  void stayTogetherWhenACableIsPulledAndPutBack() throws Exception {
    Lan lan = opened(new Lan(2, 2)).numbered();
    node(lan, 0);
    node(lan, 1);
    RealProcess zero = onlooker(lan, 0, at(0, 1));
    RealProcess one = onlooker(lan, 1, at(1, 1));
    zero.awaitCounts(1, 2);
    one.awaitCounts(1, 2);

    lan.cut(1, 0);
    long millis = zero.millisBelow(2, 8_000);
    assertTrue(millis < BACK_MILLIS_MAX, "apart for " + millis + " ms");
    assertEquals("[\"" + at(1, 1) + "\"]", endpoints(lan, 1));
    assertEquals("with one network", get(lan, 1, store(lan, 0, "with one network")));

    lan.mend(1, 0);
    awaitEndpoint(lan, 1, at(1, 0));
    zero.awaitCounts(1, 2);
  }

  @Test
  void comesToTheLanWhenACableIsPluggedInAfterTheStart() throws Exception {
    Lan lan = opened(new Lan(2, 0));
    assertEquals("127.0.0.1:" + PORT, node(lan, 0).readyEndpoint());
    assertEquals("127.0.0.1:" + PORT, node(lan, 1).readyEndpoint());

    lan.bridge(0);
    for (int host = 0; host < 2; host++) {
      lan.plug(host, 0);
      lan.number(host, 0);
    }
    onlooker(lan, 0, at(0, 0), at(1, 0)).awaitCounts(2, 2);
  }

  /** Gives a host a bridge of its own, of which its end of the network is a port. */
  private static void putOnABridge(Lan lan, int host, String bridge, String address)
      throws Exception {
    for (String line :
        new String[] {
          "link add " + bridge + " type bridge",
          "link set eth0 master " + bridge,
          "link set " + bridge + " up",
          "addr add " + address + "/24 dev " + bridge
        }) {
      List<String> command = new ArrayList<>(List.of("ip"));
      command.addAll(List.of(line.split(" ")));
      Process ip = new ProcessBuilder(lan.within(host, command)).inheritIO().start();
      assertTrue(ip.waitFor(10, TimeUnit.SECONDS));
      assertEquals(0, ip.exitValue(), line);
    }
  }

  @Test
  void aNodeListensOnTheBridgeOfTheLanAndNotOnItsPort() throws Exception {
    Lan lan = opened(new Lan(2, 1));
    lan.number(0, 0);
    putOnABridge(lan, 1, "br-lan", Lan.address(1, 0));
    node(lan, 0);
    assertEquals(at(1, 0), node(lan, 1).readyEndpoint());
    assertEquals("[\"" + at(1, 0) + "\"]", endpoints(lan, 1));
    onlooker(lan, 0, at(0, 0), at(1, 0)).awaitCounts(2, 2);
  }

  @Test
  void stopsWithinTwoSecondsWithSeveralResponders() throws Exception {
    Lan lan = opened(new Lan(2, 3)).numbered();
    node(lan, 0).line();
    RealProcess node = node(lan, 1);
    node.line();
    onlooker(lan, 0, at(0, 0), at(1, 0)).awaitCounts(2, 2);

    long begin = System.nanoTime();
    node.terminate();
    assertEquals("stopping", Cli.memberOf(node.line(), "event"));
    assertEquals(Main.DONE, node.exitCode());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertTrue(millis < 2_000, "it took " + millis + " ms");
  }

  private String run(Lan lan, int host, String... args) throws Exception {
    try (RealProcess command = RealProcess.on(lan, host, folder, args)) {
      String line = command.line();
      assertEquals(Main.DONE, command.exitCode(), command.err());
      return line;
    }
  }

  private String store(Lan lan, int host, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), text, UTF_8);
    String line = run(lan, host, "store", file.toString(), "--json", "--node", at(host, 1));
    return Cli.memberOf(line, "id");
  }

  private String get(Lan lan, int host, String id) throws Exception {
    return run(lan, host, "get", id, "--node", at(host, 1));
  }

  private String endpoints(Lan lan, int host) throws Exception {
    String dir = folder.resolve("node" + host).toString();
    String line = run(lan, host, "id", "--json", "--dir", dir);
    return Cli.memberOf(line, "endpoints");
  }

  private void awaitEndpoint(Lan lan, int host, String expected) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String said = endpoints(lan, host);
    while (!said.contains(expected) && System.nanoTime() < deadline) {
      said = endpoints(lan, host);
    }
    assertTrue(said.contains(expected), said);
  }
}
