package org.ringslice.messages;

import java.util.List;

/**
 * Who somebody says to be, at the start of each connection.
 *
 * @param id place on the ring; of a client, a random one
 * @param network the name of the network; two networks on one LAN do not mix
 * @param maskBits n, of the 2^n masked places of an item; the same in the whole network; of a
 *     client, 0
 * @param incarnation grows at each start
 * @param session another for each start, and greater for a later one, so that two nodes with one id
 *     are told apart
 * @param endpoints where it listens; none for a client
 * @param software name and version, for people
 * @param creditRequests requests that the other side may have unanswered on this connection
 * @param creditBytes payload bytes that those may carry, or are expected to bring
 */
public record Identity(
    Id id,
    Role role,
    String network,
    int maskBits,
    long incarnation,
    long session,
    List<Endpoint> endpoints,
    String software,
    int creditRequests,
    int creditBytes) {
  static final Shape<Identity> SHAPE =
      Row.of(
          Identity::new,
          Row.field(Identity::id, Shape.ID),
          Row.field(Identity::role, Role.SHAPE),
          Row.field(Identity::network, Shape.text(Limits.NETWORK_BYTES_MAX)),
          Row.number(Identity::maskBits, 0, Limits.MASK_BITS_MAX, "mask bits"),
          Row.incarnation(Identity::incarnation),
          Row.unsigned(Identity::session),
          Row.field(Identity::endpoints, Endpoint.LIST),
          Row.field(Identity::software, Shape.text(Limits.NETWORK_BYTES_MAX)),
          Row.number(Identity::creditRequests, 1, Integer.MAX_VALUE, "credit in requests"),
          Row.number(
              Identity::creditBytes, Limits.BATCH_BYTES_MAX, Integer.MAX_VALUE, "credit in bytes"));

  public Identity {
    endpoints = List.copyOf(endpoints);
    if (endpoints.size() > Limits.ENDPOINTS_MAX) {
      throw new IllegalArgumentException("an identity with " + endpoints.size() + " endpoints");
    }
    if (maskBits < 0 || maskBits > Limits.MASK_BITS_MAX) {
      throw new IllegalArgumentException("mask bits of " + maskBits);
    }
    if (creditRequests < 1 || creditBytes < Limits.BATCH_BYTES_MAX) {
      throw new IllegalArgumentException("a credit that lets no batch through");
    }
  }

  /** This node as others keep it in their view. */
  public Peer toPeer(PeerState state) {
    return new Peer(id, incarnation, state, endpoints);
  }
}
