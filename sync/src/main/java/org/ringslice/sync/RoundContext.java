package org.ringslice.sync;

import java.util.List;
import org.ringslice.messages.EntryInfo;

/** What the parts of one side of a round have in common. */
record RoundContext(
    Side side, Dialogue dialogue, Salt salt, Proof proof, Reader reader, boolean starter) {

  boolean gives() {
    return side.giving().byUs();
  }

  /** The other side lacks these: it gets them, or the host is told. */
  void give(List<EntryInfo> entries) {
    if (!entries.isEmpty()) {
      dialogue.add(gives() ? new Step.Push(entries) : new Step.Lacks(entries));
      proof.withhold(entries);
    }
  }
}
