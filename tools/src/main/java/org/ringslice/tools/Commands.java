package org.ringslice.tools;

import java.util.List;
import org.ringslice.tools.bench.BenchCommand;

/** The commands by name, each made only when it is called for. */
final class Commands {
  /** In the order in which the help lists them. */
  private static final List<String> NAMES =
      List.of(
          "node",
          "cluster",
          "demo",
          "id",
          "peers",
          "table",
          "prev-peer",
          "next-peer",
          "store",
          "get",
          "list",
          "watch",
          "prev-item",
          "next-item",
          "message",
          "broadcast",
          "messages",
          "route",
          "explain",
          "status",
          "size",
          "ring",
          "leave",
          "simulate",
          "bench",
          "warm-up");

  private Commands() {}

  static List<String> names() {
    return NAMES;
  }

  static boolean isNamed(String name) {
    return NAMES.contains(name);
  }

  /** A {@link Command}, or something else that picocli can run. */
  static Object create(String name) {
    return switch (name) {
      case "node" -> new NodeCommand();
      case "cluster" -> new ClusterCommand();
      case "demo" -> new DemoCommand();
      case "id" -> new IdCommand();
      case "peers" -> new PeersCommand();
      case "table" -> new TableCommand();
      case "prev-peer" -> new NeighbourPeers.Prev();
      case "next-peer" -> new NeighbourPeers.Next();
      case "store" -> new StoreCommand();
      case "get" -> new GetCommand();
      case "list" -> new ListCommand();
      case "watch" -> new WatchCommand();
      case "prev-item" -> new NeighbourItems.Prev();
      case "next-item" -> new NeighbourItems.Next();
      case "message" -> new MessageCommand();
      case "broadcast" -> new BroadcastCommand();
      case "messages" -> new MessagesCommand();
      case "route" -> new RouteCommand();
      case "explain" -> new ExplainCommand();
      case "status" -> new StatusCommand();
      case "size" -> new SizeCommand();
      case "ring" -> new RingCommand();
      case "leave" -> new LeaveCommand();
      case "simulate" -> new SimulateCommand();
      case "bench" -> new BenchCommand();
      case "warm-up" -> new WarmUpCommand();
      default -> throw new IllegalArgumentException("no command " + name);
    };
  }
}
