package org.ringslice.sync;

import java.util.List;
import java.util.Objects;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/** What a {@link Session} asks of its host, to be done in the order given. */
public sealed interface Step {

  /** Deliver this to the other side's session, after the entries that were pushed before it. */
  record Send(Bytes body) implements Step {
    public Send {
      Objects.requireNonNull(body);
    }
  }

  /**
   * Read these arcs in the store and call {@link Session#supply} with their entries, in any order.
   */
  record NeedIds(List<Arc> arcs) implements Step {
    public NeedIds {
      arcs = List.copyOf(arcs);
    }
  }

  /** Store these entries of ours at the other side, by the merge rule. */
  record Push(List<EntryInfo> entries) implements Step {
    public Push {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Both sides have the same.
   *
   * @param proved by a salted digest of full ids, and not by equal fingerprints alone; never on the
   *     side that gave all to one that said it had nothing, for the proof is on that one's side
   */
  record Done(boolean proved) implements Step {}

  /** It ended without a proof; the sentence says why and what to do. */
  record GaveUp(String sentence) implements Step {
    public GaveUp {
      Objects.requireNonNull(sentence);
    }
  }
}
