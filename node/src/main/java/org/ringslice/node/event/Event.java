package org.ringslice.node.event;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Content;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Receipt;

/**
 * Everything that may happen to a node. A completion bears the ticket of the {@link Effect} that
 * asked for it.
 */
public sealed interface Event {

  /** The first event of a node's life: its doors are open, its store is too. */
  record Started() implements Event {}

  /**
   * A message came. {@code link} is that of a {@link Effect.Dial}, or a new one that somebody else
   * dialled.
   */
  record Arrived(long link, Lane lane, Envelope envelope) implements Event {}

  /** A link is gone; what was sent on it and not answered may be lost. */
  record LinkLost(long link, String why) implements Event {}

  /** A node may be listening there. */
  record Sighted(Endpoint endpoint, How how) implements Event {}

  /** This node listens there now, and nowhere else: an interface came or went. */
  record Listens(List<Endpoint> endpoints) implements Event {
    public Listens {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** This node keeps these arcs beyond its share from now on, and no others. */
  record Keeps(List<Arc> arcs) implements Event {
    public Keeps {
      arcs = List.copyOf(arcs);
    }
  }

  /** The time of a {@link Effect.SetTimer} has come, or has passed. */
  record TimerFired() implements Event {}

  /**
   * An {@link Effect.Keep} or {@link Effect.Drop} is durable, all of it, or has failed, all of it.
   *
   * @param changes the lines of the journal since those of the Kept before, in their order; also
   *     with a failure, when writes came to light that had been believed to have failed
   */
  record Kept(
      long ticket, List<Receipt.Outcome> outcomes, List<Change> changes, Optional<String> failure)
      implements Event {
    public Kept {
      outcomes = List.copyOf(outcomes);
      changes = List.copyOf(changes);
    }
  }

  /**
   * An {@link Effect.Note} or {@link Effect.Cover} is durable, or has failed.
   *
   * @param changes what is new, in its order; with the sequence of its line, or 0 when it was not
   *     to be told
   */
  record Noted(long ticket, List<Change> changes, Optional<String> failure) implements Event {
    public Noted {
      changes = List.copyOf(changes);
    }
  }

  /**
   * What an {@link Effect.Describe} found.
   *
   * @param contents of some blobs of the arc, one each, in no particular order; of some that are
   *     not held too; none when the disk failed
   */
  record Described(long ticket, List<Content> contents) implements Event {
    public Described {
      contents = List.copyOf(contents);
    }
  }

  /**
   * What an {@link Effect.ReadJournal} found.
   *
   * @param forgotten the greatest sequence of a line that the journal no longer has: who has seen
   *     less has missed something
   * @param changes the first lines after the one that was named
   */
  record JournalRead(long ticket, long forgotten, List<Change> changes, Optional<String> failure)
      implements Event {
    public JournalRead {
      changes = List.copyOf(changes);
    }
  }

  /**
   * The store has changed by itself what it holds: copies whose bytes can't be read any more are
   * none, and may be kept again; or they can be read after all.
   *
   * @param changes the lines of the journal since those of the {@link Kept} before, in their order
   */
  record Amended(List<Change> changes) implements Event {
    public Amended {
      changes = List.copyOf(changes);
    }
  }

  /** What an {@link Effect.ReadDropped} found, clockwise; some may be held here again. */
  record DroppedRead(long ticket, List<Id> ids, Optional<String> failure) implements Event {
    public DroppedRead {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Room on the disk has become short, so that what need not be held should go, or is no longer
   * short. Told when it changes.
   */
  record RoomShort(boolean isShort) implements Event {}

  /** What the store knows of its bytes has changed; told at most once a second. */
  record Examined(DiskHealth health) implements Event {}

  /**
   * What an {@link Effect.Load} found: nothing when there is no living entry, or the disk failed.
   */
  record Loaded(long ticket, Optional<Entry> entry, Optional<String> failure) implements Event {}

  /** What an {@link Effect.LoadAll} found, in its order; what can't be read is left out. */
  record LoadedAll(long ticket, List<Entry> entries) implements Event {
    public LoadedAll {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Which of the ids of an {@link Effect.Look} have a living entry, by their places in the list.
   */
  record Looked(long ticket, BitSet present, Optional<String> failure) implements Event {}

  /** What an {@link Effect.Scan} found, nearest first. */
  record Scanned(long ticket, List<EntryInfo> items, Optional<String> failure) implements Event {}

  /**
   * A part of the node that it can't do without has failed, so that it is to stop; no core is told.
   */
  record Broken(String why) implements Event {}

  /** The node is to stop: the last event of its life. */
  record Stopping() implements Event {}
}
