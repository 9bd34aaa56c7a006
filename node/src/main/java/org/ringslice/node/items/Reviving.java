package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

/**
 * Keeps the blobs of a person's store on this node, so that they live here: one that is dead here
 * at stamp S is kept at S + 1. Each holder goes above what it has itself; where that differs the
 * comparison of the replicas, which is due at once, leaves the greatest stamp at all.
 */
final class Reviving {
  /** How often a blob is kept above what deleted it meanwhile, before its store is refused. */
  private static final int ATTEMPTS_MAX = 4;

  static final String IS_DELETED = "it is deleted here, again and again; try again";

  /** What to do when it is durable. */
  @FunctionalInterface
  interface Then {
    /**
     * @param outcomes STORED, or PRESENT, of what lives here now; REFUSED of what does not
     * @param failure why nothing is durable
     */
    void go(List<Outcome> outcomes, Optional<String> failure, Turn turn);
  }

  private final Shelf shelf;
  private final Mending mending;

  Reviving(Shelf shelf, Mending mending) {
    this.shelf = shelf;
    this.mending = mending;
  }

  /**
   * @param blobs living ones, genuine
   */
  void keep(List<Entry> blobs, Turn turn, Then then) {
    shelf.keep(
        blobs,
        turn,
        (kept, later) -> {
          if (kept.failure().isPresent() || !kept.outcomes().contains(Outcome.REFUSED)) {
            then.go(kept.outcomes(), kept.failure(), later);
          } else {
            new Operation(blobs, kept.outcomes(), then).next(later);
          }
        });
  }

  /** Some blobs of which not all live here yet. */
  private final class Operation {
    private final List<Entry> blobs;
    private final List<Outcome> outcomes;
    private final Then then;
    private int at;
    private int attempts;

    Operation(List<Entry> blobs, List<Outcome> outcomes, Then then) {
      this.blobs = blobs;
      this.outcomes = new ArrayList<>(outcomes);
      this.then = then;
    }

    /** Goes on with the first that does not live here and was not seen to. */
    void next(Turn turn) {
      while (at < blobs.size() && outcomes.get(at) != Outcome.REFUSED) {
        at++;
      }
      attempts = 0;
      if (at == blobs.size()) {
        then.go(outcomes, Optional.empty(), turn);
      } else {
        look(turn);
      }
    }

    private void look(Turn turn) {
      if (++attempts > ATTEMPTS_MAX) {
        at++;
        next(turn);
      } else {
        shelf.row(blobs.get(at).id(), turn, this::found);
      }
    }

    private void found(Event.Scanned scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        then.go(List.of(), scanned.failure(), turn);
        return;
      }
      Optional<EntryInfo> dead = scanned.items().stream().filter(row -> !row.alive()).findFirst();
      Entry blob = blobs.get(at);
      Entry living = dead.map(row -> above(blob, row.stamp())).orElse(blob);
      shelf.keep(List.of(living), turn, this::kept);
    }

    private static Entry above(Entry blob, long stamp) {
      return new Entry(blob.id(), blob.kind(), stamp + 1, true, blob.bytes());
    }

    private void kept(Event.Kept kept, Turn turn) {
      if (kept.failure().isPresent()) {
        then.go(List.of(), kept.failure(), turn);
      } else if (kept.outcomes().get(0) == Outcome.REFUSED) {
        look(turn);
      } else {
        outcomes.set(at, kept.outcomes().get(0));
        mending.due(List.of(blobs.get(at).id()), turn);
        next(turn);
      }
    }
  }
}
