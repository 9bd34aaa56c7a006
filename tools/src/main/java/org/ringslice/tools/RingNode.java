package org.ringslice.tools;

import java.util.Optional;
import org.ringslice.messages.Id;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;

/**
 * A node as the picture of the ring shows it.
 *
 * @param share of the ring that it owns, in [0, 1]; nothing where it is not known who is before it
 * @param status what it holds; null when that is not known
 * @param asked whether it is the node that was asked for the picture
 */
record RingNode(Peer peer, Optional<Double> share, NodeStatus status, boolean asked) {
  Id id() {
    return peer.id();
  }

  PeerState state() {
    return peer.state();
  }

  long items() {
    return status == null ? 0 : status.items();
  }

  long sizeBytes() {
    return status == null ? 0 : status.sizeBytes();
  }

  /** Why it is not known what it holds, or empty. */
  String why() {
    return status == null ? "it was not asked yet" : status.why();
  }

  Json json() {
    Json json =
        new Json()
            .put("id", id())
            .put("endpoint", peer.endpoints().isEmpty() ? null : peer.endpoints().get(0).toString())
            .put("state", Words.of(state()));
    share.ifPresentOrElse(
        known -> json.put("share", known), () -> json.put("share", (String) null));
    return json.put("items", items())
        .put("size", sizeBytes())
        .put("asked", asked)
        .put("why", why());
  }
}
