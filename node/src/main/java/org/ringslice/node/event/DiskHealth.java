package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Id;

/**
 * What a store knows of the bytes of the copies that it holds.
 *
 * @param damaged copies whose bytes can't be read, and that were not made good yet; they count as
 *     not held
 * @param first the first of these by id, at most {@link #FIRST_MAX}
 * @param unverifiedBytes of copies that were not read since the file that holds them was opened or
 *     last written
 * @param uncleanStop whether the stop before this start was none that a node makes by itself, and
 *     not everything was verified since
 */
public record DiskHealth(long damaged, List<Id> first, long unverifiedBytes, boolean uncleanStop) {
  /** Enough to go and look; the rest is a number. A guess. */
  public static final int FIRST_MAX = 64;

  /** Of a store that has nothing to tell. */
  public static final DiskHealth GOOD = new DiskHealth(0, List.of(), 0, false);

  public DiskHealth {
    if (damaged < first.size() || first.size() > FIRST_MAX || unverifiedBytes < 0) {
      throw new IllegalArgumentException(damaged + " damaged, of them " + first.size());
    }
    first = List.copyOf(first);
  }
}
