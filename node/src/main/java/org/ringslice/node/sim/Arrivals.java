package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How long nodes took from their start until they answered for their part of the ring. */
final class Arrivals {
  private final List<Long> tookNanos = new ArrayList<>();

  void add(long nanos) {
    tookNanos.add(nanos);
  }

  /** Of those since the last call, the median and the longest; empty when nobody came. */
  String take() {
    if (tookNanos.isEmpty()) {
      return "";
    }
    Collections.sort(tookNanos);
    String line =
        String.format(
            Locale.ROOT,
            "%,d joined in %,d ms, at most %,d",
            tookNanos.size(),
            millis(tookNanos.size() / 2),
            millis(tookNanos.size() - 1));
    tookNanos.clear();
    return line;
  }

  private long millis(int place) {
    return tookNanos.get(place) / 1_000_000;
  }
}
