package org.ringslice.messages;

import java.io.IOException;
import java.util.List;

/**
 * What one node knows of another.
 *
 * @param incarnation grows at each start of the peer and each time that it refutes a suspicion
 * @param endpoints where it listens, at most {@link Limits#ENDPOINTS_MAX}
 */
public record Peer(Id id, long incarnation, PeerState state, List<Endpoint> endpoints) {
  /** Of those that are equal one is kept. */
  static final Shape<Peer> SHAPE =
      new Shape<>() {
        @Override
        void write(Peer peer, BodyWriter out) throws IOException {
          out.array(4);
          out.id(peer.id);
          out.unsigned(peer.incarnation);
          out.number(peer.state.code());
          Endpoint.OWN_LIST.write(peer.endpoints, out);
        }

        @Override
        Peer read(BodyReader in) throws ProtocolException, IOException {
          in.fields(4);
          Peer own =
              new Peer(
                  in.ownId(),
                  in.incarnation(),
                  PeerState.SHAPE.read(in),
                  Endpoint.OWN_LIST.read(in));
          return in.sharing().peer(own);
        }
      };

  static Shape<List<Peer>> list(int most) {
    return Shape.list(SHAPE, most, Id.BYTES, "peers");
  }

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
