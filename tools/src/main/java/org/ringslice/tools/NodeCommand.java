package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.runtime.StartException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node}: runs a node in the foreground until somebody ends it. */
@picocli.CommandLine.Command(
    name = "node",
    description = "Run a node in the foreground, until Ctrl-C or SIGTERM.",
    footer = {
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} node --dir /srv/ringslice --port 4321 --peer 192.168.1.7:4321"
    })
final class NodeCommand extends Command {
  @Mixin RingOptions ring;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The data folder: who the node is, and its items; default: ~/.ringslice.")
  Path dir;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The TCP port for messages; default: that of last time, else a free one.")
  int port;

  @Option(
      names = "--id",
      paramLabel = "HEX",
      description = "The place on the ring, 64 hex digits; default: that of last time, or random.")
  Prefix id;

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "A node to join; may be repeated. Others are found without.")
  List<String> peers = List.of();

  @Option(
      names = "--keep",
      paramLabel = "SLICE",
      description = {
        "Hold this slice beyond the node's share, and offer it to all; may be repeated.",
        Slice.HELP
      })
  List<Slice> keep = List.of();

  @Option(
      names = "--scrub",
      paramLabel = "full",
      description =
          "Begin with reading all that the node holds, as fast as the disk can, and say what was found"
              + " damaged; without it that takes up to a week, and is done at once after a crash.")
  Scrub scrub;

  /** How much is read at the start. */
  enum Scrub {
    full
  }

  @Option(
      names = "--trace",
      description =
          "Print a line for each message, and the routing table when the node joins and when it"
              + " changes.")
  boolean trace;

  static Path defaultDir() {
    return home().resolve(".ringslice");
  }

  /**
   * Java's own idea of it comes from the list of users, and HOME may say otherwise. Of a user who
   * is not in that list, as in a container, Java has none, and says so by a question mark.
   */
  static Path home() {
    String variable = System.getenv("HOME");
    String home =
        variable == null || variable.isEmpty() ? System.getProperty("user.home", "") : variable;
    if (!home.startsWith("/") && !Path.of(home).isAbsolute()) {
      throw new CommandException(
          "this user has no home for the data folder; name the folder with --dir, or set HOME");
    }
    return Path.of(home);
  }

  @Override
  public Integer call() throws StartException, IOException, InterruptedException {
    NodeConfig config = config();
    Logs.ofNode(verbose);
    Foreground foreground = new Foreground(console, json, "Ctrl-C stops it");
    if (trace) {
      MessageTrace lines = new MessageTrace(console, json);
      Node node = Node.start(config, Optional.of(lines));
      foreground.add(node, config.dir());
      lines.follow(node);
    } else {
      foreground.add(Node.start(config), config.dir());
    }
    return foreground.awaitEnd();
  }

  private NodeConfig config() {
    if (id != null && !id.isWholeId()) {
      throw misuse("--id: the id of a node has 64 hex digits, not " + id.digits().length());
    }
    try {
      Path folder = (dir == null ? defaultDir() : dir).toAbsolutePath().normalize();
      NodeConfig config =
          ring.applyTo(NodeConfig.in(folder))
              .port(port)
              .peers(peers.toArray(String[]::new))
              .scrub(scrub == Scrub.full)
              .keep(keep.stream().map(Slice::arc).toArray(Arc[]::new));
      return id == null ? config : config.id(id.first());
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }
}
