package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
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
   * Have these joined to what is held ({@link org.ringslice.messages.Merge}), and the results
   * durable. Answered by {@link Event.Kept}.
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

  /**
   * Read those of these that are living entries. Answered by {@link Event.LoadedAll}.
   *
   * @param ids of a message's worth: all their bytes are in memory at once
   */
  record LoadAll(long ticket, List<Id> ids) implements Effect {
    public LoadAll {
      ids = List.copyOf(ids);
    }
  }

  /** Tell which of these are held. Answered by {@link Event.Looked}. */
  record Look(long ticket, List<Id> ids) implements Effect {
    public Look {
      ids = List.copyOf(ids);
    }
  }

  /**
   * List the entries of an arc, from its beginning (NEXT) or its end (PREV) on. Answered by {@link
   * Event.Scanned}.
   *
   * @param dead whether the dead are listed too
   * @param count at most so many
   */
  record Scan(long ticket, Book book, Arc arc, Direction direction, boolean dead, int count)
      implements Effect {}

  /**
   * Drop these copies, each unless what is held is another by now. The entries are not removed by
   * it; other nodes hold them. Their ids are remembered for a week. Answered by {@link Event.Kept},
   * with no outcomes.
   */
  record Drop(long ticket, List<EntryInfo> copies) implements Effect {
    public Drop {
      copies = List.copyOf(copies);
    }
  }

  /**
   * Have these joined to what is noted in {@link Book#WATCHED}. Answered by {@link Event.Noted}.
   *
   * @param told whether the changes go to the journal, so that watchers are told
   */
  record Note(long ticket, List<EntryInfo> infos, boolean told) implements Effect {
    public Note {
      infos = List.copyOf(infos);
    }
  }

  /**
   * Keep in mind that of these arcs {@link Book#WATCHED} knows all that was there, in place of
   * those said before. Answered by {@link Event.Noted}, with a change that has a number and no
   * line, so that a place in the journal from before it differs from one since.
   */
  record Cover(long ticket, List<Arc> arcs) implements Effect {
    public Cover {
      arcs = List.copyOf(arcs);
    }
  }

  /**
   * List ids of an arc, from its beginning on, that were dropped here within the last week.
   * Answered by {@link Event.DroppedRead}.
   *
   * @param count at most so many
   */
  record ReadDropped(long ticket, Arc arc, int count) implements Effect {}

  /** Tell what is known of the blobs of an arc. Answered by {@link Event.Described}. */
  record Describe(long ticket, Arc arc) implements Effect {}

  /** Read a journal. Answered by {@link Event.JournalRead}. */
  record ReadJournal(long ticket, Book book, long after, int count) implements Effect {}

  /**
   * Keep a saved index for the next start, which reads the journal from there on. What is saved
   * last may be lost in a crash.
   */
  record SaveIndex(Book book, Bytes index, long sequence) implements Effect {}

  /**
   * Forget that copies of these were given up since they can't be read, and free their bytes. Not
   * answered; {@link Event.Examined} tells of what is left.
   */
  record ForgetDamaged(List<Id> ids) implements Effect {
    public ForgetDamaged {
      ids = List.copyOf(ids);
    }
  }

  /** Keep these peers for the next start, in place of those kept before. */
  record Remember(List<Peer> peers) implements Effect {
    public Remember {
      peers = List.copyOf(peers);
    }
  }

  /** Keep in mind for the next start what is foreign, in place of what was kept before. */
  record RememberForeign(List<ForeignArc> arcs) implements Effect {
    public RememberForeign {
      arcs = List.copyOf(arcs);
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

  /**
   * The node has left and is to stop: {@link Event.Stopping} is to come next.
   *
   * @param sentence what became of what it held, for people
   */
  record Stop(String sentence) implements Effect {}

  /** The node can't go on; it must stop and say why. */
  record Abort(String why) implements Effect {}
}
