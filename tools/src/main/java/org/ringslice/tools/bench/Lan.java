package org.ringslice.tools.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts that share nothing but cables, on one machine: Linux network namespaces, each with an
 * interface {@code eth0}, {@code eth1}, … for each network, which a bridge in a namespace of its
 * own joins. The machine's own network is not touched. All of it is removed by {@link #close}, and
 * at the end of the process at the latest.
 */
public final class Lan implements Closeable {
  private static final long COMMAND_SECONDS_MAX = 10;
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name =
      "rs-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet() + "-";
  private final List<String> namespaces = new ArrayList<>();
  private final Thread onExit = new Thread(this::removeAll);
  private final int networks;

  /**
   * Makes hosts with interfaces that have no IPv4 address yet, and one of IPv6 of the link.
   *
   * @param networks in [0, 255]; each host has an interface to each
   */
  public Lan(int hosts, int networks) throws IOException {
    this.networks = networks;
    Runtime.getRuntime().addShutdownHook(onExit);
    try {
      namespace("wires");
      for (int network = 0; network < networks; network++) {
        bridge(network);
      }
      for (int host = 0; host < hosts; host++) {
        namespace("host" + host);
        ip("-n", namespaceOf(host), "link", "set", "lo", "up");
        for (int network = 0; network < networks; network++) {
          plug(host, network);
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Why there can be none here; nothing when there can. */
  public static Optional<String> whyNot() {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
      return Optional.of("network namespaces are a matter of Linux");
    }
    try (Lan lan = new Lan(1, 1)) {
      run(lan.within(0, List.of("true")));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("network namespaces can't be made here: " + e.getMessage());
    }
  }

  private void namespace(String suffix) throws IOException {
    namespaces.add(name + suffix);
    ip("netns", "add", name + suffix);
    // an address of the link is usable at once, and not after a second's search for a double
    run(within(name + suffix, List.of("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0")));
  }

  /** Makes a network; the constructor does so for all that it is told of. */
  public void bridge(int network) throws IOException {
    inWires("link", "add", nameOfBridge(network), "type", "bridge");
    inWires("link", "set", nameOfBridge(network), "up");
  }

  /** Connects a host to a network; the constructor does so for all. */
  public void plug(int host, int network) throws IOException {
    String eth = "eth" + network;
    String socket = socket(host, network);
    inWires("link", "add", socket, "type", "veth", "peer", "name", eth, "netns", namespaceOf(host));
    inWires("link", "set", socket, "master", nameOfBridge(network), "up");
    ip("-n", namespaceOf(host), "link", "set", eth, "up");
  }

  /** Gives each host an IPv4 address on each network. */
  public Lan numbered() throws IOException {
    for (int host = 0; host < namespaces.size() - 1; host++) {
      for (int network = 0; network < networks; network++) {
        number(host, network);
      }
    }
    return this;
  }

  /** Gives a host its IPv4 address on a network. */
  public void number(int host, int network) throws IOException {
    String address = address(host, network) + "/24";
    ip("-n", namespaceOf(host), "addr", "add", address, "dev", "eth" + network);
  }

  /** The IPv4 address of a host on a network. */
  public static String address(int host, int network) {
    return "10.77." + network + "." + (host + 1);
  }

  /** Pulls the cable of a host out of a network's bridge; the host sees that it has no carrier. */
  public void cut(int host, int network) throws IOException {
    inWires("link", "set", socket(host, network), "down");
  }

  /** Takes a host off a network without its seeing it: nothing goes through any more. */
  public void silence(int host, int network) throws IOException {
    inWires("link", "set", socket(host, network), "nomaster");
  }

  /** Undoes {@link #cut} and {@link #silence}. */
  public void mend(int host, int network) throws IOException {
    inWires("link", "set", socket(host, network), "master", nameOfBridge(network), "up");
  }

  /** A command as it is to be run on a host. */
  public List<String> within(int host, List<String> command) {
    return within(namespaceOf(host), command);
  }

  private static List<String> within(String namespace, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    whole.addAll(command);
    return whole;
  }

  private String namespaceOf(int host) {
    return name + "host" + host;
  }

  private static String nameOfBridge(int network) {
    return "br" + network;
  }

  private static String socket(int host, int network) {
    return "h" + host + "n" + network;
  }

  private void inWires(String... command) throws IOException {
    List<String> whole = new ArrayList<>(List.of("ip", "-n", name + "wires"));
    whole.addAll(Arrays.asList(command));
    run(whole);
  }

  private static void ip(String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(List.of("ip"));
    whole.addAll(Arrays.asList(arguments));
    run(whole);
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + String.join(" ", command), e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }

  /** Removes all; the processes on the hosts must have ended. */
  @Override
  public void close() {
    removeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // the process ends
    }
  }

  private synchronized void removeAll() {
    for (String namespace : namespaces) {
      try {
        ip("netns", "del", namespace);
      } catch (IOException e) {
        // it was not made, or cannot be removed by whoever made it; there is nobody to tell
      }
    }
    namespaces.clear();
  }
}
