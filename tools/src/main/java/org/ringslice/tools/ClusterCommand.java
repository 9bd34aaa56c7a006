package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.runtime.StartException;
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
      "  ringslice peers --dir ~/.ringslice-cluster/node-1",
      "",
      "Example:",
      "  ringslice cluster 6 --bind 127.0.0.1"
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

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "An address or interface to listen on; may be repeated. Default: those of the LAN.")
  List<String> bind = List.of();

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "Nodes of different networks do not mix; default: ${DEFAULT-VALUE}.")
  String network = NodeConfig.DEFAULT_NETWORK;

  @Option(
      names = "--no-mdns",
      description = "Neither look for other nodes on the LAN and on this machine nor be found.")
  boolean noMdns;

  @Option(
      names = "--mask-bits",
      paramLabel = "N",
      description =
          "Keep 2^N copies of each item; the same in the whole network; default: ${DEFAULT-VALUE}.")
  int maskBits = NodeConfig.DEFAULT_MASK_BITS;

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
      return NodeConfig.in(folder.resolve("node-" + index).toAbsolutePath().normalize())
          .network(network)
          .bind(bind.toArray(String[]::new))
          .mdns(!noMdns)
          .maskBits(maskBits);
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }
}
