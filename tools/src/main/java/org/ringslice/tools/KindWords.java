package org.ringslice.tools;

import java.util.Locale;
import java.util.Optional;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Nature;
import org.ringslice.messages.Thing;

/**
 * What an item is, in a word, and how large.
 *
 * @param word as in {@code folder}; {@code blob} where nothing is known of its bytes
 * @param size bytes of the whole file, or of all files in the folder; of others their own
 */
record KindWords(String word, long size) {
  static KindWords of(EntryInfo item, Optional<Thing> known) {
    if (known.isEmpty() || item.kind() != Kind.BLOB) {
      return plain(item);
    }
    Nature nature = known.get().nature();
    boolean isWhole = nature == Nature.FILE || nature == Nature.FOLDER;
    return new KindWords(
        nature.name().toLowerCase(Locale.ROOT), isWhole ? known.get().size() : item.size());
  }

  static KindWords plain(EntryInfo item) {
    return new KindWords(item.kind().name().toLowerCase(Locale.ROOT), item.size());
  }

  /** Puts them into an object; the size of the item itself where that is another. */
  Json put(Json object, EntryInfo item) {
    object.put("size", size).put("kind", word);
    return size == item.size() ? object : object.put("item_size", item.size());
  }
}
