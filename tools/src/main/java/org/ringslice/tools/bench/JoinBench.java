package org.ringslice.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long it takes from the start of a node's process until all nodes know each other: on one
 * machine, and on hosts in network namespaces where the machine allows them.
 */
final class JoinBench {
  /** How the newcomer finds the others. */
  private enum Way {
    FILES("one machine, host files"),
    PEER("hosts, --no-mdns --peer"),
    MDNS("hosts, mDNS alone");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    boolean isOnHosts() {
      return this != FILES;
    }
  }

  private final Figures figures;
  private final int runs;
  private final int nodes;
  private final boolean together;

  /**
   * @param together whether all nodes are started at once, and not the last when the others know
   *     each other
   */
  JoinBench(Figures figures, int runs, int nodes, boolean together) {
    this.figures = figures;
    this.runs = runs;
    this.nodes = nodes;
    this.together = together;
  }

  void run() throws IOException, InterruptedException {
    measure(Way.FILES);
    Optional<String> whyNot = Lan.whyNot();
    if (whyNot.isPresent()) {
      System.err.println("Only on one machine: " + whyNot.get() + ".");
      return;
    }
    measure(Way.PEER);
    measure(Way.MDNS);
  }

  private void measure(Way way) throws IOException, InterruptedException {
    Sample ready = new Sample();
    Sample joined = new Sample();
    for (int i = 0; i < runs; i++) {
      try (Lan lan = way.isOnHosts() ? new Lan(nodes, 1).numbered() : null) {
        new Run(way, lan).measure(ready, joined);
      }
    }
    String params = nodes + " nodes, " + way.words + (together ? ", together" : "");
    figures.times("join", params + ": the last is ready", runs, ready);
    figures.times("join", params + ": all see each other", runs, joined);
  }

  /** One ring, from its first node to its last one's joining. */
  private final class Run {
    private final Way way;
    private final Lan lan;
    private final Path folder = Files.createTempDirectory("ringslice-join-");
    private final List<Child> started = new ArrayList<>();
    private String firstEndpoint;

    Run(Way way, Lan lan) throws IOException {
      this.way = way;
      this.lan = lan;
    }

    void measure(Sample ready, Sample joined) throws IOException, InterruptedException {
      List<String> command = BenchNodes.java("-Xmx64m");
      command.add(Onlooker.class.getName());
      try (Child onlooker = child(0, command)) {
        String[] endpoints = new String[nodes];
        for (int i = 0; i < nodes - 1; i++) {
          start(i);
          if (!together || way == Way.PEER) {
            endpoints[i] = ready(i, onlooker);
          }
        }
        if (!together) {
          onlooker.awaitCounts(nodes - 1);
        }
        long beginNanos = System.nanoTime();
        start(nodes - 1);
        for (int i = 0; i < nodes; i++) {
          endpoints[i] = endpoints[i] == null ? ready(i, onlooker) : endpoints[i];
        }
        ready.add(System.nanoTime() - beginNanos);
        onlooker.awaitCounts(nodes);
        joined.add(System.nanoTime() - beginNanos);
      } finally {
        started.forEach(Child::close);
        BenchNodes.delete(folder);
      }
    }

    private Child child(int host, List<String> command) throws IOException {
      List<String> whole = lan == null ? command : lan.within(host, command);
      return Child.start(whole, folder.resolve("run" + host), folder.resolve("log" + host));
    }

    private void start(int i) throws IOException {
      List<String> command = BenchNodes.java("-Xmx256m", "-XX:+UseParallelGC");
      command.addAll(BenchNodes.archive());
      command.addAll(List.of("org.ringslice.tools.Main", "node", "--json"));
      command.addAll(List.of("--network", folder.getFileName().toString()));
      command.addAll(List.of("--dir", folder.resolve("node" + i).toString()));
      if (lan == null) {
        command.addAll(List.of("--bind", "127.0.0.1"));
      }
      if (way == Way.PEER) {
        command.add("--no-mdns");
        if (i > 0) {
          command.addAll(List.of("--peer", firstEndpoint));
        }
      }
      started.add(child(lan == null ? 0 : i, command));
    }

    /** Reads where a node listens, and has it watched. */
    private String ready(int i, Child onlooker) throws IOException, InterruptedException {
      String endpoint = BenchNodes.endpointIn(started.get(i).line());
      if (i == 0) {
        firstEndpoint = endpoint;
      }
      onlooker.watch(endpoint);
      return endpoint;
    }
  }
}
