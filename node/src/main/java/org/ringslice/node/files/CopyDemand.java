package org.ringslice.node.files;

import java.time.Duration;

/**
 * On how many nodes all parts of what is stored are to be durable. A store is acknowledged when a
 * majority of the holders has it, or each that nobody suspects; whoever needs more copies than that
 * asks for them here, and is refused when they are not there in the end.
 *
 * @param min copies of each part, at least 1, which every acknowledged store has
 * @param patience how much longer than for the acknowledgement they are waited for; the nodes are
 *     asked for them again meanwhile, and nothing is sent twice
 */
public record CopyDemand(int min, Duration patience) {
  /**
   * For the holders to come back, or for their death to be noticed and the next to be given copies:
   * 2.7 s and the mending. A guess: three times that.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What is acknowledged is enough. */
  public static final CopyDemand NONE = new CopyDemand(1, Duration.ZERO);

  public CopyDemand {
    if (min < 1 || patience.isNegative()) {
      throw new IllegalArgumentException(min + " copies; at least 1");
    }
  }

  /** So many copies, after {@link #PATIENCE} at the most. */
  public static CopyDemand of(int min) {
    return new CopyDemand(min, PATIENCE);
  }

  /** The same, of who does not wait. */
  public CopyDemand atOnce() {
    return new CopyDemand(min, Duration.ZERO);
  }
}
