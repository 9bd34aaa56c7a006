package org.ringslice.messages;

import java.util.List;

/**
 * What one node knows of another.
 *
 * @param incarnation grows at each start of the peer and each time that it refutes a suspicion
 * @param endpoints where it listens, at most {@link Limits#ENDPOINTS_MAX}
 */
public record Peer(Id id, long incarnation, PeerState state, List<Endpoint> endpoints) {
  public Peer {
    endpoints = List.copyOf(endpoints);
    if (endpoints.size() > Limits.ENDPOINTS_MAX) {
      throw new IllegalArgumentException("a peer with " + endpoints.size() + " endpoints");
    }
  }

  public Peer in(PeerState newState) {
    return new Peer(id, incarnation, newState, endpoints);
  }

  /** Whether this report takes the place of {@code other}, one of the same peer. */
  public boolean supersedes(Peer other) {
    int order = Long.compareUnsigned(incarnation, other.incarnation);
    return order != 0 ? order > 0 : state.compareTo(other.state) > 0;
  }
}
