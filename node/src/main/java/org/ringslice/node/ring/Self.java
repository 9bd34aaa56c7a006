package org.ringslice.node.ring;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.sync.EntryDigest;

/**
 * Who this node is. While it runs, only its state changes, where it listens, and the incarnation,
 * which grows with that and with each refuted suspicion.
 */
public final class Self {
  /**
   * Requests that one connection may have unanswered here. A guess: at 100 microseconds each a
   * tenth of a second of work.
   */
  public static final int CREDIT_REQUESTS = 1024;

  /**
   * Payload bytes that those may carry or bring: enough to keep a disk busy, small beside a 256 MB
   * heap.
   */
  public static final int CREDIT_BYTES = 16 << 20;

  /** What this software calls itself. */
  public static final String SOFTWARE = "ringslice 0.1.0";

  private final Id id;
  private final Role role;
  private final String network;
  private final int maskBits;
  private final long session;
  private List<Endpoint> endpoints;
  private long incarnation;
  private PeerState state = PeerState.JOINING;

  /**
   * @param incarnation greater than at any start before
   * @param session differs from that of each other start; less than that of a later one
   */
  public Self(
      Id id,
      Role role,
      String network,
      int maskBits,
      long incarnation,
      long session,
      List<Endpoint> endpoints) {
    this.id = id;
    this.role = role;
    this.network = network;
    this.maskBits = maskBits;
    this.incarnation = incarnation;
    this.session = session;
    listenAt(endpoints);
  }

  /** Of more than a peer may have the first are told of. */
  void listenAt(List<Endpoint> newEndpoints) {
    int count = Math.min(newEndpoints.size(), Limits.ENDPOINTS_MAX);
    endpoints = List.copyOf(newEndpoints.subList(0, count));
  }

  public Id id() {
    return id;
  }

  public String network() {
    return network;
  }

  public int maskBits() {
    return maskBits;
  }

  public long session() {
    return session;
  }

  public long incarnation() {
    return incarnation;
  }

  public boolean listensAt(Endpoint endpoint) {
    return endpoints.stream()
        .anyMatch(
            mine ->
                mine.host().equals(endpoint.host())
                    && mine.controlPort() == endpoint.controlPort());
  }

  /** The key of the digests that nodes of a network compare their entries by. */
  public static EntryDigest digestOf(String network) {
    byte[] seed = ("ringslice index of " + network).getBytes(StandardCharsets.UTF_8);
    Id hash = Id.sha256(Bytes.wrap(seed));
    return new EntryDigest(hash.word(0), hash.word(1));
  }

  PeerState state() {
    return state;
  }

  void become(PeerState newState) {
    state = newState;
  }

  /**
   * Takes an incarnation greater than {@code refuted}, which somebody spread, or the greatest that
   * there is. Returns whether it is greater.
   */
  boolean outlive(long refuted) {
    boolean isRoom = Long.compareUnsigned(refuted, Limits.INCARNATION_MAX) < 0;
    incarnation = isRoom ? refuted + 1 : Limits.INCARNATION_MAX;
    return isRoom;
  }

  Peer asPeer() {
    return new Peer(id, incarnation, state, endpoints);
  }

  public Identity identity() {
    return new Identity(
        id,
        role,
        network,
        maskBits,
        incarnation,
        session,
        endpoints,
        SOFTWARE,
        CREDIT_REQUESTS,
        CREDIT_BYTES);
  }
}
