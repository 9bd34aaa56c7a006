package org.ringslice.node.event;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Content;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;

/** What a store answers to a {@link StoreRequest} that did not fail. */
public sealed interface StoreAnswer {

  /** It is done; there is nothing to tell of it but the {@linkplain StoreReply#changes changes}. */
  record Done() implements StoreAnswer {}

  /**
   * @param outcomes of the entries, in their order
   */
  record Kept(List<Receipt.Outcome> outcomes) implements StoreAnswer {
    public Kept {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * @param entry nothing when there is no living one
   */
  record Loaded(Optional<Entry> entry) implements StoreAnswer {}

  /**
   * @param entries in the order of the request; what can't be read is left out
   */
  record LoadedAll(List<Entry> entries) implements StoreAnswer {
    public LoadedAll {
      entries = List.copyOf(entries);
    }
  }

  /**
   * @param present which of the ids have a living entry, by their places in the request; not to be
   *     changed
   */
  record Looked(BitSet present) implements StoreAnswer {}

  /**
   * @param items nearest first; millions perhaps, so it is handed over and not copied
   */
  record Scanned(List<EntryInfo> items) implements StoreAnswer {}

  /**
   * @param contents of some blobs of the arc, one each, in the order of the arc; of some that are
   *     not held too
   */
  record Described(List<Content> contents) implements StoreAnswer {
    public Described {
      contents = List.copyOf(contents);
    }
  }

  /**
   * @param forgotten the greatest sequence of a line that the journal no longer has: who has seen
   *     less has missed something
   * @param lines the first ones after the sequence that was named
   */
  record JournalRead(long forgotten, List<Change> lines) implements StoreAnswer {
    public JournalRead {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param ids clockwise; some may be held here again
   */
  record DroppedRead(List<Id> ids) implements StoreAnswer {
    public DroppedRead {
      ids = List.copyOf(ids);
    }
  }
}
