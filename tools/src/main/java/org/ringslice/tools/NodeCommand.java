package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.runtime.StartException;
import picocli.CommandLine.Option;

/** {@code node}: runs a node in the foreground until somebody ends it. */
@picocli.CommandLine.Command(
    name = "node",
    description = "Run a node in the foreground, until Ctrl-C or SIGTERM.",
    footer = {
      "",
      "Example:",
      "  ringslice node --dir /srv/ringslice --port 4321 --peer 192.168.1.7:4321"
    })
final class NodeCommand extends Command {
  /** For a node to say farewell and close its files; past it the process ends all the same. */
  static final long STOP_MILLIS_MAX = 1_800;

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
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "An address or interface to listen on; may be repeated. Default: those of the LAN.")
  List<String> bind = List.of();

  @Option(
      names = "--id",
      paramLabel = "HEX",
      description = "The place on the ring, 64 hex digits; default: that of last time, or random.")
  Prefix id;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "Nodes of different networks do not mix; default: ${DEFAULT-VALUE}.")
  String network = NodeConfig.DEFAULT_NETWORK;

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "A node to join; may be repeated. Others are found without.")
  List<String> peers = List.of();

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

  static Path defaultDir() {
    return Path.of(System.getProperty("user.home"), ".ringslice");
  }

  @Override
  public Integer call() throws StartException, IOException, InterruptedException {
    NodeConfig config = config();
    Logs.ofNode(verbose);
    Node node = Node.start(config);
    AtomicBoolean ends = new AtomicBoolean();
    Thread onSignal = new Thread(() -> stop(node, ends), "ringslice-stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    ready(node, config.dir());
    String why = whyItFailed(node);
    if (ends.compareAndSet(false, true)) {
      node.close();
    }
    throw new CommandException(why);
  }

  private NodeConfig config() {
    if (id != null && !id.isWholeId()) {
      throw misuse("--id: the id of a node has 64 hex digits, not " + id.digits().length());
    }
    try {
      NodeConfig config =
          NodeConfig.in((dir == null ? defaultDir() : dir).toAbsolutePath().normalize())
              .network(network)
              .port(port)
              .bind(bind.toArray(String[]::new))
              .peers(peers.toArray(String[]::new))
              .mdns(!noMdns)
              .maskBits(maskBits);
      return id == null ? config : config.id(id.first());
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private void ready(Node node, Path folder) throws IOException {
    List<String> endpoints = node.endpoints().stream().map(Endpoint::toString).toList();
    if (json) {
      console
          .results()
          .line(
              event("ready", node.id())
                  .put("endpoint", endpoints.get(0))
                  .put("endpoints", endpoints)
                  .put("dir", folder.toString())
                  .put("network", node.network())
                  .put("pid", ProcessHandle.current().pid()));
    } else {
      console
          .results()
          .line(
              "Node "
                  + node.id()
                  + " is ready at "
                  + String.join(" and ", endpoints)
                  + ", with its data in "
                  + folder
                  + "; Ctrl-C stops it.");
    }
    console.results().flush();
  }

  private static String whyItFailed(Node node) throws InterruptedException {
    try {
      return node.failed().get();
    } catch (ExecutionException e) {
      return e.getCause().getMessage();
    }
  }

  /** Runs when the process was told to end; what is not done by then is not waited for. */
  private void stop(Node node, AtomicBoolean ends) {
    if (!ends.compareAndSet(false, true)) {
      return;
    }
    Thread closing = new Thread(node::close, "ringslice-close");
    closing.setDaemon(true);
    closing.start();
    say(node.id());
    try {
      closing.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      console.complain("the node took too long to stop, and was cut off; its items are safe");
    }
    // it did what it was asked to; the JVM's own code would say that it was killed
    Runtime.getRuntime().halt(Main.DONE);
  }

  private void say(Id self) {
    try {
      if (json) {
        console.results().line(event("stopping", self));
      } else {
        console
            .results()
            .line("Node " + self + " goes; its items stay on disk and with the other holders.");
      }
      console.results().flush();
    } catch (IOException e) {
      // nobody listens any more
    }
  }

  private static Json event(String name, Id self) {
    return new Json().put("event", name).put("id", self);
  }
}
