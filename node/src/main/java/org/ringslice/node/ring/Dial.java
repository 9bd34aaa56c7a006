package org.ringslice.node.ring;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Limits;

/**
 * The state of one race for a connection: where may still be dialled, and what is being dialled.
 * Invariant: while it is its link's, at least one connection is being dialled.
 */
final class Dial {
  /** One connection of the race, not answered yet. */
  record Attempt(Endpoint endpoint, Timers.Handle deadline) {}

  final Link link;
  final ArrayDeque<Endpoint> untried;
  final TreeMap<Long, Attempt> attempts = new TreeMap<>();

  /** When the next one is dialled, unless one answers or fails before. */
  Timers.Handle next;

  /**
   * @param endpoints in the order in which they are tried; of more than {@link
   *     Limits#ENDPOINTS_MAX} the first ones
   */
  Dial(Link link, List<Endpoint> endpoints) {
    this.link = link;
    this.untried =
        new ArrayDeque<>(endpoints.subList(0, Math.min(endpoints.size(), Limits.ENDPOINTS_MAX)));
  }
}
