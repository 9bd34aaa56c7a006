package org.ringslice.node.replica;

import java.util.List;
import org.ringslice.node.event.ForeignArc;

/**
 * For how long a node keeps copies of what it is no holder of any more.
 *
 * @param nanos while there is room; so much of its own running time has to pass
 * @param foreign what it remembers of the last run
 */
public record Retention(long nanos, List<ForeignArc> foreign) {
  /**
   * A day: whoever comes to hold something is watched for so long before it is relied on alone.
   * Newcomers that came, were given everything and died within minutes took it all with them. A
   * guess: machines that are tried out, or taken home, go within a day.
   */
  public static final long DEFAULT_NANOS = 24 * 3_600_000_000_000L;

  /** A day, and nothing remembered. */
  public static final Retention DEFAULT = new Retention(DEFAULT_NANOS, List.of());

  public Retention {
    if (nanos < 0) {
      throw new IllegalArgumentException("copies are kept for 0 s or longer, not " + nanos + " ns");
    }
    foreign = List.copyOf(foreign);
  }
}
