package org.ringslice.node.runtime;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/**
 * How a node is to be started. Begin with {@link #in} and change what is to differ.
 *
 * @param dir the data folder: who the node is, and what it holds
 * @param network nodes of different networks do not mix; at most {@link Limits#NETWORK_BYTES_MAX}
 *     bytes
 * @param port TCP port for messages; 0 for that of the last start when it is free, else any
 * @param bind addresses to listen on; empty for those of this machine's networks
 * @param peers nodes to join, as {@code host:port}; others are found without
 * @param mdns whether to find others, and be found, by multicast DNS and by word on this machine
 * @param maskBits n, for 2^n copies of each item; the same in the whole network
 * @param keep the arcs that it holds beyond its share, and offers to all; at most {@link
 *     Limits#KEPT_ARCS_MAX}
 * @param scope of how many others it knows all, and by which geometry it knows some beyond that
 * @param keepCopiesFor how long it keeps copies of what it is no holder of any more, while there is
 *     room; at most {@link #KEEP_COPIES_MAX}
 * @param scrub whether it begins with reading all that it holds, as fast as the disk can
 * @param id the place on the ring; when empty, that of the last start, or a random one
 */
public record NodeConfig(
    Path dir,
    String network,
    int port,
    List<String> bind,
    List<String> peers,
    boolean mdns,
    int maskBits,
    List<Arc> keep,
    View.Scope scope,
    Duration keepCopiesFor,
    boolean scrub,
    Optional<Id> id) {

  public static final String DEFAULT_NETWORK = "default";

  /** Four copies of each item. */
  public static final int DEFAULT_MASK_BITS = 2;

  /** A day: who comes to hold something is watched for so long before it is relied on alone. */
  public static final Duration DEFAULT_KEEP_COPIES = Duration.ofNanos(Retention.DEFAULT_NANOS);

  /** Enough for any disk; the number of nanoseconds must fit. A guess. */
  public static final Duration KEEP_COPIES_MAX = Duration.ofDays(10_000);

  public NodeConfig {
    if (keepCopiesFor.isNegative() || keepCopiesFor.compareTo(KEEP_COPIES_MAX) > 0) {
      throw new IllegalArgumentException(
          "copies are kept for 0 s to " + KEEP_COPIES_MAX.toDays() + " days");
    }
    bind = List.copyOf(bind);
    peers = List.copyOf(peers);
    keep = List.copyOf(keep);
    if (keep.size() > Limits.KEPT_ARCS_MAX) {
      throw new IllegalArgumentException(
          keep.size() + " slices to keep; at most " + Limits.KEPT_ARCS_MAX);
    }
    peers.forEach(HostPort::parse);
    if (network.isBlank()
        || network.getBytes(StandardCharsets.UTF_8).length > Limits.NETWORK_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a network's name has 1 to " + Limits.NETWORK_BYTES_MAX + " bytes");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("there is no port " + port + "; use one of 0 to 65535");
    }
    if (maskBits < 0 || maskBits > Limits.MASK_BITS_MAX) {
      throw new IllegalArgumentException(
          "mask bits of " + maskBits + "; use 0 to " + Limits.MASK_BITS_MAX);
    }
  }

  /** A node with its data in {@code dir} and all else as usual. */
  public static NodeConfig in(Path dir) {
    return new NodeConfig(
        dir,
        DEFAULT_NETWORK,
        0,
        List.of(),
        List.of(),
        true,
        DEFAULT_MASK_BITS,
        List.of(),
        View.Scope.DEFAULT,
        DEFAULT_KEEP_COPIES,
        false,
        Optional.empty());
  }

  public NodeConfig network(String newNetwork) {
    return new NodeConfig(
        dir, newNetwork, port, bind, peers, mdns, maskBits, keep, scope, keepCopiesFor, scrub, id);
  }

  public NodeConfig port(int newPort) {
    return new NodeConfig(
        dir, network, newPort, bind, peers, mdns, maskBits, keep, scope, keepCopiesFor, scrub, id);
  }

  public NodeConfig bind(String... addresses) {
    return new NodeConfig(
        dir,
        network,
        port,
        List.of(addresses),
        peers,
        mdns,
        maskBits,
        keep,
        scope,
        keepCopiesFor,
        scrub,
        id);
  }

  public NodeConfig peers(String... hostsAndPorts) {
    return new NodeConfig(
        dir,
        network,
        port,
        bind,
        List.of(hostsAndPorts),
        mdns,
        maskBits,
        keep,
        scope,
        keepCopiesFor,
        scrub,
        id);
  }

  public NodeConfig mdns(boolean on) {
    return new NodeConfig(
        dir, network, port, bind, peers, on, maskBits, keep, scope, keepCopiesFor, scrub, id);
  }

  public NodeConfig maskBits(int bits) {
    return new NodeConfig(
        dir, network, port, bind, peers, mdns, bits, keep, scope, keepCopiesFor, scrub, id);
  }

  public NodeConfig keep(Arc... arcs) {
    return new NodeConfig(
        dir,
        network,
        port,
        bind,
        peers,
        mdns,
        maskBits,
        List.of(arcs),
        scope,
        keepCopiesFor,
        scrub,
        id);
  }

  /** How long it keeps copies of what it is no holder of any more, while there is room. */
  public NodeConfig keepCopiesFor(Duration time) {
    return new NodeConfig(
        dir, network, port, bind, peers, mdns, maskBits, keep, scope, time, scrub, id);
  }

  /** Whether it begins with reading all that it holds, as fast as the disk can. */
  public NodeConfig scrub(boolean first) {
    return new NodeConfig(
        dir, network, port, bind, peers, mdns, maskBits, keep, scope, keepCopiesFor, first, id);
  }

  /** How many others it knows all of, in [0, {@link View#CAPACITY_MAX}]. */
  public NodeConfig viewCapacity(int peerCount) {
    return scope(new View.Scope(peerCount, scope.geometry()));
  }

  /** Whom it knows, and asks on, in a ring of more than that. */
  public NodeConfig geometry(Geometry geometry) {
    return scope(new View.Scope(scope.capacity(), geometry));
  }

  private NodeConfig scope(View.Scope newScope) {
    return new NodeConfig(
        dir, network, port, bind, peers, mdns, maskBits, keep, newScope, keepCopiesFor, scrub, id);
  }

  public NodeConfig id(Id newId) {
    return new NodeConfig(
        dir,
        network,
        port,
        bind,
        peers,
        mdns,
        maskBits,
        keep,
        scope,
        keepCopiesFor,
        scrub,
        Optional.of(newId));
  }
}
