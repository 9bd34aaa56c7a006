package org.ringslice.messages;

import java.util.Objects;

/** A peer, and how the node that tells of it came to know it. */
public record KnownPeer(Peer peer, How how) {
  public KnownPeer {
    Objects.requireNonNull(peer);
    Objects.requireNonNull(how);
  }
}
