package org.ringslice.tools;

import java.util.List;
import java.util.Set;
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
          "count",
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

  /**
   * Those that take something away, or stop something. Nobody is led to one of them who did not
   * name it.
   */
  private static final Set<String> HARMFUL = Set.of("leave");

  /** Options of the same kind. */
  private static final Set<String> HARMFUL_OPTIONS = Set.of("--now");

  /** For the launcher, and not for people. */
  private static final String HIDDEN = "warm-up";

  private Commands() {}

  /** Those that may be tried without harm by somebody who meant another. */
  static List<String> harmless() {
    return NAMES.stream().filter(name -> !HARMFUL.contains(name) && !name.equals(HIDDEN)).toList();
  }

  static List<String> harmlessOf(List<String> options) {
    return options.stream().filter(name -> !HARMFUL_OPTIONS.contains(name)).toList();
  }

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
      case "count" -> new CountCommand();
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
