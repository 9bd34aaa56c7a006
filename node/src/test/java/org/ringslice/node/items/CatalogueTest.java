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

/** The numbers that GetStatus, GetSize and GetSummaries tell count no dead entry. */
class CatalogueTest {
  private static final EntryInfo LIVING = entry(1, 1, true, 9);
  private static final EntryInfo DEAD = entry(1, 2, false, 0);
  private static final EntryInfo OTHER = entry(2, 0, true, 7);

  private long sequence;

  private static EntryInfo entry(long id, long stamp, boolean alive, int size) {
    return new EntryInfo(Id.ofWords(id, 0, 0, 0), Kind.BLOB, stamp, alive, size);
  }

  private static Catalogue open(EntryInfo... rows) {
    Index index = new Index(Self.digestOf("test"));
    List.of(rows).forEach(index::add);
    long sizeBytes = List.of(rows).stream().mapToLong(EntryInfo::size).sum();
    List<EntryInfo> dead = List.of(rows).stream().filter(row -> !row.alive()).toList();
    Inventory inventory = new Inventory(index, Openings.first(1), 0, sizeBytes, dead);
    return new Shelf(inventory, empty()).held();
  }

  private static Inventory empty() {
    return new Inventory(new Index(Self.digestOf("test")), Openings.first(2), 0, 0);
  }

  private void change(Catalogue held, EntryInfo before, EntryInfo after) {
    Change change = new Change(++sequence, Optional.ofNullable(before), Optional.ofNullable(after));
    held.apply(List.of(change), new Turn(0, effect -> {}));
  }

  private static void holds(int entries, int bytes, Catalogue held) {
    assertEquals(entries, held.index().size());
    assertEquals(bytes, held.sizeBytes());
  }

  @Test
  void theDeadAreNotCounted() {
    Catalogue held = open();
    change(held, null, LIVING);
    change(held, null, OTHER);
    holds(2, 16, held);
    change(held, LIVING, DEAD);
    holds(1, 7, held);
    change(held, DEAD, LIVING);
    holds(2, 16, held);
    change(held, LIVING, DEAD);
    change(held, DEAD, null);
    change(held, OTHER, null);
    holds(0, 0, held);
  }

  @Test
  void norThoseThatAFolderHadBefore() {
    Catalogue held = open(DEAD, OTHER);
    holds(1, 7, held);
    change(held, DEAD, LIVING);
    holds(2, 16, held);
  }
}
