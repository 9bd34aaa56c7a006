package org.ringslice.messages;

import java.util.ArrayList;
import java.util.List;

/**
 * What one of some items is.
 *
 * @param place of the item among those items, from 0
 * @param size bytes of all that it stands for
 */
public record Thing(int place, Nature nature, long size) {
  private static final int BYTES_MIN = 4;

  // what later versions may know of an item this one can't tell
  private static final Shape<Nature> NATURE =
      Shape.of(
          (nature, out) -> out.number(nature.code()),
          in -> {
            Nature nature = Nature.ofCode(in.number(0, Integer.MAX_VALUE, "nature"));
            return nature == null ? Nature.UNKNOWN : nature;
          });

  static final Shape<List<Thing>> LIST =
      Shape.list(
          Row.of(
              Thing::new,
              Row.number(Thing::place, 0, Limits.ITEMS_MAX - 1, "place"),
              Row.field(Thing::nature, NATURE),
              Row.unsigned(Thing::size)),
          Limits.ITEMS_MAX,
          BYTES_MIN,
          "things");

  /** Those of so many items of which this version knows what they are. */
  static List<Thing> known(List<Thing> things, int items) throws ProtocolException {
    List<Thing> known = new ArrayList<>(things.size());
    for (Thing thing : things) {
      if (thing.place >= items || thing.size < 0) {
        throw BodyReader.malformed("a thing that is none of the items");
      }
      if (thing.nature != Nature.UNKNOWN) {
        known.add(thing);
      }
    }
    return known;
  }
}
