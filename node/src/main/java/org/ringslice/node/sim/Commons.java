package org.ringslice.node.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Sharing;

/**
 * What all nodes of a simulation read again and again, kept once: of 10,000 nodes each knows some
 * sixty peers, and the texts and ids of those took a quarter of the memory.
 */
final class Commons implements Sharing {
  /** Of each kind; past that it begins anew, and what is kept elsewhere stays. */
  private static final int KEPT_MAX = 1 << 17;

  private final Map<Id, Id> ids = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<List<Endpoint>, List<Endpoint>> endpoints = new HashMap<>();
  private final Map<Peer, Peer> peers = new HashMap<>();

  @Override
  public Id id(Id id) {
    return one(id, ids);
  }

  @Override
  public String text(String text) {
    return one(text, texts);
  }

  @Override
  public Peer peer(Peer peer) {
    Peer known = peers.get(peer);
    return known != null
        ? known
        : one(
            new Peer(id(peer.id()), peer.incarnation(), peer.state(), endpoints(peer.endpoints())),
            peers);
  }

  @Override
  public List<Endpoint> endpoints(List<Endpoint> of) {
    return one(List.copyOf(of), endpoints);
  }

  private static <T> T one(T value, Map<T, T> kept) {
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    T first = kept.putIfAbsent(value, value);
    return first == null ? value : first;
  }
}
