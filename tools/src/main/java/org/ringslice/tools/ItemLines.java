package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.ringslice.messages.EntryInfo;

/** Prints the items of a walk, one a line, as they come. */
final class ItemLines {
  private final Results results;
  private final boolean json;

  ItemLines(Results results, boolean json) {
    this.results = results;
    this.json = json;
  }

  /** Prints all items of a walk, and returns how many there were. */
  long print(ItemWalk walk) throws IOException {
    long printed = 0;
    for (List<EntryInfo> page = walk.next(); !page.isEmpty(); page = walk.next()) {
      for (EntryInfo item : page) {
        print(item);
      }
      results.flush();
      printed += page.size();
    }
    return printed;
  }

  private void print(EntryInfo item) throws IOException {
    String kind = item.kind().name().toLowerCase(Locale.ROOT);
    if (json) {
      results.line(new Json().put("id", item.id()).put("size", item.size()).put("kind", kind));
    } else {
      results.line(item.id().toHex() + "  " + Sizes.column(item.size()) + "  " + kind);
    }
  }
}
