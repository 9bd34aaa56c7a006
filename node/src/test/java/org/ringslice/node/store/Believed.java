package org.ringslice.node.store;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Inventory;
import org.ringslice.sync.Index;

/** A book as the core knows it: what was there when it was opened, and what it was told since. */
final class Believed {
  private final Inventory opened;
  private final Index index;
  private final List<Change> lines = new ArrayList<>();
  private long sequence;

  Believed(Inventory opened) {
    this.opened = opened;
    this.index = opened.index();
    this.sequence = opened.sequence();
  }

  Inventory opened() {
    return opened;
  }

  Index index() {
    return index;
  }

  /** The last that it was told of, of a line or of what has a number and no line. */
  long sequence() {
    return sequence;
  }

  /** Those of the journal. */
  List<Change> lines() {
    return lines;
  }

  void changed(List<Change> changes) {
    for (Change change : changes) {
      change.before().ifPresent(index::remove);
      change.after().ifPresent(index::add);
      sequence = Math.max(sequence, change.sequence());
      if (change.sequence() != 0 && change.after().or(change::before).isPresent()) {
        lines.add(change);
      }
    }
  }
}
