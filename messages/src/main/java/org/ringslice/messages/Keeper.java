package org.ringslice.messages;

import java.util.List;

/**
 * A node that should have an item, or has it though it need not.
 *
 * @param holder whether it is one of the item's holders
 * @param has whether it said that it has the item
 * @param why it has not, for people; else empty
 */
public record Keeper(Id id, boolean holder, boolean has, String why) {
  private static final Shape<Keeper> SHAPE =
      Row.of(
          Keeper::new,
          Row.field(Keeper::id, Shape.ID),
          Row.flag(Keeper::holder),
          Row.flag(Keeper::has),
          Row.field(Keeper::why, Shape.text(Limits.SENTENCE_BYTES_MAX)));

  static final Shape<List<Keeper>> LIST =
      Shape.list(SHAPE, Limits.KEEPERS_MAX, Id.BYTES, "keepers");
}
