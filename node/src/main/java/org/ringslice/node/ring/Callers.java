package org.ringslice.node.ring;

import java.util.Optional;
import java.util.TreeMap;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;

/**
 * The connections that peers dialled and said on who they are: ways to those peers as good as the
 * ones that this node dials. Whether somebody is who it says to be was decided before: {@link
 * Namesakes} doubts whoever says the id of a node that is known from elsewhere.
 */
final class Callers {
  /** A connection that a peer dialled. */
  record Caller(long number, Lane lane, Identity who) {}

  // by negative numbers that fall as connections come: the first is the newest
  private final TreeMap<Long, Caller> callers = new TreeMap<>();

  void add(Caller caller) {
    callers.put(caller.number(), caller);
  }

  void remove(long number) {
    callers.remove(number);
  }

  /** Forgets a peer's connections; it may go on asking on them. */
  void remove(Id peer) {
    callers.values().removeIf(caller -> caller.who().id().equals(peer));
  }

  /** The connection that a peer dialled last. */
  Optional<Caller> newest(Id peer, Lane lane) {
    return callers.values().stream()
        .filter(caller -> caller.lane() == lane && caller.who().id().equals(peer))
        .findFirst();
  }
}
