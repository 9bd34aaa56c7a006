package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.runtime.StartException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster}: several nodes in one process. */
@picocli.CommandLine.Command(
    name = "cluster",
    description =
        "Run N nodes in one process, each with a folder of its own, until Ctrl-C or SIGTERM.",
    footer = {
      "",
      "To try things out, or to use several disks of one machine. They reach each other inside the",
      "process and are reached by TCP from outside. Ask each node by its folder:",
      "  ${ROOT-COMMAND-NAME} peers --dir ~/.ringslice-cluster/node-1",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} cluster 6 --bind 127.0.0.1"
    })
final class ClusterCommand extends Command {
  /**
   * Each takes some 30 MB, 37 open files and 8 threads (measured with 32 and 64); so many stay
   * below 4096 open files, the least to which systems let a process raise its limit, as Java does.
   */
  static final int NODES_MAX = 64;

  @Parameters(arity = "1", paramLabel = "N", description = "How many, 1 to " + NODES_MAX + ".")
  int count;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Holds the data folders node-1, node-2, …, which stay for the next time; default:"
              + " ~/.ringslice-cluster.")
  Path dir;

  @Mixin RingOptions ring;

  @Override
  public Integer call() throws StartException, IOException, InterruptedException {
    if (count < 1 || count > NODES_MAX) {
      throw misuse("N: 1 to " + NODES_MAX + " nodes");
    }
    NodeConfig config = config(1);
    Logs.ofNode(verbose);
    Foreground foreground = new Foreground(console, json, "Ctrl-C stops all");
    try {
      Node first = Node.start(config);
      foreground.add(first, config.dir());
      for (int i = 2; i <= count; i++) {
        NodeConfig next = config(i).peers(first.endpoints().get(0).toString());
        foreground.add(Node.start(next), next.dir());
      }
    } catch (StartException | IOException | RuntimeException e) {
      foreground.close();
      throw e;
    }
    return foreground.awaitEnd();
  }

  private NodeConfig config(int index) {
    Path folder = dir == null ? NodeCommand.home().resolve(".ringslice-cluster") : dir;
    try {
      return ring.applyTo(
          NodeConfig.in(folder.resolve("node-" + index).toAbsolutePath().normalize()));
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }
}
