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
  /**
   * A connection that a peer dialled.
   *
   * @param doubtedAt when the peer was last believed to be dead: what came since shows that it
   *     lives, and that the connection does
   */
  record Caller(long number, Lane lane, Identity who, long doubtedAt) {
    Caller(long number, Lane lane, Identity who) {
      this(number, lane, who, Long.MIN_VALUE);
    }

    private Caller doubted(long now) {
      return new Caller(number, lane, who, now);
    }
  }

  private final Guests guests;

  // by negative numbers that fall as connections come: the first is the newest
  private final TreeMap<Long, Caller> callers = new TreeMap<>();

  Callers(Guests guests) {
    this.guests = guests;
  }

  void add(Caller caller) {
    callers.put(caller.number(), caller);
  }

  void remove(long number) {
    callers.remove(number);
  }

  /** A peer may be dead: its connections are no ways to it, until something comes on them. */
  void doubt(Id peer, long now) {
    callers.replaceAll(
        (number, caller) -> caller.who().id().equals(peer) ? caller.doubted(now) : caller);
  }

  /** The connection that a peer dialled last, of those by which it can be reached. */
  Optional<Caller> newest(Id peer, Lane lane) {
    return callers.values().stream()
        .filter(caller -> caller.lane() == lane && caller.who().id().equals(peer))
        .filter(caller -> guests.isHeardSince(caller.number(), caller.doubtedAt()))
        .findFirst();
  }
}
