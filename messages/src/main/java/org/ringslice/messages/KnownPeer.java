package org.ringslice.messages;

import java.util.List;
import java.util.Objects;

/** A peer, and how the node that tells of it came to know it. */
public record KnownPeer(Peer peer, How how) {
  private static final Shape<KnownPeer> SHAPE =
      Row.of(
          KnownPeer::new,
          Row.field(KnownPeer::peer, Peer.SHAPE),
          Row.field(KnownPeer::how, How.SHAPE));

  static final Shape<List<KnownPeer>> LIST = Shape.list(SHAPE, Limits.PEERS_MAX, Id.BYTES, "peers");

  public KnownPeer {
    Objects.requireNonNull(peer);
    Objects.requireNonNull(how);
  }
}
