package org.ringslice.tools;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Message;
import org.ringslice.messages.Thing;

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
    for (Message.ThingsAre page = walk.next(); !page.items().isEmpty(); page = walk.next()) {
      print(page);
      results.flush();
      printed += page.items().size();
    }
    return printed;
  }

  private void print(Message.ThingsAre page) throws IOException {
    List<EntryInfo> items = page.items();
    Iterator<Thing> things = page.things().iterator();
    Thing next = things.hasNext() ? things.next() : null;
    for (int i = 0; i < items.size(); i++) {
      if (next == null || next.place() != i) {
        print(items.get(i), KindWords.plain(items.get(i)));
      } else {
        print(items.get(i), KindWords.of(items.get(i), Optional.of(next)));
        next = things.hasNext() ? things.next() : null;
      }
    }
  }

  private void print(EntryInfo item, KindWords kind) throws IOException {
    if (json) {
      results.line(kind.put(new Json().put("id", item.id()), item));
    } else {
      results.line(item.id().toHex() + "  " + Sizes.column(kind.size()) + "  " + kind.word());
    }
  }
}
