package org.ringslice.node.items;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Self;
import org.ringslice.sync.Index;

class CatalogueTest {
  private static final EntryInfo LIVING =
      new EntryInfo(Id.ofWords(1, 0, 0, 0), Kind.BLOB, 1, true, 9);
  private static final EntryInfo DEAD =
      new EntryInfo(Id.ofWords(1, 0, 0, 0), Kind.BLOB, 2, false, 0);
  private static final EntryInfo OTHER =
      new EntryInfo(Id.ofWords(2, 0, 0, 0), Kind.BLOB, 0, true, 7);

  private final Shelf shelf = new Shelf(empty(), empty());
  private final Catalogue held = shelf.held();
  private long sequence;

  private static Inventory empty() {
    return new Inventory(new Index(Self.digestOf("test")), Openings.first(1), 0, 0);
  }

  private void change(EntryInfo before, EntryInfo after) {
    Change change = new Change(++sequence, Optional.ofNullable(before), Optional.ofNullable(after));
    held.apply(List.of(change), new Turn(0, effect -> {}));
  }

  private void holds(int living, int bytes) {
    assertEquals(living, held.index().size());
    assertEquals(bytes, held.sizeBytes());
  }

  @Test
  void tellsTheLivingFromTheDead() {
    change(null, LIVING);
    change(null, OTHER);
    holds(2, 16);
    change(LIVING, DEAD);
    holds(1, 7);
    change(DEAD, LIVING);
    holds(2, 16);
    change(LIVING, DEAD);
    change(DEAD, null);
    change(OTHER, null);
    holds(0, 0);
  }

  @Test
  void beginsWithWhatWasCountedBefore() {
    Index index = new Index(Self.digestOf("test"));
    index.add(DEAD);
    index.add(OTHER);
    Inventory found = new Inventory(index, Openings.first(1), 2, 7, List.of(DEAD));
    Shelf opened = new Shelf(found, empty());

    assertEquals(1, opened.held().index().size());
    assertEquals(7, opened.held().sizeBytes());
  }
}
