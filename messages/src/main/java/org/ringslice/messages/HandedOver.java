package org.ringslice.messages;

import java.util.List;

/**
 * What a node came to hold because another one left, confirmed by it.
 *
 * @param sizeBytes of the living ones
 */
public record HandedOver(Id node, long entries, long sizeBytes) {
  private static final Shape<HandedOver> SHAPE =
      Row.of(
          HandedOver::new,
          Row.field(HandedOver::node, Shape.ID),
          Row.unsigned(HandedOver::entries),
          Row.unsigned(HandedOver::sizeBytes));

  static final Shape<List<HandedOver>> LIST =
      Shape.list(SHAPE, Limits.PEERS_MAX, Id.BYTES, "nodes");
}
