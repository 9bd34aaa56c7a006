package org.ringslice.messages;

import java.util.List;

/**
 * Hands out one of all values that are equal, so that many nodes in one memory do not each keep a
 * copy of what they read of the same peers. As it stands it hands back what it is given.
 */
public interface Sharing {
  /** For a node that is alone in its memory. */
  Sharing NONE = new Sharing() {};

  default Id id(Id id) {
    return id;
  }

  default String text(String text) {
    return text;
  }

  default Peer peer(Peer peer) {
    return peer;
  }

  default List<Endpoint> endpoints(List<Endpoint> endpoints) {
    return endpoints;
  }
}
