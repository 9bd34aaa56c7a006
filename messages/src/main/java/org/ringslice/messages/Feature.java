package org.ringslice.messages;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node may understand beyond the first version of the protocol, and of which others must
 * know that it does. The numbers are on the wire; they are only ever appended to.
 */
public enum Feature {
  /** The message GetCount. */
  COUNT(1);

  private static final int CODE_MAX = 1 << 20;

  private static final Shape<Integer> CODE =
      Shape.of((code, out) -> out.number(code), in -> in.number(0, CODE_MAX, "a feature"));

  private static final Shape<List<Integer>> CODES =
      Shape.list(CODE, Limits.FEATURES_MAX, 1, "features");

  /** Those that this version does not know are passed over. */
  static final Shape<List<Feature>> LIST =
      Shape.of(
          (features, out) -> CODES.write(features.stream().map(Feature::code).toList(), out),
          in -> known(CODES.read(in)));

  private final int code;

  Feature(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  private static List<Feature> known(List<Integer> codes) {
    List<Feature> known = new ArrayList<>();
    for (Feature feature : values()) {
      if (codes.contains(feature.code)) {
        known.add(feature);
      }
    }
    return known;
  }
}
