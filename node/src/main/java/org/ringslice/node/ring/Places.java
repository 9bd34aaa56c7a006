package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;

/** Where peers may be reached: what they say, and what experience adds to that. */
final class Places {
  /**
   * Peers of whom it is known where they were reached last; past that the least id is forgotten.
   * Twice the capacity of a view.
   */
  private static final int REACHED_MAX = 1024;

  private final Function<Id, List<Endpoint>> directory;
  private final TreeMap<Id, Endpoint> reachedAt = new TreeMap<>();

  /**
   * @param directory where a peer listens, the best endpoint first
   */
  Places(Function<Id, List<Endpoint>> directory) {
    this.directory = directory;
  }

  void reached(Id peer, Endpoint at) {
    reachedAt.put(peer, at);
    if (reachedAt.size() > REACHED_MAX) {
      reachedAt.pollFirstEntry();
    }
  }

  /** The places of a peer: first where it was reached last, by the zone that led there. */
  List<Endpoint> of(Id peer) {
    List<Endpoint> places = new ArrayList<>(directory.apply(peer));
    Endpoint reached = reachedAt.get(peer);
    for (int i = 0; reached != null && i < places.size(); i++) {
      if (places.get(i).isSamePlace(reached)) {
        places.add(0, places.remove(i).at(reached.host()));
        break;
      }
    }
    return places;
  }
}
