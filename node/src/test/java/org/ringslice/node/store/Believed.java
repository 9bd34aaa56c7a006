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

  Believed(Inventory opened) {
    this.opened = opened;
    this.index = opened.index();
  }

  Inventory opened() {
    return opened;
  }

  Index index() {
    return index;
  }

  /** Of the last line that the index includes. */
  long sequence() {
    return lines.isEmpty() ? opened.sequence() : lines.get(lines.size() - 1).sequence();
  }

  /** Those of the journal. */
  List<Change> lines() {
    return lines;
  }

  void changed(List<Change> changes) {
    for (Change change : changes) {
      change.before().ifPresent(index::remove);
      change.after().ifPresent(index::add);
      if (change.sequence() != 0) {
        lines.add(change);
      }
    }
  }
}
