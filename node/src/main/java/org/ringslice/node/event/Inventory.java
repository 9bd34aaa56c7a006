package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.EntryInfo;
import org.ringslice.sync.Index;

/**
 * What is in a book when it is opened.
 *
 * @param index of all its rows, dead ones too; handed over, not shared
 * @param openings of its journal, the present one too
 * @param sequence of the last line that the index includes
 * @param sizeBytes of all its living entries together
 * @param apart the rows that the index includes and that {@link org.ringslice.messages.Admission}
 *     keeps from others
 */
public record Inventory(
    Index index, Openings openings, long sequence, long sizeBytes, List<EntryInfo> apart) {
  public Inventory {
    apart = List.copyOf(apart);
  }

  /** Of a book that has nothing but what is told to others. */
  public Inventory(Index index, Openings openings, long sequence, long sizeBytes) {
    this(index, openings, sequence, sizeBytes, List.of());
  }
}
