package org.ringslice.node.replica;

import java.util.Optional;
import java.util.TreeMap;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.ring.View;

/**
 * What nodes lack much of is left to who leads there to give ({@link Manner}). This remembers for
 * how long that came no nearer: who leads may lack it as well, as when its disk is full.
 */
final class Deferrals {
  /**
   * After which this node gives it itself. A guess: longer than who leads is busy with others; if
   * it is not, the bytes travel twice.
   */
  static final long PATIENCE_NANOS = 10_000_000_000L;

  /** Started again, a node waits anew. */
  private record Wait(Optional<Long> incarnation, long least, long sinceNanos) {}

  private final View view;
  private final TreeMap<Id, Wait> waits = new TreeMap<>();

  Deferrals(View view) {
    this.view = view;
  }

  /** Whether a node has waited for long enough. */
  boolean areStuck(Id holder, long now) {
    Wait wait = waits.get(holder);
    return wait != null
        && wait.incarnation().equals(incarnation(holder))
        && now - wait.sinceNanos() >= PATIENCE_NANOS;
  }

  /**
   * @param deferred entries that were just left to others to give
   */
  void note(Id holder, long deferred, long now) {
    waits.keySet().removeIf(node -> view.peer(node).isEmpty());
    Optional<Long> incarnation = incarnation(holder);
    Wait before = waits.get(holder);
    if (deferred == 0) {
      waits.remove(holder);
    } else if (before == null
        || !before.incarnation().equals(incarnation)
        || deferred < before.least()) {
      waits.put(holder, new Wait(incarnation, deferred, now));
    }
  }

  private Optional<Long> incarnation(Id holder) {
    return view.peer(holder).map(Peer::incarnation);
  }
}
