package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Peer;

/**
 * Everything that a node may ask of the world. Effects are carried out in their order; those with a
 * ticket are answered by an {@link Event} that bears it.
 */
public sealed interface Effect {

  /**
   * Open a connection.
   *
   * @param link a new number, chosen by the core, positive; links that others dialled are negative
   */
  record Dial(long link, Endpoint endpoint, Lane lane) implements Effect {}

  /** Send on a link; silently nothing when it is gone. What is sent may be lost. */
  record Send(long link, Envelope envelope) implements Effect {}

  /** Forget a link, after what was sent on it. */
  record Close(long link) implements Effect {}

  /** Bring {@link Event.TimerFired} at this time. There is one timer; setting it again moves it. */
  record SetTimer(long atNanos) implements Effect {}

  /**
   * Make these durable, each unless what is held supersedes it or equals it. Answered by {@link
   * Event.Kept}.
   *
   * @param entries genuine ones
   */
  record Keep(long ticket, List<Entry> entries) implements Effect {
    public Keep {
      entries = List.copyOf(entries);
    }
  }

  /** Read a living entry. Answered by {@link Event.Loaded}. */
  record Load(long ticket, Id id) implements Effect {}

  /** Tell which of these are held. Answered by {@link Event.Looked}. */
  record Look(long ticket, List<Id> ids) implements Effect {
    public Look {
      ids = List.copyOf(ids);
    }
  }

  /**
   * List the living entries of an arc, from its beginning (NEXT) or its end (PREV) on. Answered by
   * {@link Event.Scanned}.
   *
   * @param count at most so many
   */
  record Scan(long ticket, Arc arc, Direction direction, int count) implements Effect {}

  /** Keep these peers for the next start, in place of those kept before. */
  record Remember(List<Peer> peers) implements Effect {
    public Remember {
      peers = List.copyOf(peers);
    }
  }

  /** Tell people what happened. */
  record Report(Level level, String sentence) implements Effect {
    /** How much it matters. */
    public enum Level {
      DETAIL,
      NEWS,
      TROUBLE
    }
  }

  /** The node can't go on; it must stop and say why. */
  record Abort(String why) implements Effect {}
}
