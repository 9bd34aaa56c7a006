package org.ringslice.tools;

import java.util.List;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;
import org.ringslice.node.runtime.NodeConfig;
import picocli.CommandLine.Option;

/** What is said in the same words of one node and of several. */
final class RingOptions {
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

  @Option(
      names = "--view-capacity",
      paramLabel = "N",
      description =
          "Up to so many others the node knows every one, in [0, 512]; in a larger ring it knows"
              + " its neighbours and a few far off; default: ${DEFAULT-VALUE}.")
  int viewCapacity = View.CAPACITY_MAX;

  @Option(
      names = "--geometry",
      paramLabel = "NAME",
      description =
          "Whom it knows far off, and asks on, in a larger ring: ring (Chord), prefix (Pastry) or"
              + " xor (Kademlia); default: ${DEFAULT-VALUE}.")
  String geometry = Geometry.RING.name();

  @Option(
      names = "--keep-copies-for",
      paramLabel = "TIME",
      description =
          "How long a node keeps copies of what others have come to hold in its place, as 90s, 30m,"
              + " 24h or 7d; until room on the disk is short at the longest; default: 24h.")
  Span keepCopiesFor = new Span(NodeConfig.DEFAULT_KEEP_COPIES);

  /**
   * Has a node be as these say.
   *
   * @throws IllegalArgumentException when one of them can't be, and says which and why
   */
  NodeConfig applyTo(NodeConfig config) {
    return config
        .network(network)
        .bind(bind.toArray(String[]::new))
        .mdns(!noMdns)
        .maskBits(maskBits)
        .viewCapacity(viewCapacity)
        .keepCopiesFor(keepCopiesFor.time())
        .geometry(geometry());
  }

  private Geometry geometry() {
    return Geometry.named(geometry)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--geometry: ring, prefix or xor, and not " + geometry));
  }
}
