package org.ringslice.messages;

import java.util.List;

/**
 * A copy that should be there and is not.
 *
 * @param holder who should have it
 * @param why for people
 */
public record MissingCopy(Id item, Id holder, String why) {
  private static final Shape<MissingCopy> SHAPE =
      Row.of(
          MissingCopy::new,
          Row.field(MissingCopy::item, Shape.ID),
          Row.field(MissingCopy::holder, Shape.ID),
          Row.field(MissingCopy::why, Shape.text(Limits.SENTENCE_BYTES_MAX)));

  static final Shape<List<MissingCopy>> LIST =
      Shape.list(SHAPE, Limits.MISSING_MAX, 2 * Id.BYTES, "missing copies");
}
