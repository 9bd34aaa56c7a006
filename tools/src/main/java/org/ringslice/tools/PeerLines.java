package org.ringslice.tools;

import java.io.IOException;
import java.util.Locale;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Peer;

/** Prints nodes, one a line. */
final class PeerLines {
  private final Results results;
  private final boolean json;

  PeerLines(Results results, boolean json) {
    this.results = results;
    this.json = json;
  }

  void print(Peer peer) throws IOException {
    if (json) {
      results.line(object(peer));
    } else {
      results.line(text(peer).stripTrailing());
    }
  }

  void print(KnownPeer known) throws IOException {
    String how = Words.of(known.how());
    if (json) {
      results.line(object(known.peer()).put("how", how));
    } else {
      results.line(text(known.peer()) + "  " + how);
    }
  }

  private static Json object(Peer peer) {
    return new Json()
        .put("id", peer.id())
        .put("endpoint", endpoint(peer))
        .put("state", Words.of(peer.state()));
  }

  private static String text(Peer peer) {
    String endpoint = endpoint(peer);
    return String.format(
        Locale.ROOT,
        "%s  %-21s  %-9s",
        peer.id(),
        endpoint == null ? "unknown" : endpoint,
        Words.of(peer.state()));
  }

  /** The first one, by which people name it. */
  private static String endpoint(Peer peer) {
    return peer.endpoints().isEmpty() ? null : peer.endpoints().get(0).toString();
  }
}
