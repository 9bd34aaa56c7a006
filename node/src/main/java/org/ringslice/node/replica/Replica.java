package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;

/**
 * The ids-only replica of watched slices. Of the arcs that it covers it knew at some moment all
 * that there was, and each change of them since is a line of its journal, once. What comes to be
 * known of other arcs has no line: there is nobody whom it would be news to.
 */
final class Replica {
  /** Pieces of the ring that are covered; past that no new slice is taken on. A guess. */
  static final int PIECES_MAX = 1024;

  private final Shelf shelf;
  private Arcs covered;

  // with those that are about to be: their changes must be told from before that is durable on
  private Arcs told;
  private boolean covering;

  Replica(Shelf shelf, List<Arc> covered) {
    this.shelf = shelf;
    this.covered = Arcs.of(covered);
    told = this.covered;
  }

  Arcs covered() {
    return covered;
  }

  boolean hasRoomFor(Arcs arcs) {
    return covered.covers(arcs) || told.plus(arcs).toList().size() <= PIECES_MAX;
  }

  /** Takes in what is held somewhere. What is known already changes nothing. */
  void note(List<EntryInfo> infos, Turn turn, Source.Then then) {
    List<EntryInfo> news = new ArrayList<>();
    List<EntryInfo> others = new ArrayList<>();
    for (EntryInfo info : infos) {
      (told.contains(info.id()) ? news : others).add(info);
    }
    note(
        others,
        false,
        turn,
        (failure, later) -> {
          if (failure.isPresent()) {
            then.go(failure, later);
          } else {
            note(news, true, later, then);
          }
        });
  }

  private void note(List<EntryInfo> infos, boolean isNews, Turn turn, Source.Then then) {
    if (infos.isEmpty()) {
      then.go(Optional.empty(), turn);
      return;
    }
    shelf.ask(
        new StoreRequest.Note(infos, isNews),
        turn,
        (noted, later) -> then.go(noted.failure(), later));
  }

  /**
   * All that there is in some arcs is known by now: from this turn on their changes are told.
   *
   * @param then what to do when that is durable; not called while other arcs are being covered
   */
  void cover(Arcs arcs, Turn turn, Source.Then then) {
    if (covering) {
      return;
    }
    covering = true;
    told = covered.plus(arcs);
    Arcs all = told;
    shelf.ask(
        new StoreRequest.Cover(all.toList()),
        turn,
        (noted, later) -> {
          covering = false;
          if (noted.failure().isEmpty()) {
            covered = all;
          }
          told = covered;
          then.go(noted.failure(), later);
        });
  }
}
