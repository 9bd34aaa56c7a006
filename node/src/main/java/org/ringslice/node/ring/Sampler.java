package org.ringslice.node.ring;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * How the nodes of a ring are come by of which this node need not know all. Whoever tells of peers
 * sees to it that {@link Links} can reach them for a while: some are asked how much they hold.
 */
public interface Sampler {
  /** All nodes of the ring that answer for a part of it, when this node knows every one. */
  Optional<Ring> whole();

  /**
   * The nodes strictly after a point, nearest first, as whoever knows them tells; the word of a
   * stranger.
   *
   * @param count in [1, {@link org.ringslice.messages.Limits#PEERS_MAX}]
   * @param then called once, in this turn or a later one; with nothing when nobody told in time
   */
  void peersAfter(Id at, int count, Turn turn, BiConsumer<Optional<List<Peer>>, Turn> then);
}
