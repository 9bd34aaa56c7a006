package org.ringslice.sync;

import java.util.List;
import java.util.Objects;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * What a {@link Session} asks of its host, to be done in the order given. What comes of a message
 * of the other side, with all that the store was asked for in between, is one of: a {@link Send};
 * on the side that answers a Send and a {@link Done}; a Done alone; a {@link Split}; a {@link
 * GaveUp}; a {@link Stale}. So each request can be answered, and no answer is missed.
 */
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
   * These entries of ours the other side lacks, or has in an older version, and they are not given.
   * The next round, if there is one, tells them again.
   */
  record Lacks(List<EntryInfo> entries) implements Step {
    public Lacks {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Both sides have the same; or where one side gives, the other one has all that it has.
   *
   * @param proved by a salted digest of full ids, and not by equal fingerprints alone; never on the
   *     side that gave all to one that said it had nothing, for the proof is on that one's side
   */
  record Done(boolean proved) implements Step {}

  /**
   * On the side that started: the arc is too much for one session, start one on each of these arcs,
   * which follow each other and make up the whole of it.
   */
  record Split(List<Arc> arcs) implements Step {
    public Split {
      arcs = List.copyOf(arcs);
    }
  }

  /**
   * It ended without a proof; the sentence says why and what to do.
   *
   * @param restless when entries came and went through all rounds: whatever a side that gives had
   *     alone when the last of them looked was given all the same
   */
  record GaveUp(String sentence, boolean restless) implements Step {
    public GaveUp {
      Objects.requireNonNull(sentence);
    }
  }

  /**
   * The message belongs to nothing under way here: it was late, or this side has forgotten. What is
   * under way goes on; who waits for an answer to it should start anew.
   */
  record Stale() implements Step {}
}
